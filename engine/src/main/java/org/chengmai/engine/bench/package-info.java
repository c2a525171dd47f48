/** Measurements of the running system. */
@NullMarked
package org.chengmai.engine.bench;

import org.jspecify.annotations.NullMarked;
