/**
 * The Numenta Anomaly Benchmark: its series, its scoring rules, and a report on a detector of ours.
 */
@NullMarked
package org.chengmai.models.nab;

import org.jspecify.annotations.NullMarked;
