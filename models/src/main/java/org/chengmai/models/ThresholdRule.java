package org.chengmai.models;

import java.time.Duration;
import java.util.stream.Stream;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.definition.Condition;
import org.chengmai.indicators.definition.Condition.Comparison;
import org.jspecify.annotations.Nullable;

/**
 * One threshold of an indicator.
 *
 * @param grade given while it fires
 * @param when holds while the value is on the wrong side
 * @param hold how long {@code when} must hold before it fires, zero for at once
 * @param clear ends a firing; null means as soon as {@code when} no longer holds
 * @param clearHold how long {@code clear} must hold
 */
public record ThresholdRule(
    Grade grade, Condition when, Duration hold, @Nullable Condition clear, Duration clearHold) {

  /** What it compares, to begin and to end. */
  Stream<Comparison> comparisons() {
    return Stream.concat(
        when.comparisons().stream(), clear == null ? Stream.empty() : clear.comparisons().stream());
  }
}
