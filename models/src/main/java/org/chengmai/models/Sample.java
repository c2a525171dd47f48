package org.chengmai.models;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one period.
 *
 * @param revision of the point, 0 when missing
 * @param value null when missing
 */
record Sample(Instant periodStart, int revision, @Nullable Double value) {}
