package org.chengmai.indicators.definition;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads an indicator at a longer grain than its own: the value of a week, a month, a year from the
 * points of its hours or days. A value is computed from the parts of the shorter periods, never
 * averaged from their values, unless {@code additivity.time} asks for it; where the periods do not
 * combine there is no value, and a reason. Immutable.
 */
public final class TimeRollUp {
  private enum Rule {
    /** From the parts of all periods, as over regions. */
    RECOMPUTE,
    /** The mean of what adds up over regions and not over time, such as a load. */
    MEAN,
    GREATEST,
    /** What was true at the end: a stock, or a sum since the beginning of the year. */
    LAST,
    NONE
  }

  private static final Grain YEAR = Grain.of("P1Y");

  private final IndicatorDefinition definition;
  private final Grain grain;
  private final Rule rule;
  private final @Nullable Member member;
  private final PeriodCalendar due;

  private TimeRollUp(IndicatorDefinition definition, Grain grain, PeriodCalendar due) {
    this.due = due;
    this.definition = definition;
    this.grain = grain;
    this.rule = definition.grain().equals(grain) ? Rule.LAST : rule(definition, grain);
    this.member = rule == Rule.RECOMPUTE ? Member.of(definition) : null;
  }

  /**
   * Makes a reader of an indicator.
   *
   * @param grain the definition's own, or a longer one that whole periods of it make up
   * @param due which of the shorter periods count
   * @throws ChengmaiException INVALID_INPUT for another grain
   */
  public static TimeRollUp of(IndicatorDefinition definition, Grain grain, PeriodCalendar due) {
    if (!definition.grain().tiles(grain)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "%s has a value every %s, and whole ones do not make up %s; ask for %s or a longer grain that they do make up"
              .formatted(definition.code(), definition.grain(), grain, definition.grain()));
    }
    return new TimeRollUp(definition, grain, due);
  }

  public Grain grain() {
    return grain;
  }

  private static Rule rule(IndicatorDefinition definition, Grain grain) {
    Type type = definition.definition().type();
    String time = definition.definition().additivity().time();
    if (type == Type.COMPOSITE) {
      return Rule.NONE;
    }
    if (type == Type.CUMULATIVE) {
      return isOfMonths(definition) && grain.equals(YEAR) ? Rule.NONE : Rule.LAST;
    }
    if (type == Type.SNAPSHOT && (time == null || time.equals("none"))) {
      return Rule.LAST;
    }
    boolean isMovingMaximum =
        definition
            .aggregate()
            .filter(a -> a.function() == Aggregate.Function.MOVING_MAX)
            .isPresent();
    if (time == null) {
      return definition.hasMovingMeasure()
          ? Rule.NONE
          : isMovingMaximum ? Rule.GREATEST : Rule.RECOMPUTE;
    }
    return switch (time) {
      case "none" -> Rule.NONE;
      case "max" -> Rule.GREATEST;
      case "avg" -> definition.isAdded() ? Rule.MEAN : Rule.RECOMPUTE;
      default -> Rule.RECOMPUTE;
    };
  }

  private static boolean isOfMonths(IndicatorDefinition definition) {
    return "month".equals(definition.definition().since());
  }

  /**
   * The values of every longer period that touches {@code from <= t < to}. Trust is partial where a
   * shorter period is missing, not all of it has passed, or one is partial itself; missing, with
   * the reason, where there is no value. Readings of conditions are those of the last period where
   * its value is taken, else there are none.
   *
   * @param points of one series, of these periods as a whole; of two revisions of a period the
   *     newer counts, other versions than the definition's are left out
   * @throws ChengmaiException INVALID_INPUT when a point is of another series
   */
  public List<Computed> values(
      SeriesKey key, Collection<IndicatorPoint> points, Instant from, Instant to) {
    ZoneId zone = definition.period().zone();
    Map<Instant, IndicatorPoint> newest = new HashMap<>();
    for (IndicatorPoint point : points) {
      if (!point.key().equals(key)) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT, "%s is not of the series %s".formatted(point.key(), key));
      }
      newest.merge(
          point.periodStart(),
          point,
          (one, other) -> one.revision() > other.revision() ? one : other);
    }
    List<Computed> values = new ArrayList<>();
    for (Instant start = grain.floor(from, zone);
        start.isBefore(to);
        start = grain.end(start, zone)) {
      values.add(value(key, start, new Period(start, grain.end(start, zone), newest)));
    }
    return values;
  }

  /** What the shorter periods of a longer one tell. */
  private final class Period {
    private final List<IndicatorPoint> known = new ArrayList<>();
    private final Notes notes = new Notes();

    Period(Instant start, Instant end, Map<Instant, IndicatorPoint> newest) {
      int all = 0;
      int others = 0;
      boolean isLastKnown = false;
      ZoneId zone = definition.period().zone();
      for (Instant at = start; at.isBefore(end); at = definition.grain().end(at, zone)) {
        IndicatorPoint point = newest.get(at);
        if (point == null && !due.isOpen(at, definition.grain().end(at, zone), zone)) {
          continue;
        }
        boolean isOther = point != null && !isOfThisVersion(point);
        isLastKnown = point != null && !isOther && isUsable(point);
        if (point != null && isLastKnown) {
          known.add(point);
        }
        others += isOther ? 1 : 0;
        all++;
      }
      if (known.isEmpty()) {
        notes.add("本周期无数据", "no input in this period");
      } else if (rule == Rule.LAST && !isLastKnown) {
        notes.add("期末无值，取此前最后的值", "the end has no value; the last one before it is shown");
      } else if (rule != Rule.LAST && known.size() < all) {
        notes.add(
            "应有%d期，实有%d期".formatted(all, known.size()),
            "%d of %d periods have a value".formatted(known.size(), all));
      }
      if (others > 0) {
        notes.add(
            "%d期属于定义的其他版本，未计入".formatted(others),
            "%d periods are of another version of the definition and left out".formatted(others));
      }
      long doubtful = shown().stream().filter(p -> isWorse(p, Trust.LATE)).count();
      if (doubtful > 0) {
        notes.add(
            "%d期的值本身不完整".formatted(doubtful),
            "%d of the values are not complete themselves".formatted(doubtful));
      }
    }

    IndicatorPoint last() {
      return known.get(known.size() - 1);
    }

    /** The points that the value is made of. */
    private List<IndicatorPoint> shown() {
      return rule == Rule.LAST && !known.isEmpty() ? List.of(last()) : known;
    }

    Trust trust() {
      Trust worst = notes.isEmpty() ? Trust.COMPLETE : Trust.PARTIAL;
      for (IndicatorPoint point : shown()) {
        worst = isWorse(point, worst) ? point.trust() : worst;
      }
      return worst;
    }
  }

  /** One without a value is a denominator of zero, which takes nothing from the whole. */
  private static boolean isWorse(IndicatorPoint point, Trust trust) {
    return point.value() != null && point.trust().compareTo(trust) > 0;
  }

  /** At its own grain a value is what its version made it. */
  private boolean isOfThisVersion(IndicatorPoint point) {
    return point.version() == definition.version() || grain.equals(definition.grain());
  }

  private boolean isUsable(IndicatorPoint point) {
    return member == null ? point.value() != null : Parts.of(member, point) != null;
  }

  private Computed value(SeriesKey key, Instant start, Period period) {
    if (rule == Rule.NONE) {
      return missing(key, start, refusal());
    }
    if (period.known.isEmpty()) {
      return missing(key, start, period.notes.reasons());
    }
    if (member != null) {
      return recomputed(member, key, start, period);
    }
    IndicatorPoint last = period.last();
    if (rule == Rule.LAST) {
      return new Computed(
          key,
          last.version(),
          start,
          grain,
          last.value(),
          last.numerator(),
          last.denominator(),
          last.n(),
          last.parts(),
          last.readings(),
          period.trust(),
          period.notes.reasons());
    }
    DoubleSummaryStatistics values =
        period.known.stream()
            .mapToDouble(point -> Objects.requireNonNull(point.value()))
            .summaryStatistics();
    return new Computed(
        key,
        definition.version(),
        start,
        grain,
        definition.unit().rounded(rule == Rule.MEAN ? values.getAverage() : values.getMax()),
        null,
        null,
        period.known.stream().mapToLong(IndicatorPoint::n).sum(),
        null,
        Map.of(),
        period.trust(),
        period.notes.reasons());
  }

  private Computed recomputed(Member member, SeriesKey key, Instant start, Period period) {
    Contribution all = Contribution.of(Partial.NONE, member.components().size());
    for (IndicatorPoint point : period.known) {
      Contribution one = Parts.of(member, point);
      all = one == null ? all : all.merge(one, member.components());
    }
    Double raw = member.value(all);
    Double value = raw == null ? null : definition.unit().rounded(raw * definition.factor());
    List<String> absences = member.absent(all);
    if (value == null && absences.isEmpty()) {
      period.notes.add(
          "各期合计的分母为零，或结果不是有限数",
          "the denominator of all periods is zero, or the result is not a finite number");
    }
    for (String absent : absences) {
      period.notes.add("缺少" + absent, absent + " is missing");
    }
    return Computed.of(
        member,
        key,
        start,
        grain,
        all,
        value,
        Map.of(),
        value == null ? Trust.MISSING : period.trust(),
        period.notes.reasons());
  }

  private Computed missing(SeriesKey key, Instant start, Reasons reasons) {
    return new Computed(
        key,
        definition.version(),
        start,
        grain,
        null,
        null,
        null,
        0,
        null,
        Map.of(),
        Trust.MISSING,
        reasons);
  }

  /** Why periods do not combine. */
  private Reasons refusal() {
    return switch (definition.definition().type()) {
      case COMPOSITE ->
          Reasons.of(
              "综合指数不由各期指数合成", "an index of a longer period is not made up of those within it");
      case CUMULATIVE ->
          Reasons.of(
              "自月初累计的值不能说明全年",
              "it cumulates from the beginning of a month, which says nothing of a year");
      default ->
          definition.hasMovingMeasure()
              ? Reasons.of(
                  "公式中的滑动最大值不能由各期重算",
                  "a moving maximum within a formula cannot be recomputed from periods")
              : Reasons.of(
                  "定义声明各期的值不可合成",
                  "the definition says that values of several periods do not combine");
    };
  }
}
