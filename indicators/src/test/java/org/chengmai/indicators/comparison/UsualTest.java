package org.chengmai.indicators.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.chengmai.indicators.comparison.MemoryHistory.CHINA;
import static org.chengmai.indicators.comparison.MemoryHistory.at;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.List;
import java.util.Random;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.calendar.Alignment;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.comparison.Comparison.Rules;
import org.chengmai.indicators.comparison.Comparison.Spread;
import org.chengmai.indicators.comparison.Reading.Cause;
import org.chengmai.indicators.comparison.Reading.Known;
import org.chengmai.indicators.comparison.Reading.Unknown;
import org.chengmai.indicators.definition.Condition;
import org.chengmai.indicators.definition.Measure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UsualTest {
  private static final Measure Z = new Measure.Z();
  private static final Measure TO_SLOT = new Measure.RatioToSlot();

  private final MemoryHistory history = new MemoryHistory();

  private Comparison comparison(String grain, Alignment alignment, Spread spread) {
    return new Comparison(
        history,
        Merge.sum(history),
        Grain.of(grain),
        CHINA,
        ChineseCalendar.shipped(),
        PeriodCalendar.NATURAL,
        new Rules(alignment, 6, spread));
  }

  private Comparison comparison(String grain) {
    return comparison(grain, Alignment.SOLAR, Spread.STANDARD);
  }

  private double number(Comparison comparison, Measure measure, String period) {
    return comparison.read(measure, at(period)).asNumber().orElseThrow();
  }

  private static void assertUnknown(Reading reading, Cause cause, String zh, String en) {
    assertThat(reading).isEqualTo(new Unknown(cause, Reasons.of(zh, en)));
  }

  private static void assertCause(Reading reading, Cause cause) {
    assertThat(reading)
        .isInstanceOfSatisfying(Unknown.class, u -> assertThat(u.cause()).isEqualTo(cause));
  }

  /** The same slot of the weeks before 2026-06-01 08:00, the newest first. */
  private void slots(double... values) {
    for (int week = 1; week <= values.length; week++) {
      history.put(at("2026-06-01T08:00").minus(Duration.ofDays(7L * week)), values[week - 1]);
    }
  }

  @Test
  void zCountsStandardDeviationsFromTheSameSlotOfSixWeeks() {
    slots(10, 12, 11, 13, 9, 11, 1000);
    history.put("2026-06-01T08:00", 14);
    // mean 11, squares 10, so a deviation of the square root of 10/5
    assertThat(number(comparison("PT1H"), Z, "2026-06-01T08:00"))
        .isCloseTo(3 / Math.sqrt(2), within(1e-12));
    assertThat(comparison("PT1H").bases(Z, at("2026-06-01T08:00")))
        .containsExactly(
            at("2026-04-20T08:00"),
            at("2026-04-27T08:00"),
            at("2026-05-04T08:00"),
            at("2026-05-11T08:00"),
            at("2026-05-18T08:00"),
            at("2026-05-25T08:00"),
            at("2026-06-01T08:00"));
  }

  @Test
  void aRobustZHardlySeesOneOddWeek() {
    slots(10, 12, 11, 13, 9, 500);
    history.put("2026-06-01T08:00", 14);
    // median 11.5, distances 1.5 0.5 0.5 1.5 2.5 488.5, their median 1.5
    assertThat(number(comparison("PT1H", Alignment.SOLAR, Spread.ROBUST), Z, "2026-06-01T08:00"))
        .isCloseTo(2.5 / (1.4826 * 1.5), within(1e-12));
    assertThat(number(comparison("PT1H"), Z, "2026-06-01T08:00")).isNegative();
  }

  @Test
  void halfOfTheWeeksMustHaveAValue() {
    slots(10, 12);
    history.put("2026-06-01T08:00", 14);
    assertUnknown(
        comparison("PT1H").read(Z, at("2026-06-01T08:00")),
        Cause.TOO_LITTLE_HISTORY,
        "历史不足：参照的 6 期中 2 期有值，至少需要 3 期",
        "too little history: 2 of 6 periods have a value, 3 are needed");
    assertCause(comparison("PT1H").read(TO_SLOT, at("2026-06-01T08:00")), Cause.TOO_LITTLE_HISTORY);
    history.put("2026-04-27T08:00", 11);
    assertThat(number(comparison("PT1H"), Z, "2026-06-01T08:00")).isCloseTo(3, within(1e-12));
  }

  @Test
  void whereAllWeeksAreTheSameNothingMeasuresADeviation() {
    slots(0.3, 0.1 + 0.2, 0.3, 0.3, 0.3, 0.3);
    history.put("2026-06-01T08:00", 5);
    for (Spread spread : Spread.values()) {
      Comparison comparison = comparison("PT1H", Alignment.SOLAR, spread);
      history.put("2026-06-01T08:00", 5);
      assertUnknown(
          comparison.read(Z, at("2026-06-01T08:00")),
          Cause.NO_SPREAD,
          "参照的各期数值相同，无法衡量偏离",
          "the values to compare with are all the same: nothing measures a deviation");
      history.put("2026-06-01T08:00", 0.3);
      assertThat(number(comparison, Z, "2026-06-01T08:00")).isZero();
    }
  }

  @Test
  void weeksInWhichTheDayIsOfAnotherKindAreLeftOut() {
    // Tuesdays before 24 February 2026; the 17th was a holiday and quiet.
    history.put("2026-02-24", 100).put("2026-02-17", 20).put("2026-02-10", 99);
    history.put("2026-02-03", 101).put("2026-01-27", 100).put("2026-01-20", 98);
    Comparison workday = comparison("P1D", Alignment.WORKDAY, Spread.STANDARD);
    assertThat(workday.bases(Z, at("2026-02-24"))).doesNotContain(at("2026-02-17")).hasSize(6);
    assertThat(number(workday, TO_SLOT, "2026-02-24")).isCloseTo(100 / 99.5, within(1e-12));
    assertThat(Math.abs(number(workday, Z, "2026-02-24"))).isLessThan(1);
    // A holiday has no Tuesday of its kind before it.
    assertCause(workday.read(Z, at("2026-02-17")), Cause.TOO_LITTLE_HISTORY);
  }

  @Test
  void theRatioToTheSlotIsToTheMedianOfTheWeeks() {
    slots(50, 40, 60, 50, 1000, 50);
    history.put("2026-06-01T08:00", 30);
    assertThat(number(comparison("PT1H"), TO_SLOT, "2026-06-01T08:00")).isEqualTo(0.6);
    assertThat(comparison("PT1H").slotMedian(at("2026-06-01T08:00")).asNumber()).hasValue(50);
  }

  @Test
  void slotsOfZeroOrBelowHaveNoRatio() {
    slots(0, 0, 0, 0, 0, 5);
    history.put("2026-06-01T08:00", 30);
    assertCause(comparison("PT1H").read(TO_SLOT, at("2026-06-01T08:00")), Cause.ZERO_BASE);
    slots(-1, -1, -1, -1, -1, -1);
    assertCause(comparison("PT1H").read(TO_SLOT, at("2026-06-01T08:00")), Cause.NEGATIVE_BASE);
  }

  @Test
  void weeksHaveSlotsAndMonthsHaveNone() {
    history.put("2026-06-01", 12);
    for (int week = 1; week <= 6; week++) {
      history.put(at("2026-06-01").minus(Duration.ofDays(7L * week)), 10);
    }
    assertThat(number(comparison("P1W"), TO_SLOT, "2026-06-01")).isEqualTo(1.2);
    assertUnknown(
        comparison("P1M").read(Z, at("2026-06-01")),
        Cause.GRAIN,
        "z 不适用于周期 P1M",
        "z has no meaning for periods of P1M");
  }

  @Test
  void theRatioToTheMedianLeavesThePeriodOut() {
    Measure measure = new Measure.RatioToMedian(Period.ofDays(14));
    for (int day = 1; day <= 15; day++) {
      history.put(LocalDate.of(2026, 6, 20).minusDays(day).toString(), day == 15 ? 1e6 : 10 + day);
    }
    history.put("2026-06-20", 35);
    // days 1 to 14 before: 11 … 24, median 17.5
    assertThat(number(comparison("P1D"), measure, "2026-06-20")).isEqualTo(2);
    assertThat(comparison("P1D").bases(measure, at("2026-06-20"))).hasSize(15);
    assertThat(comparison("PT1H").bases(measure, at("2026-06-20T05:00"))).hasSize(14 * 24 + 1);
  }

  @Test
  void theRatioToTheMedianNeedsHalfOfItsPeriods() {
    Measure measure = new Measure.RatioToMedian(Period.ofDays(14));
    history.put("2026-06-20", 35);
    for (int day = 1; day <= 6; day++) {
      history.put(LocalDate.of(2026, 6, 20).minusDays(day).toString(), 10);
    }
    assertCause(comparison("P1D").read(measure, at("2026-06-20")), Cause.TOO_LITTLE_HISTORY);
    history.put("2026-06-06", 10);
    assertThat(number(comparison("P1D"), measure, "2026-06-20")).isEqualTo(3.5);
  }

  @Test
  void aWindowShorterThanAPeriodMeansNothing() {
    history.put("2026-06-20", 35);
    for (TemporalAmount window : List.of(Duration.ofHours(12), Duration.ZERO, Period.ofDays(-2))) {
      assertCause(
          comparison("P1D").read(new Measure.RatioToMedian(window), at("2026-06-20")), Cause.GRAIN);
      assertCause(comparison("P1D").read(new Measure.Sum(window), at("2026-06-20")), Cause.GRAIN);
    }
  }

  @Test
  void aRiseCountsTheStepsThatWentUp() {
    history.put("2026-06-20", 5).put("2026-06-19", 4).put("2026-06-18", 4).put("2026-06-17", 3);
    assertThat(number(comparison("P1D"), new Measure.Rise(3), "2026-06-20")).isEqualTo(2);
    assertThat(number(comparison("P1D"), new Measure.Rise(1), "2026-06-20")).isEqualTo(1);
    assertThat(comparison("P1D").bases(new Measure.Rise(3), at("2026-06-20"))).hasSize(4);
    assertUnknown(
        comparison("P1D").read(new Measure.Rise(4), at("2026-06-20")),
        Cause.VALUE_MISSING,
        "5 期中有 1 期没有值",
        "1 of 5 periods have no value");
  }

  @Test
  void aSumRollsUpToThePeriodsEnd() {
    history.put("2026-06-20T07:00", 10).put("2026-06-20T06:00", 20).put("2026-06-20T05:00", 30);
    history.put("2026-06-20T04:00", 1000);
    Measure threeHours = new Measure.Sum(Duration.ofHours(3));
    assertThat(number(comparison("PT1H"), threeHours, "2026-06-20T07:00")).isEqualTo(60);
    assertThat(comparison("PT1H").bases(threeHours, at("2026-06-20T07:00")))
        .containsExactly(at("2026-06-20T05:00"), at("2026-06-20T06:00"), at("2026-06-20T07:00"));
    assertThat(
            number(comparison("PT1H"), new Measure.Sum(Duration.ofMinutes(90)), "2026-06-20T07:00"))
        .isEqualTo(10);
    assertThat(comparison("PT10M").bases(threeHours, at("2026-06-20T07:00"))).hasSize(18);
  }

  @Test
  void aSumWithAHoleIsNotStated() {
    history.put("2026-06-20T07:00", 10).put("2026-06-20T05:00", 30);
    assertUnknown(
        comparison("PT1H").read(new Measure.Sum(Duration.ofHours(3)), at("2026-06-20T07:00")),
        Cause.VALUE_MISSING,
        "3 期中有 1 期没有值",
        "1 of 3 periods have no value");
  }

  @Test
  void theValueIsItsOwnReading() {
    history.put("2026-06-20", 5);
    assertThat(number(comparison("P1D"), new Measure.Value(), "2026-06-20")).isEqualTo(5);
    assertCause(comparison("P1D").read(new Measure.Value(), at("2026-06-21")), Cause.VALUE_MISSING);
  }

  @Test
  void measuresOfOthersAreLeftToThem() {
    for (Measure measure :
        List.of(
            new Measure.ShareOf("capacity"),
            new Measure.Count("deaths > 0"),
            new Measure.Level("colour", "red"))) {
      assertCause(comparison("P1D").read(measure, at("2026-06-20")), Cause.NOT_COMPARED);
      assertThat(comparison("P1D").bases(measure, at("2026-06-20"))).isEmpty();
    }
  }

  @Test
  void conditionsAreAnsweredWithTheirWindows() {
    for (int day = 0; day < 12; day++) {
      history.put(LocalDate.of(2026, 6, 9).plusDays(day).toString(), day < 10 ? 100 : 130);
    }
    Comparison comparison = comparison("P1D");
    Condition.Readings readings = comparison.readings(at("2026-06-20"));
    assertThat(Condition.parse("wow >= 0.10 and value > 120").holds(readings)).isTrue();
    assertThat(Condition.parse("mom >= 0.10").holds(readings)).isFalse();
    assertThat(Condition.parse("mom >= 0.10 1 of 2").holds(readings)).isTrue();
    assertThat(Condition.parse("wow.pp = 30 2 of 2").holds(readings)).isTrue();
    assertThat(Condition.parse("wow.pp = 30 3 of 3").holds(readings)).isFalse();
    assertThat(Condition.parse("yoy < 9").holds(readings)).isFalse();
    assertThat(
            comparison.bases(
                Condition.parse("wow >= 0.10 2 of 2 and value > 120"), at("2026-06-20")))
        .containsExactly(at("2026-06-12"), at("2026-06-13"), at("2026-06-19"), at("2026-06-20"));
  }

  @Test
  void whatNobodyCanMeanIsRefused() {
    assertThatThrownBy(() -> new Rules(Alignment.SOLAR, 0, Spread.STANDARD))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("same slot of 0 weeks: 1 to 520");
    assertThatThrownBy(
            () -> comparison("PT1M").read(new Measure.Sum(Period.ofDays(90)), at("2026-06-20")))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("a measure looks at more than 100000 periods of PT1M: shorten it");
  }

  @Test
  @DisplayName("readings are finite and asked for beforehand, whatever the values (seed 5)")
  void readingsAreFiniteAndAskedForBeforehand() {
    Random random = new Random(5);
    double[] odd = {
      0,
      -0.0,
      1,
      -1,
      1e-320,
      1e300,
      -1e300,
      Double.MAX_VALUE,
      -Double.MAX_VALUE,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.MIN_VALUE
    };
    List<Measure> measures =
        List.of(
            new Measure.Value(),
            Z,
            TO_SLOT,
            new Measure.RatioToMedian(Period.ofDays(5)),
            new Measure.Rise(3),
            new Measure.Sum(Period.ofDays(3)),
            new Measure.Change(Measure.Change.Base.YOY, false),
            new Measure.Change(Measure.Change.Base.YOY, true),
            new Measure.Change(Measure.Change.Base.MOM, false),
            new Measure.Change(Measure.Change.Base.WOW, true));
    int known = 0;
    for (int i = 0; i < 4_000; i++) {
      MemoryHistory history = new MemoryHistory();
      Measure measure = measures.get(random.nextInt(measures.size()));
      Grain grain = Grain.of(List.of("PT6H", "P1D", "P1W", "P1M", "P1Y").get(random.nextInt(5)));
      Comparison comparison =
          new Comparison(
              history,
              Merge.sum(history),
              grain,
              CHINA,
              ChineseCalendar.shipped(),
              PeriodCalendar.NATURAL,
              new Rules(
                  Alignment.values()[random.nextInt(3)],
                  1 + random.nextInt(8),
                  Spread.values()[random.nextInt(2)]));
      Instant time = at("2012-01-01").plusSeconds(random.nextInt(400_000_000));
      Instant period = grain.floor(time, CHINA);
      for (Instant base : comparison.bases(measure, period)) {
        assertThat(grain.floor(base, CHINA)).isEqualTo(base);
        assertThat(base).isBeforeOrEqualTo(period);
        if (random.nextInt(10) > 0) {
          history.put(
              base, random.nextBoolean() ? random.nextGaussian() : odd[random.nextInt(odd.length)]);
        }
      }
      Reading reading = comparison.read(measure, period);
      assertThat(comparison.bases(measure, period)).containsAll(history.asked());
      if (reading instanceof Known number) {
        assertThat(number.value()).isFinite();
        known++;
      } else {
        Unknown unknown = (Unknown) reading;
        assertThat(unknown.reasons().zh()).isNotEmpty();
        assertThat(unknown.reasons().en()).hasSameSizeAs(unknown.reasons().zh());
      }
    }
    assertThat(known).isGreaterThan(1_000);
  }
}
