package org.chengmai.models;

import java.time.Duration;
import org.chengmai.indicators.Grade;
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
    Grade grade, Condition when, Duration hold, @Nullable Condition clear, Duration clearHold) {}
