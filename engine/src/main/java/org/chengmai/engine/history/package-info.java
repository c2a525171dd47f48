/**
 * Jobs over the past: computing history by the versions that were in force, restating it with a new
 * version, trying a definition on it.
 */
@NullMarked
package org.chengmai.engine.history;

import org.jspecify.annotations.NullMarked;
