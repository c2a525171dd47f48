/**
 * How well something finds anomalies, whoever wrote it: scorers that judge a series row by row,
 * peers to compare with, faults put into real series, and figures of events.
 */
@NullMarked
package org.chengmai.models.evaluation;

import org.jspecify.annotations.NullMarked;
