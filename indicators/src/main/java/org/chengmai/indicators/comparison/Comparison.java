package org.chengmai.indicators.comparison;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.Numbers;
import org.chengmai.indicators.calendar.Alignment;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.comparison.BasePeriods.Pair;
import org.chengmai.indicators.comparison.Reading.Known;
import org.chengmai.indicators.definition.Condition;
import org.chengmai.indicators.definition.Measure;

/**
 * One series compared with its own past. Answers every {@link Measure} but {@code share_of}, {@code
 * count} and {@code level}, with a finite number or the reason why there is none. Immutable, and
 * safe for several threads if its history is.
 *
 * <ul>
 *   <li>{@code yoy} (同比): the same period of the year before. 29 February meets 28 February, week
 *       53 meets week 52 where the year before has no other; the reading says so. Aligned by lunar
 *       dates, days and weeks meet the same lunar date (a leap month the ordinary one of its
 *       number, a day 30 day 29 where the month is short), January has no reading, and that of
 *       February compares January and February together. Aligned by working days, a day and what is
 *       shorter meets the nearest day of its kind (working day, weekend, holiday), at most 31 days
 *       from the same date; weeks, months and years are compared as solar ones.
 *   <li>{@code mom} (环比): the adjacent period before, whatever the alignment.
 *   <li>{@code wow}: the same slot a week earlier; aligned by working days, the nearest day of the
 *       kind before the period's own.
 *   <li>{@code z}, {@code ratio_to(slot)}: the same slot of the last weeks; aligned by working
 *       days, weeks in which that day is of another kind are left out. Half of the weeks must have
 *       a value. The ratio is to their median.
 *   <li>{@code ratio_to(median, w)}: the median of the periods in the time before, the period
 *       itself left out. Half of them must have a value.
 *   <li>{@code rise(n)}: how many of the last n steps went up. {@code sum(w)}: the sum of the
 *       periods that lie wholly in the time up to the period's end. All must have a value.
 * </ul>
 *
 * A relative change is {@code (value - base) / base}, and is not stated for a base of zero or less;
 * {@code .pp} is {@code value - base}, for any base.
 *
 * <p>A date that lunar alignment looks at has to be one that {@link
 * org.chengmai.indicators.calendar.LunarDate} knows, with the year before it; others are refused
 * with INVALID_INPUT.
 */
public final class Comparison {
  /** How wide values are spread. */
  public enum Spread {
    /** The mean and the standard deviation of a sample. */
    STANDARD,
    /** The median and 1.4826 times the median distance to it: one odd week hardly counts. */
    ROBUST
  }

  /**
   * What to compare with.
   *
   * @param sameSlotWeeks how many weeks the same slot is looked up in
   * @param spread what {@code z} is measured in
   */
  public record Rules(Alignment alignment, int sameSlotWeeks, Spread spread) {
    public Rules {
      if (sameSlotWeeks < 1 || sameSlotWeeks > 520) {
        throw new ChengmaiException(
            ErrorCode.INVALID_DEFINITION,
            "same slot of %d weeks: 1 to 520".formatted(sameSlotWeeks));
      }
    }

    public static Rules defaults() {
      return new Rules(Alignment.SOLAR, 6, Spread.STANDARD);
    }
  }

  private final History history;
  private final Merge merge;
  private final BasePeriods periods;
  private final Rules rules;

  /**
   * @param merge how January and February make one value, {@link Merge#sum} for counts and amounts
   * @param due which periods count; others are no bases, {@code mom} and {@code rise} go past them
   *     for up to 31 days
   */
  public Comparison(
      History history,
      Merge merge,
      Grain grain,
      ZoneId zone,
      ChineseCalendar calendar,
      PeriodCalendar due,
      Rules rules) {
    this.history = history;
    this.merge = merge;
    this.periods = new BasePeriods(grain, zone, new BaseDays(calendar, rules.alignment()), due);
    this.rules = rules;
  }

  /** The periods that a measure looks at, and what it then says. */
  private record Question(List<Instant> periods, Supplier<Reading> answer) {}

  /** The starts of the periods whose values {@link #read} may ask the history for. */
  public SortedSet<Instant> bases(Measure measure, Instant period) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(ask(measure, period).periods()));
  }

  /** The starts of the periods whose values a condition may ask the history for. */
  public SortedSet<Instant> bases(Condition condition, Instant newest) {
    SortedSet<Instant> bases = new TreeSet<>();
    for (Condition.Comparison comparison : condition.comparisons()) {
      for (Instant period : periods.last(newest, comparison.window().of())) {
        bases.addAll(ask(comparison.measure(), period).periods());
      }
    }
    return Collections.unmodifiableSortedSet(bases);
  }

  /** What a measure says of the period that starts at {@code period}. */
  public Reading read(Measure measure, Instant period) {
    return ask(measure, period).answer().get();
  }

  /** The median of the same slot of the last weeks, which {@code ratio_to(slot)} divides by. */
  public Reading slotMedian(Instant period) {
    Measure measure = new Measure.RatioToSlot();
    return usual(measure, slots(period), slotWeeks(), sample -> number(sample.median()));
  }

  /** What a {@link Condition} asks for, {@code newest} being the period 0 periods ago. */
  public Condition.Readings readings(Instant newest) {
    return (measure, periodsAgo) ->
        read(measure, periods.last(newest, periodsAgo + 1).get(periodsAgo)).asNumber();
  }

  private Question ask(Measure measure, Instant period) {
    if (measure instanceof Measure.Value) {
      return new Question(List.of(period), () -> ofValue(period, Comparison::number));
    } else if (measure instanceof Measure.Change change) {
      Pair pair = periods.pair(change, period);
      return new Question(joined(pair.now(), pair.then()), () -> change(change, pair));
    } else if (measure instanceof Measure.Z) {
      return askUsual(measure, period, slots(period), slotWeeks(), this::deviation);
    } else if (measure instanceof Measure.RatioToSlot) {
      return askUsual(measure, period, slots(period), slotWeeks(), Comparison::toMedian);
    } else if (measure instanceof Measure.RatioToMedian ratio) {
      List<Instant> before = periods.before(period, ratio.window());
      return askUsual(measure, period, before, before.size(), Comparison::toMedian);
    } else if (measure instanceof Measure.Rise rise) {
      List<Instant> last = periods.last(period, rise.steps() + 1);
      return new Question(last, () -> ofAll(measure, last, Comparison::risen));
    } else if (measure instanceof Measure.Sum sum) {
      List<Instant> parts = periods.upTo(period, sum.window());
      return new Question(parts, () -> ofAll(measure, parts, Comparison::sum));
    }
    return new Question(List.of(), () -> Because.notCompared(measure));
  }

  private Question askUsual(
      Measure measure,
      Instant period,
      List<Instant> others,
      int asked,
      BiFunction<Double, Numbers, Reading> compare) {
    return new Question(
        joined(List.of(period), others),
        () ->
            ofValue(
                period,
                value -> usual(measure, others, asked, sample -> compare.apply(value, sample))));
  }

  private List<Instant> slots(Instant period) {
    return periods.slots(period, slotWeeks());
  }

  /** How many weeks have the slot: none where a period is longer than a week. */
  private int slotWeeks() {
    return periods.hasWeeks() ? rules.sameSlotWeeks() : 0;
  }

  private Reading change(Measure.Change change, Pair pair) {
    if (pair.refusal() != null) {
      return pair.refusal();
    }
    Optional<Instant> missing = pair.now().stream().filter(p -> value(p).isEmpty()).findFirst();
    if (missing.isPresent()) {
      return Because.valueMissing(periods.label(List.of(missing.get())));
    }
    Optional<Instant> base = pair.then().stream().filter(p -> value(p).isEmpty()).findFirst();
    if (base.isPresent()) {
      return noBase(base.get());
    }
    Optional<Double> now = together(pair.now());
    Optional<Double> then = together(pair.then());
    if (now.isEmpty() || then.isEmpty()) {
      return Because.notCombinable(periods.label(now.isEmpty() ? pair.now() : pair.then()));
    }
    double difference = now.get() - then.get();
    return change.inPoints()
        ? number(difference, pair.notes())
        : quotient(difference, then.get(), pair.notes());
  }

  private Reading noBase(Instant base) {
    String label = periods.label(List.of(base));
    return history
        .beginning()
        .filter(base::isBefore)
        .map(beginning -> Because.historyBegins(periods.label(List.of(beginning)), label))
        .orElseGet(() -> Because.baseMissing(label));
  }

  private Optional<Double> together(List<Instant> parts) {
    return parts.size() == 1 ? value(parts.get(0)) : merge.value(parts).filter(Double::isFinite);
  }

  private Reading deviation(double value, Numbers sample) {
    boolean isRobust = rules.spread() == Spread.ROBUST;
    double spread = isRobust ? sample.robustDeviation() : sample.standardDeviation();
    double distance = value - (isRobust ? sample.median() : sample.mean());
    if (sample.isNothing(spread)) {
      return sample.isNothing(distance) ? number(0) : Because.noSpread();
    }
    return Double.isFinite(spread) ? number(distance / spread) : Because.notFinite();
  }

  private static Reading toMedian(double value, Numbers sample) {
    return quotient(value, sample.median(), BaseDays.NO_NOTES);
  }

  /** Values newest first. */
  private static double risen(List<Double> values) {
    int risen = 0;
    for (int i = 1; i < values.size(); i++) {
      risen += values.get(i - 1) > values.get(i) ? 1 : 0;
    }
    return risen;
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }

  private Reading ofValue(Instant period, Function<Double, Reading> use) {
    return value(period)
        .map(use)
        .orElseGet(() -> Because.valueMissing(periods.label(List.of(period))));
  }

  private Reading ofAll(Measure measure, List<Instant> asked, ToDoubleFunction<List<Double>> use) {
    if (asked.isEmpty()) {
      return Because.grain(measure, periods.grain());
    }
    List<Double> known = values(asked);
    return known.size() < asked.size()
        ? Because.incomplete(asked.size() - known.size(), asked.size())
        : number(use.applyAsDouble(known));
  }

  private Reading usual(
      Measure measure, List<Instant> others, int asked, Function<Numbers, Reading> use) {
    if (asked == 0) {
      return Because.grain(measure, periods.grain());
    }
    List<Double> known = values(others);
    int needed = (asked + 1) / 2;
    return known.size() < needed
        ? Because.tooFew(known.size(), asked, needed)
        : use.apply(new Numbers(known));
  }

  private Optional<Double> value(Instant period) {
    return history.value(period).filter(Double::isFinite);
  }

  private List<Double> values(List<Instant> asked) {
    return asked.stream().map(this::value).flatMap(Optional::stream).toList();
  }

  private static Reading quotient(double dividend, double base, Reasons notes) {
    if (base == 0) {
      return Because.zeroBase();
    }
    return base < 0 ? Because.negativeBase() : number(dividend / base, notes);
  }

  private static Reading number(double value) {
    return number(value, BaseDays.NO_NOTES);
  }

  private static Reading number(double value, Reasons notes) {
    return Double.isFinite(value) ? new Known(value, notes) : Because.notFinite();
  }

  private static List<Instant> joined(List<Instant> first, List<Instant> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
