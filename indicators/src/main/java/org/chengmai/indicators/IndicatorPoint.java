package org.chengmai.indicators;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One value of one indicator series for one period, in one revision. Late or corrected inputs make
 * a new revision of the same point; readers take the newest.
 *
 * @param key code, region and dimensions
 * @param version the definition's version
 * @param periodStart start of the period, UTC
 * @param grain the period's length
 * @param value in the indicator's unit, null when missing
 * @param numerator of a ratio, else null
 * @param denominator of a ratio, else null
 * @param n number of inputs that the value rests on
 * @param sketch a mergeable sketch in base64 where the definition asks for one
 * @param trust how far the value may be relied on
 * @param revision from 1, one higher each time the inputs' hash changed
 * @param computedAt when it was computed, UTC
 * @param inputHash hash of what the value was computed from; the same hash repeats the same
 *     revision
 */
public record IndicatorPoint(
    SeriesKey key,
    int version,
    Instant periodStart,
    Grain grain,
    @Nullable Double value,
    @Nullable Double numerator,
    @Nullable Double denominator,
    long n,
    @Nullable String sketch,
    Trust trust,
    int revision,
    Instant computedAt,
    String inputHash) {
  public IndicatorPoint {
    if (value != null && !Double.isFinite(value)) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL,
          "%s at %s: value %s is not finite".formatted(key, periodStart, value));
    }
  }
}
