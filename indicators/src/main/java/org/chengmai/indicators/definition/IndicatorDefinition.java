package org.chengmai.indicators.definition;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.composite.Direction.Sense;
import org.chengmai.indicators.quality.Feed;
import org.chengmai.indicators.quality.Freshness;
import org.chengmai.indicators.quality.QualityRule;
import org.chengmai.indicators.yaml.Key;
import org.jspecify.annotations.Nullable;

/**
 * One indicator as its YAML file states it (schema {@code chengmai/v1}). Every key of the schema is
 * read; which ones this version acts upon is told at each record. Immutable. Only an {@link
 * IndicatorCatalogue} hands out definitions that have been checked.
 *
 * @param dimensions further columns by which the value is split
 * @param thresholds from mild to severe
 * @param thresholdSource who set the thresholds and where that is written
 */
public record IndicatorDefinition(
    @Key("apiVersion") String apiVersion,
    String kind,
    Metadata metadata,
    Formula definition,
    Unit unit,
    PeriodRule period,
    List<String> dimensions,
    RegionRule region,
    Direction direction,
    List<Threshold> thresholds,
    @Nullable String thresholdSource,
    Compare compare,
    @Nullable Normalise normalise,
    @Nullable Weight weight,
    Quality quality,
    Detect detect,
    @Nullable Alerting alert,
    @Nullable Governance governance,
    List<GoldenTest> tests) {

  /** So many periods without a value are a feed that stopped, where freshness says nothing. */
  private static final int SILENT_PERIODS = 3;

  /** How general an indicator is. */
  public enum Layer {
    MACRO,
    MESO,
    MICRO
  }

  /** Where a definition stands; {@link #isActive()} ones are computed. */
  public enum Lifecycle {
    DRAFT,
    REVIEWING,
    RETURNED,
    PUBLISHED,
    DEPRECATED;

    /** Reviewing and published definitions are computed. */
    public boolean isActive() {
      return this == REVIEWING || this == PUBLISHED;
    }
  }

  /** How a value comes about. */
  public enum Type {
    /** One aggregate. */
    SIMPLE,
    /** A quotient of two sums. */
    RATIO,
    /** A formula over several aggregates. */
    DERIVED,
    /** An aggregate or a ratio from the beginning of the year or month on. */
    CUMULATIVE,
    /** What the source states of now: an aggregate or a ratio without a time. */
    SNAPSHOT,
    /** An index over other indicators. */
    COMPOSITE,
    /** What a model makes of several inputs; computed as any other until a model is assigned. */
    MODEL,
    /** An aggregate over rows that people write. */
    MANUAL;

    /** Whether a definition's own SQL computes it. */
    public boolean isQueried() {
      return this != COMPOSITE;
    }
  }

  /** Which way is good. */
  public enum Direction {
    HIGHER_BETTER,
    LOWER_BETTER,
    TARGET_RANGE,
    NEUTRAL;

    /** What the points of a score are checked against; those of a reading go up and down. */
    Sense sense(boolean isReading) {
      return this == HIGHER_BETTER && !isReading
          ? Sense.HIGHER_BETTER
          : this == LOWER_BETTER && !isReading ? Sense.LOWER_BETTER : Sense.TARGET_RANGE;
    }
  }

  /** Who the indicator is. */
  public record Metadata(
      String code,
      int version,
      Effective effective,
      Name name,
      Domain domain,
      Layer layer,
      Lifecycle lifecycle) {}

  /**
   * The days on which this version counts, both included. With {@code restate} it may replace the
   * points of earlier versions on these days, without it they stay.
   */
  public record Effective(LocalDate from, @Nullable LocalDate to, boolean restate) {
    static Effective defaults() {
      return new Effective(LocalDate.EPOCH, null, false);
    }

    boolean includes(LocalDate date) {
      return !date.isBefore(from) && (to == null || !date.isAfter(to));
    }
  }

  /** Names for people; {@code shortName} falls back to Chinese. */
  public record Name(String zh, String en, @Key("short") @Nullable String shortName) {}

  /** The unit of the value. {@code range} is the least and the greatest plausible value. */
  public record Unit(
      String code, String display, int decimals, @Nullable String rounding, List<Double> range) {

    /** Null where a number is not finite. */
    public @Nullable Double rounded(double value) {
      return Double.isFinite(value)
          ? BigDecimal.valueOf(value).setScale(decimals, mode()).doubleValue() + 0.0
          : null;
    }

    /** How values are rounded to {@code decimals}. */
    public RoundingMode mode() {
      return rounding == null ? RoundingMode.HALF_EVEN : RoundingMode.valueOf(rounding);
    }
  }

  /**
   * How values are compared with their past. {@code yoy} asks for a declared history of a year;
   * {@code mom} and {@code wow} are read and not used yet.
   *
   * @param align {@code solar}, {@code lunar} or {@code workday}, solar if absent
   * @param sameSlotWeeks how many weeks the same slot is looked up in
   */
  public record Compare(
      boolean yoy, boolean mom, boolean wow, @Nullable String align, int sameSlotWeeks) {
    static Compare defaults() {
      return new Compare(false, false, false, null, 6);
    }
  }

  /**
   * The share in the domain's index. {@code method} and {@code entropy_lambda} say how it was
   * found; the value is what counts.
   */
  public record Weight(double value, @Nullable String method, @Nullable Double entropyLambda) {}

  /** The same with another formula. */
  IndicatorDefinition with(Formula formula) {
    return new IndicatorDefinition(
        apiVersion,
        kind,
        metadata,
        formula,
        unit,
        period,
        dimensions,
        region,
        direction,
        thresholds,
        thresholdSource,
        compare,
        normalise,
        weight,
        quality,
        detect,
        alert,
        governance,
        tests);
  }

  public String code() {
    return metadata.code();
  }

  public int version() {
    return metadata.version();
  }

  public Domain domain() {
    return metadata.domain();
  }

  public boolean isActive() {
    return metadata.lifecycle().isActive();
  }

  public Grain grain() {
    return period.grain();
  }

  /** What the conditions and the score look at in the indicator's own past. */
  public Set<Measure> compared() {
    Set<Measure> measures = new LinkedHashSet<>();
    for (Threshold threshold : thresholds) {
      Stream.concat(Stream.of(threshold.condition()), threshold.clearCondition().stream())
          .flatMap(condition -> condition.comparisons().stream())
          .map(Condition.Comparison::measure)
          .forEach(measures::add);
    }
    if (normalise != null) {
      measures.add(normalise.measure());
    }
    measures.removeIf(measure -> !measure.isOfThePast());
    return measures;
  }

  /** Whether the value is one sum or count, so that values of regions or dimensions add up. */
  public boolean isAdded() {
    return aggregate().filter(Aggregate::isAdditive).isPresent();
  }

  /** Whether the value is the quotient of a point's numerator and denominator: of two sums. */
  public boolean isQuotient() {
    return definition.ratio() != null
        || aggregate().filter(a -> a.function() == Aggregate.Function.AVG).isPresent();
  }

  /** The one aggregate that is the value; empty for ratios, formulas and composites. */
  Optional<Aggregate> aggregate() {
    return Optional.ofNullable(definition.value()).flatMap(Aggregate::parse);
  }

  /** Whether a formula has a moving maximum among its measures, which leaves no parts. */
  boolean hasMovingMeasure() {
    return definition.measures().values().stream()
        .map(Aggregate::parse)
        .flatMap(Optional::stream)
        .anyMatch(a -> a.function() == Aggregate.Function.MOVING_MAX);
  }

  /** What its values are judged by: the plausible range of the unit, and what quality states. */
  public List<QualityRule> qualityRules() {
    List<QualityRule> rules = new ArrayList<>();
    if (unit.range().size() == 2) {
      rules.add(QualityRule.range(unit.range().get(0), unit.range().get(1)));
    }
    quality.texts().forEach((key, text) -> rules.add(QualityRule.parse(key, text)));
    return rules;
  }

  /**
   * The newest point of a series as it looks now: stale where its period ended longer ago than
   * quality.freshness allows and the next one should have been computed. A missing value stays
   * missing.
   *
   * @param due which periods count, by {@code period.calendar}
   */
  public IndicatorPoint aged(IndicatorPoint newest, Instant now, PeriodCalendar due) {
    Instant end = newest.grain().end(newest.periodStart(), period.zone());
    boolean isStale =
        newest.value() != null
            && quality
                .freshWithin()
                .filter(within -> new Freshness(lasting(end, within, due)).isStale(end, now))
                .isPresent();
    return isStale ? newest.withTrust(Trust.STALE) : newest;
  }

  /**
   * What a series' feed does now. Without quality.freshness it has stopped after three periods
   * without a value. It rests where the calendar asks for no value of the newest period.
   *
   * @param recent its points, oldest first
   * @param due which periods count, by {@code period.calendar}
   */
  public Feed feed(List<IndicatorPoint> recent, Instant now, PeriodCalendar due) {
    Instant closed = grain().floor(now.minus(period.watermark()), period.zone());
    Instant last = grain().previous(closed, period.zone());
    if (!due.isOpen(last, closed, period.zone())) {
      return new Feed.Resting(last);
    }
    if (recent.isEmpty()) {
      return new Feed.Stopped(null);
    }
    IndicatorPoint newest = recent.get(recent.size() - 1);
    Instant lastSeen =
        recent.stream()
            .filter(IndicatorPoint::isMeasured)
            .map(point -> grain().end(point.periodStart(), period.zone()))
            .reduce((one, later) -> later)
            .orElse(null);
    Duration usual = grain().typical().multipliedBy(SILENT_PERIODS).plus(period.watermark());
    return Feed.of(
        lastSeen,
        lastSeen == null ? usual : lasting(lastSeen, quality.freshWithin().orElse(usual), due),
        now,
        newest.periodStart(),
        newest.isMeasured() ? newest.value() : null);
  }

  /** No value is old before the next one is due. */
  private Duration lasting(Instant end, Duration within, PeriodCalendar due) {
    Instant next = grain().floor(due.next(end, period.zone()).orElse(end), period.zone());
    Duration waiting = Duration.between(end, next.isBefore(end) ? end : next);
    Duration until =
        Duration.between(end, grain().end(end.plus(waiting), period.zone()))
            .plus(period.watermark());
    return until.compareTo(waiting.plus(within)) > 0 ? until : waiting.plus(within);
  }

  /** Whether values of several periods add up. */
  public boolean isSum() {
    String time = definition.additivity().time();
    return isAdded()
        && definition.type() != Type.CUMULATIVE
        && definition.type() != Type.SNAPSHOT
        && (time == null || time.equals("sum") || time.equals("recompute"));
  }

  /** What the quotient of numerator and denominator is multiplied with. */
  public double factor() {
    return definition.factor();
  }

  /**
   * The most severe grade whose condition holds, without regard to {@code for} and {@code clear}.
   * Conditions on measures that {@code readings} does not know do not hold.
   */
  public Optional<Grade> grade(Condition.Readings readings) {
    Optional<Grade> worst = Optional.empty();
    for (Threshold threshold : thresholds) {
      if (threshold.condition().holds(readings)) {
        worst = Optional.of(threshold.grade());
      }
    }
    return worst;
  }

  /**
   * The grade of a point by its value and readings; empty where it has no value, or where the value
   * is of no grade.
   */
  public Optional<Grade> grade(IndicatorPoint point) {
    return point.value() == null
        ? Optional.empty()
        : grade(
            (measure, periodsAgo) -> {
              Double known =
                  measure instanceof Measure.Value
                      ? point.value()
                      : point.readings().get(measure.toString());
              return known == null || periodsAgo > 0
                  ? OptionalDouble.empty()
                  : OptionalDouble.of(known);
            });
  }
}
