package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;

/**
 * Indicators of one grain that one SQL computes together. {@link #compute} may block; the rest
 * answers at once.
 */
public interface ComputationGroup {

  /** Stable over restarts: progress is kept under it. */
  String name();

  /**
   * 0 for what is computed from sources, else one more than the stages of the groups whose points
   * it is computed from: those come first.
   */
  default int stage() {
    return 0;
  }

  Grain grain();

  ZoneId zone();

  /** How long after its end a period is closed. */
  Duration watermark();

  /**
   * How long after its end a period's inputs may still change; zero where looking again later makes
   * no sense.
   */
  Duration lateness();

  /**
   * How far back its sources reach, as they declare; zero where they do not, or where the periods
   * are too many to compute them all.
   */
  default Duration past() {
    return Duration.ZERO;
  }

  /** The indicators' codes and the versions of their definitions. */
  Map<String, Integer> versions();

  /** What decides its values: groups of one name with equal formulas compute the same. */
  default Object formula() {
    return versions();
  }

  /** Series that should have a value in every period, whether or not they were ever seen. */
  Set<SeriesKey> expected();

  /**
   * Whether an indicator has a value in a period by its calendar, so that none would be missing.
   */
  default boolean isDue(String code, Instant periodStart) {
    return true;
  }

  /**
   * Values of the periods with {@code from <= start < to}; at most one for each series and period,
   * none, or one of trust MISSING, where there is no input.
   */
  List<Computed> compute(Instant from, Instant to);

  /** What its sources tell of rows that changed; empty where they tell nothing. */
  default Optional<SourceChanges> changes() {
    return Optional.empty();
  }

  /** A point before it has a revision. */
  record Computed(
      SeriesKey key,
      Instant periodStart,
      @Nullable Double value,
      @Nullable Double numerator,
      @Nullable Double denominator,
      long n,
      @Nullable String parts,
      Map<String, Double> readings,
      Trust trust,
      String inputHash) {

    Computed withReadings(Map<String, Double> more) {
      return new Computed(
          key, periodStart, value, numerator, denominator, n, parts, more, trust, inputHash);
    }

    Computed withTrust(Trust other, String hash) {
      return new Computed(
          key, periodStart, value, numerator, denominator, n, parts, readings, other, hash);
    }

    /** The point that is stored, whose trust may be another. */
    IndicatorPoint point(
        int version, Grain grain, Trust trusted, int revision, Instant computedAt) {
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
          trusted,
          revision,
          computedAt,
          inputHash);
    }
  }
}
