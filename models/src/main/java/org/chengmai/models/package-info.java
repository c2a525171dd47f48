/**
 * Detectors: pure functions that judge indicator points, with constant state per series. No
 * technology, no threads.
 */
@NullMarked
package org.chengmai.models;

import org.jspecify.annotations.NullMarked;
