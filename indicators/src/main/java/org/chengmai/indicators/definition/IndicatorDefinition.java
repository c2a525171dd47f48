package org.chengmai.indicators.definition;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.composite.ByReference;
import org.chengmai.indicators.composite.CompositeIndex;
import org.chengmai.indicators.composite.Direction.Sense;
import org.chengmai.indicators.composite.Normalisation;
import org.chengmai.indicators.composite.Piecewise;
import org.chengmai.indicators.composite.Reference;
import org.chengmai.indicators.quality.Feed;
import org.chengmai.indicators.quality.Freshness;
import org.chengmai.indicators.quality.QualityRule;
import org.chengmai.indicators.region.Region;
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
    private Sense sense(boolean isReading) {
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

  /**
   * What is computed from what.
   *
   * @param caliber 统计口径: what is counted, in words
   * @param sql a whole query in place of from, where, time, region, value and ratio, see {@link
   *     WholeQuery}
   * @param from a table {@code schema.table} or a query in parentheses
   * @param where a condition on its rows
   * @param time the column or expression of event time, {@code ts} if absent
   * @param region the column or expression of the region code, {@code region} if absent
   * @param value one aggregate, such as {@code AVG(val)}
   * @param ratio numerator and denominator
   * @param measures of derived: aggregates by name
   * @param formula of derived: see {@link Expression}
   * @param scale multiplies the value; a ratio has its own
   * @param since of cumulative: {@code year} or {@code month}, from whose beginning inputs count
   * @param composite of composite: how the inputs make an index
   * @param count the aggregate that gives n, {@code COUNT(*)} if absent
   * @param expected inputs that a region has per period; n below {@code expected * min_coverage}
   *     makes the value partial
   * @param updateCycle how often the source brings a reading; a finer grain is refused
   * @param inputs {@code indicator:CVS-…} for indicators that this one reads, {@code catalog:…} for
   *     catalogue entries
   */
  public record Formula(
      String caliber,
      Type type,
      @Nullable String sql,
      @Nullable String from,
      @Nullable String where,
      @Nullable String time,
      @Nullable String region,
      @Nullable String value,
      @Nullable Ratio ratio,
      Map<String, String> measures,
      @Nullable String formula,
      @Nullable Double scale,
      @Nullable String since,
      Composite composite,
      @Nullable String count,
      @Nullable Double expected,
      @Nullable Duration updateCycle,
      Additivity additivity,
      Missing missing,
      List<String> inputs) {

    /** How {@code inputs} name another indicator. */
    static final String INDICATOR = "indicator:";

    /** The same over another source and with another value. */
    Formula of(
        String source, @Nullable String aggregate, @Nullable Ratio quotient, @Nullable String n) {
      return new Formula(
          caliber,
          type,
          sql,
          source,
          null,
          null,
          null,
          aggregate,
          quotient,
          measures,
          null,
          quotient == null ? scale : null,
          since,
          composite,
          n,
          expected,
          updateCycle,
          additivity,
          missing,
          inputs);
    }

    /** The codes of the indicators that this one reads. */
    public List<String> indicators() {
      return inputs.stream()
          .filter(input -> input.startsWith(INDICATOR))
          .map(input -> input.substring(INDICATOR.length()))
          .toList();
    }

    String timeColumn() {
      return time == null ? "ts" : time;
    }

    String regionColumn() {
      return region == null ? "region" : region;
    }

    /** From the beginning of which period inputs count, null where it is the period itself. */
    @Nullable Grain accumulation() {
      return since == null ? null : Grain.of(since.equals("month") ? "P1M" : "P1Y");
    }

    double factor() {
      Double stated = ratio == null ? scale : ratio.scale();
      return stated == null ? 1 : stated;
    }
  }

  /**
   * How an index is made of its inputs; their own {@code normalise} and {@code weight} make and
   * weigh their scores.
   *
   * @param mean {@code arithmetic} or {@code geometric}
   * @param minCoverage the sum of weights that must be present
   * @param lifelines inputs whose worst grade the index is never better than
   * @param ahp judgements of each input over the later ones, row by row, in place of the weights
   */
  public record Composite(
      String mean, double minCoverage, List<String> lifelines, List<Double> ahp) {
    static Composite defaults() {
      return new Composite("arithmetic", CompositeIndex.DEFAULT_MIN_COVERAGE, List.of(), List.of());
    }

    boolean isGeometric() {
      return mean.equals("geometric");
    }
  }

  /**
   * Numerator over denominator, each one SUM or COUNT; {@code zeroDen} has to be the text {@code
   * null}.
   */
  public record Ratio(String num, String den, @Nullable Double scale, @Nullable String zeroDen) {}

  /**
   * How several values make one: {@code sum}, {@code avg}, {@code max}, {@code recompute} or {@code
   * none}.
   *
   * @param time of several periods, see {@link TimeRollUp}; what the aggregate says if absent
   * @param region of several regions; {@code weighted(column)} too, the mean of the regions' values
   *     by a column that tells each region's weight
   */
  public record Additivity(@Nullable String time, String region) {
    private static final Pattern WEIGHTED = Pattern.compile("weighted\\(\\s*(\\w+)\\s*\\)");

    /** The column of the regions' weights, where values are weighed. */
    Optional<String> weight() {
      Matcher weighted = WEIGHTED.matcher(region);
      return weighted.matches() ? Optional.of(weighted.group(1)) : Optional.empty();
    }

    static Additivity defaults() {
      return new Additivity(null, "recompute");
    }
  }

  /**
   * What no input means: {@code gap}, {@code zero}, {@code carry} (the last value goes on) or
   * {@code interpolate} (a straight line between the neighbours, once the next one is known).
   *
   * @param maxCarry how far, from start to start, a measured value may lie from a period that it
   *     stands in for
   */
  public record Missing(String policy, Duration maxCarry, double minCoverage) {
    /** Whether values may be there that were not measured. */
    public boolean isEstimated() {
      return policy.equals("carry") || isInterpolated();
    }

    /** Whether they lie between their neighbours. */
    public boolean isInterpolated() {
      return policy.equals("interpolate");
    }

    static Missing defaults() {
      return new Missing("gap", Duration.ZERO, 0.75);
    }
  }

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
   * The periods. A period is computed {@code watermark} after its end; inputs that are at most
   * {@code lateness} late make a new revision. The {@code calendar} says which periods have a
   * value, see {@link PeriodCalendar}; {@code weekdays} classes days by the day of the week alone,
   * without China's days off. {@code revisions} is read and not used yet.
   */
  public record PeriodRule(
      Grain grain,
      @Nullable String tz,
      @Nullable String calendar,
      Duration watermark,
      Duration lateness,
      @Nullable String revisions) {

    public ZoneId zone() {
      return ZoneId.of(tz == null ? "Asia/Shanghai" : tz);
    }
  }

  /**
   * Which regions have a value. The last of {@code levels} is the level of the source's rows;
   * {@code only} restricts them to some codes. With {@code asof} a code counts as it was on the
   * period's day.
   */
  public record RegionRule(
      String scheme, boolean asof, List<Region.Level> levels, List<String> only) {
    static RegionRule defaults() {
      return new RegionRule(
          "GBT2260", true, List.of(Region.Level.CITY, Region.Level.COUNTY), List.of());
    }

    public Region.Level base() {
      return levels.get(levels.size() - 1);
    }
  }

  /**
   * A grade, when it begins and when it ends; {@code when} and {@code clear} follow {@link
   * Condition}.
   */
  public record Threshold(
      Grade grade,
      String when,
      @Key("for") @Nullable Duration forAtLeast,
      @Nullable String clear,
      @Nullable Duration clearFor) {

    /** How long {@code when} must have held, zero if not stated. */
    public Duration holding() {
      return forAtLeast == null ? Duration.ZERO : forAtLeast;
    }

    /** How long {@code clear} must have held, zero if not stated. */
    public Duration clearing() {
      return clearFor == null ? Duration.ZERO : clearFor;
    }

    public Condition condition() {
      return Condition.parse(when);
    }

    /**
     * The condition that ends the grade; empty when it ends as soon as {@code when} does not hold.
     */
    public Optional<Condition> clearCondition() {
      return Optional.ofNullable(clear).map(Condition::parse);
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
   * How the value becomes a score from 0 to 100.
   *
   * @param of what is scored: {@code value} if absent, or another measure, such as {@code z}
   * @param method {@code piecewise}, {@code min_max}, {@code z_score} or {@code ecdf}
   * @param points of piecewise: pairs of value and score
   * @param band of a target range, for the others than piecewise: the good values' ends
   * @param reference what the others than piecewise compare with: a window of the past, frozen
   */
  public record Normalise(
      @Nullable String of,
      String method,
      List<List<Double>> points,
      List<Double> band,
      @Nullable FrozenWindow reference) {

    Measure measure() {
      return of == null ? new Measure.Value() : Condition.measure(of);
    }

    /** INVALID_DEFINITION where the parts do not fit together. */
    Normalisation normalisation(IndicatorDefinition definition) {
      if (method.equals("piecewise")) {
        if (points.stream().anyMatch(point -> point.size() != 2)) {
          throw Condition.invalid("normalise.points are pairs of a value and a score");
        }
        return new Piecewise(
            definition.direction().sense(of != null),
            points.stream().map(p -> new Piecewise.Point(p.get(0), p.get(1))).toList());
      }
      ByReference.Method by =
          Arrays.stream(ByReference.Method.values())
              .filter(m -> m.name().equalsIgnoreCase(method))
              .findFirst()
              .orElseThrow(
                  () ->
                      Condition.invalid(
                          "normalise.method '%s' is not one of piecewise, min_max, z_score, ecdf"
                              .formatted(method)));
      if (reference == null) {
        throw Condition.invalid("normalise.reference is missing: a frozen window of the past");
      }
      org.chengmai.indicators.composite.Direction direction =
          band.size() == 2
              ? org.chengmai.indicators.composite.Direction.targetRange(band.get(0), band.get(1))
              : new org.chengmai.indicators.composite.Direction(
                  definition.direction().sense(false), null, null);
      return new ByReference(by, reference.reference(definition, direction));
    }
  }

  /** A window of past values, frozen: see {@link Reference}. */
  public record FrozenWindow(
      LocalDate from, LocalDate to, long n, double mean, double deviation, List<Double> quantiles) {
    private Reference reference(
        IndicatorDefinition definition, org.chengmai.indicators.composite.Direction direction) {
      ZoneId zone = definition.period().zone();
      return new Reference(
          definition.code(),
          definition.version(),
          direction,
          from.atStartOfDay(zone).toInstant(),
          to.atStartOfDay(zone).toInstant(),
          n,
          mean,
          deviation,
          quantiles);
    }
  }

  /**
   * The share in the domain's index. {@code method} and {@code entropy_lambda} say how it was
   * found; the value is what counts.
   */
  public record Weight(double value, @Nullable String method, @Nullable Double entropyLambda) {}

  /**
   * What makes a value doubtful, each in the form that {@link QualityRule} reads: {@code
   * completeness: ">=0.9"}, {@code freshness: "<=PT90M"}, {@code jump: "<=500"}, {@code flatline:
   * PT6H}, {@code cross: "abs(v - neighbour_median) <= 5*mad"}, {@code duplicates: "<=1.1"} or
   * {@code PT24H}, {@code constancy: ">=0.05 over P1D"}, {@code digits: "p >= 0.001 over P28D"}.
   */
  public record Quality(
      @Nullable String completeness,
      @Nullable String freshness,
      @Nullable String jump,
      @Nullable Duration flatline,
      @Nullable String cross,
      @Nullable String duplicates,
      @Nullable String constancy,
      @Nullable String digits) {
    static Quality defaults() {
      return new Quality(null, null, null, null, null, null, null, null);
    }

    /** What is stated, by its key. */
    Map<String, String> texts() {
      Map<String, String> texts = new LinkedHashMap<>();
      texts.put("completeness", completeness);
      texts.put("freshness", freshness);
      texts.put("jump", jump);
      texts.put("flatline", flatline == null ? null : flatline.toString());
      texts.put("cross", cross);
      texts.put("duplicates", duplicates);
      texts.put("constancy", constancy);
      texts.put("digits", digits);
      texts.values().removeIf(Objects::isNull);
      return texts;
    }

    /** The age beyond which the newest value is stale. */
    public Optional<Duration> freshWithin() {
      return Optional.ofNullable(freshness)
          .map(text -> ((Freshness) QualityRule.parse("freshness", text)).within());
    }
  }

  /**
   * Which detectors watch the indicator. {@code model} joins their ids by {@code +}; {@code levels}
   * says which regions' series they watch, all if empty: where few things happen, one late makes a
   * bad rate; {@code sensitivity} is theirs to read; {@code suppressWhen} names what keeps alarms
   * from calling people; {@code history} and {@code holiday} are read and not used yet.
   */
  public record Detect(
      @Nullable String model,
      @Nullable String history,
      @Nullable String holiday,
      @Nullable Double sensitivity,
      List<String> suppressWhen,
      @Nullable Integer budgetPerDay,
      List<Region.Level> levels) {
    static Detect defaults() {
      return new Detect(null, null, null, null, List.of(), null, List.of());
    }

    /** The enabled detectors' ids; {@code threshold} alone if not stated, none for {@code none}. */
    public List<String> detectors() {
      if (model == null) {
        return List.of("threshold");
      }
      return model.equals("none") ? List.of() : List.of(model.split("\\s*\\+\\s*"));
    }
  }

  /**
   * Where alerts go. The route and the runbook are told with every alert;
   *
   * @param cap words of CAP 1.2 for its messages: category, event, urgency, certainty
   * @param route who is on duty
   * @param escalate after how long without an answer who else
   * @param runbook what to do, a path or an address
   * @param dedup by what alarms of the indicator are one alert: {@code code}, {@code region},
   *     dimensions; by series and detector if empty
   */
  public record Alerting(
      Map<String, String> cap,
      @Nullable String route,
      List<Map<String, String>> escalate,
      @Nullable String runbook,
      List<String> dedup) {

    /** A step of {@code escalate}. */
    public record Step(Duration after, String to) {}

    /** The steps of {@code escalate}, the earliest first. */
    public List<Step> steps() {
      return escalate.stream()
          .flatMap(step -> step.entrySet().stream())
          .map(step -> new Step(Duration.parse(step.getKey()), step.getValue()))
          .toList();
    }
  }

  /**
   * Whose data they are: shown with the indicator.
   *
   * @param ownerDept the department, by name or by its code
   * @param label the class and level of GB/T 43697, such as {@code 一般-2}
   * @param share {@code unconditional}, {@code conditional} or {@code none}
   * @param open {@code yes}, {@code no} or {@code conditional}
   * @param kMin the least number of people behind a value that is shown
   * @param authority {@code primary} or {@code secondary}
   */
  public record Governance(
      @Nullable String ownerDept,
      @Nullable String steward,
      @Nullable String label,
      @Nullable String share,
      @Nullable String open,
      @Nullable Integer kMin,
      @Nullable String authority) {}

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
