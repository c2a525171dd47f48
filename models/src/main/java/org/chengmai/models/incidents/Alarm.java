package org.chengmai.models.incidents;

import java.time.Duration;
import java.time.Instant;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * An alert as incidents see it.
 *
 * @param id of the alert
 * @param end null while it goes on
 * @param period of its series: within it, nobody knows when the series left its band
 */
public record Alarm(
    String id, SeriesKey key, Grade grade, Instant start, @Nullable Instant end, Duration period) {}
