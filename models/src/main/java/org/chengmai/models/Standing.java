package org.chengmai.models;

import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;

/**
 * What a detector holds of a series at the moment.
 *
 * @param kind tells apart what one detector can find; changes are told like changes of grade
 */
record Standing(Anomaly.Status status, Grade grade, int kind) {}
