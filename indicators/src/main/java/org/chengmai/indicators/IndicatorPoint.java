package org.chengmai.indicators;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
 * @param parts what a value is computed from where numerator and denominator do not say it, so that
 *     readers can compute it over longer periods and larger regions: a JSON text; else null
 * @param readings what the definition's conditions look at besides the value and its own past, by
 *     the measure's text, such as {@code share_of(capacity)}; absent where it is unknown
 * @param trust how far the value may be relied on
 * @param revision from 1, one higher each time the inputs' hash changed
 * @param computedAt when it was computed, UTC
 * @param inputHash hash of what the value was computed from; the same hash repeats the same
 *     revision. What was not measured says so at its beginning
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
    @Nullable String parts,
    Map<String, Double> readings,
    Trust trust,
    int revision,
    Instant computedAt,
    String inputHash) {
  /** What the hash of a value begins with that was put between its measured neighbours. */
  public static final String INTERPOLATED = "interpolated:";

  /** What the hash of a value begins with that was carried on from an earlier period. */
  public static final String CARRIED = "carried:";

  public IndicatorPoint {
    readings = Map.copyOf(readings);
    if (value != null && !Double.isFinite(value)) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL,
          "%s at %s: value %s is not finite".formatted(key, periodStart, value));
    }
  }

  /** A point without parts of its own whose conditions look at its value alone. */
  public IndicatorPoint(
      SeriesKey key,
      int version,
      Instant periodStart,
      Grain grain,
      @Nullable Double value,
      @Nullable Double numerator,
      @Nullable Double denominator,
      long n,
      Trust trust,
      int revision,
      Instant computedAt,
      String inputHash) {
    this(
        key,
        version,
        periodStart,
        grain,
        value,
        numerator,
        denominator,
        n,
        null,
        Map.of(),
        trust,
        revision,
        computedAt,
        inputHash);
  }

  /**
   * Whether it is of a later period than another of its series, or a later revision of the same.
   */
  public boolean isNewerThan(IndicatorPoint other) {
    int order = periodStart.compareTo(other.periodStart);
    return order > 0 || order == 0 && revision > other.revision;
  }

  /** Whether there is a value that rests on inputs of its own period. */
  public boolean isMeasured() {
    return value != null && !inputHash.startsWith(CARRIED) && !inputHash.startsWith(INTERPOLATED);
  }

  /** The same point, relied on otherwise. */
  public IndicatorPoint withTrust(Trust other) {
    return new IndicatorPoint(
        key,
        version,
        periodStart,
        grain,
        value,
        numerator,
        denominator,
        n,
        parts,
        readings,
        other,
        revision,
        computedAt,
        inputHash);
  }

  /**
   * The readings as one text for wires and stores: {@code measure=number} a line; empty for none.
   */
  public String readingText() {
    return new TreeMap<>(readings)
        .entrySet().stream()
            .map(reading -> reading.getKey() + "=" + reading.getValue())
            .collect(Collectors.joining("\n"));
  }

  /** Reads what {@link #readingText()} wrote. */
  public static Map<String, Double> parseReadings(String text) {
    return text.lines()
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.lastIndexOf('=')),
                line -> Double.valueOf(line.substring(line.lastIndexOf('=') + 1))));
  }
}
