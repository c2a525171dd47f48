/**
 * From closed periods to points to anomalies: the scheduler of indicators, the indicator store, the
 * detector runner.
 */
@NullMarked
package org.chengmai.engine.pipeline;

import org.jspecify.annotations.NullMarked;
