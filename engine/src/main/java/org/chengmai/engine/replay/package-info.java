/**
 * Real data through the same line: public data sets replayed in event time, and the report on what
 * was found.
 */
@NullMarked
package org.chengmai.engine.replay;

import org.jspecify.annotations.NullMarked;
