package org.chengmai.indicators.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.chengmai.indicators.comparison.MemoryHistory.CHINA;
import static org.chengmai.indicators.comparison.MemoryHistory.at;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.calendar.Alignment;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.comparison.Comparison.Rules;
import org.chengmai.indicators.comparison.Comparison.Spread;
import org.chengmai.indicators.comparison.Reading.Cause;
import org.chengmai.indicators.comparison.Reading.Known;
import org.chengmai.indicators.comparison.Reading.Unknown;
import org.chengmai.indicators.definition.Measure.Change;
import org.chengmai.indicators.definition.Measure.Change.Base;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeTest {
  private static final Change YOY = new Change(Base.YOY, false);
  private static final Change YOY_POINTS = new Change(Base.YOY, true);
  private static final Change MOM = new Change(Base.MOM, false);
  private static final Change WOW = new Change(Base.WOW, false);
  private static final Reasons NONE = new Reasons(List.of(), List.of());

  private final MemoryHistory history = new MemoryHistory();

  private Comparison comparison(String grain, Alignment alignment) {
    return comparison(grain, alignment, Merge.sum(history), ChineseCalendar.shipped());
  }

  private Comparison comparison(
      String grain, Alignment alignment, Merge merge, ChineseCalendar calendar) {
    return new Comparison(
        history,
        merge,
        Grain.of(grain),
        CHINA,
        calendar,
        PeriodCalendar.NATURAL,
        new Rules(alignment, 6, Spread.STANDARD));
  }

  private Reading solar(String grain, Change change, String period) {
    return comparison(grain, Alignment.SOLAR).read(change, at(period));
  }

  /** The period's value is 3, the base's 2: so a reading of 0.5 has met the base. */
  private void assertMeets(
      String grain, Alignment alignment, Change change, String period, String base) {
    history.put(period, 3).put(base, 2);
    Comparison comparison = comparison(grain, alignment);
    assertThat(comparison.read(change, at(period)).asNumber()).hasValue(0.5);
    assertThat(comparison.bases(change, at(period)))
        .containsExactlyInAnyOrder(at(period), at(base));
  }

  private static Known known(Reading reading) {
    assertThat(reading).isInstanceOf(Known.class);
    return (Known) reading;
  }

  private static void assertUnknown(Reading reading, Cause cause, String zh, String en) {
    assertThat(reading).isEqualTo(new Unknown(cause, Reasons.of(zh, en)));
    assertThat(reading.asNumber()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PT15M, 2026-03-05T07:45, 2025-03-05T07:45",
    "PT1H, 2026-01-01T00:00, 2025-01-01T00:00",
    "P1D, 2026-01-01, 2025-01-01",
    "P1D, 2026-03-01, 2025-03-01",
    "P1W, 2026-03-02, 2025-03-03", // week 10
    "P1W, 2024-12-30, 2024-01-01", // week 1 of 2025 and of 2024
    "P1M, 2026-02-01, 2025-02-01",
    "P1Y, 2026-01-01, 2025-01-01"
  })
  void yoyIsTheSamePeriodOfTheYearBefore(String grain, String period, String base) {
    assertMeets(grain, Alignment.SOLAR, YOY, period, base);
    assertThat(known(solar(grain, YOY, period)).notes()).isEqualTo(NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "PT1H, 2026-01-01T00:00, 2025-12-31T23:00",
    "P1D, 2026-03-01, 2026-02-28",
    "P1W, 2026-03-02, 2026-02-23",
    "P1M, 2026-03-01, 2026-02-01",
    "P1Y, 2026-01-01, 2025-01-01"
  })
  void momIsTheAdjacentPeriodBeforeWhateverTheAlignment(String grain, String period, String base) {
    for (Alignment alignment : Alignment.values()) {
      assertMeets(grain, alignment, MOM, period, base);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PT1H, 2026-03-02T08:00, 2026-02-23T08:00",
    "P1D, 2026-03-02, 2026-02-23",
    "P1W, 2026-03-02, 2026-02-23"
  })
  void wowIsTheSameSlotAWeekEarlier(String grain, String period, String base) {
    assertMeets(grain, Alignment.SOLAR, WOW, period, base);
    assertMeets(grain, Alignment.LUNAR, WOW, period, base);
  }

  @Test
  void aMonthHasNoWeekEarlier() {
    history.put("2026-03-01", 3);
    assertUnknown(
        solar("P1M", WOW, "2026-03-01"),
        Cause.GRAIN,
        "wow 不适用于周期 P1M",
        "wow has no meaning for periods of P1M");
  }

  @Test
  void percentagePointsAreNotPercent() {
    history.put("2026-03-01", 98).put("2025-03-01", 96);
    assertThat(known(solar("P1M", YOY_POINTS, "2026-03-01")).value()).isEqualTo(2);
    assertThat(known(solar("P1M", YOY, "2026-03-01")).value()).isCloseTo(2 / 96.0, within(1e-15));
  }

  @Test
  void aZeroOrNegativeBaseHasNoRelativeChangeButADifference() {
    history.put("2026-03-01", 5).put("2025-03-01", 0);
    assertUnknown(
        solar("P1D", YOY, "2026-03-01"),
        Cause.ZERO_BASE,
        "基期为零，不计算相对变化",
        "the base is zero: no relative change is stated");
    assertThat(known(solar("P1D", YOY_POINTS, "2026-03-01")).value()).isEqualTo(5);
    history.put("2025-03-01", -2);
    assertUnknown(
        solar("P1D", YOY, "2026-03-01"),
        Cause.NEGATIVE_BASE,
        "基期为负，不计算相对变化",
        "the base is negative: no relative change is stated");
    assertThat(known(solar("P1D", YOY_POINTS, "2026-03-01")).value()).isEqualTo(7);
  }

  @Test
  void aNegativeValueOnAPositiveBaseIsAChange() {
    history.put("2026-03-01", -1).put("2025-03-01", 2);
    assertThat(known(solar("P1D", YOY, "2026-03-01")).value()).isEqualTo(-1.5);
  }

  @Test
  void missingValuesAndBasesAreNamed() {
    assertUnknown(
        solar("PT1H", YOY, "2026-03-01T08:00"),
        Cause.VALUE_MISSING,
        "2026-03-01 08:00 没有值",
        "2026-03-01 08:00 has no value");
    history.put("2026-03-01", 5);
    assertUnknown(
        solar("P1M", YOY, "2026-03-01"),
        Cause.BASE_MISSING,
        "基期 2025-03 没有值",
        "the base period 2025-03 has no value");
    history.put("2025-03-01", Double.NaN);
    assertThat(((Unknown) solar("P1M", YOY, "2026-03-01")).cause()).isEqualTo(Cause.BASE_MISSING);
    history.put("2025-03-01", Double.POSITIVE_INFINITY);
    assertThat(((Unknown) solar("P1M", YOY, "2026-03-01")).cause()).isEqualTo(Cause.BASE_MISSING);
  }

  @Test
  void aBaseBeforeTheHistoryIsTooLittleHistory() {
    history.put("2026-03-01", 5).beginsAt("2025-11-01");
    assertUnknown(
        solar("P1M", YOY, "2026-03-01"),
        Cause.TOO_LITTLE_HISTORY,
        "历史不足：数据自 2025-11 起，基期为 2025-03",
        "too little history: it begins at 2025-11, the base is 2025-03");
    assertThat(((Unknown) solar("P1M", MOM, "2026-03-01")).cause()).isEqualTo(Cause.BASE_MISSING);
  }

  @Test
  void aResultBeyondNumbersIsNotStated() {
    history.put("2026-03-01", 1e300).put("2025-03-01", 1e-300);
    assertUnknown(
        solar("P1D", YOY, "2026-03-01"),
        Cause.NOT_FINITE,
        "结果超出数值范围",
        "the result is too large for a number");
  }

  @ParameterizedTest
  @CsvSource({
    "P1D, 2024-02-29, 2023-02-28, true",
    "PT1H, 2024-02-29T13:00, 2023-02-28T13:00, true",
    "P1D, 2024-02-28, 2023-02-28, false",
    "P1D, 2025-02-28, 2024-02-28, false"
  })
  void the29thOfFebruaryMeetsThe28th(String grain, String period, String base, boolean isTold) {
    assertMeets(grain, Alignment.SOLAR, YOY, period, base);
    assertThat(known(solar(grain, YOY, period)).notes())
        .isEqualTo(
            isTold
                ? Reasons.of(
                    "2月29日与上年2月28日比较", "29 February is compared with 28 February a year earlier")
                : NONE);
  }

  @Test
  void week53MeetsWeek52OfAYearWithout() {
    assertMeets("P1W", Alignment.SOLAR, YOY, "2026-12-28", "2025-12-22");
    assertThat(known(solar("P1W", YOY, "2026-12-28")).notes())
        .isEqualTo(Reasons.of("第53周与上年第52周比较", "week 53 is compared with week 52 a year earlier"));
  }

  @ParameterizedTest
  @CsvSource({
    "P1D, 2026-02-17, 2025-01-29", // Spring Festival
    "P1D, 2026-02-16, 2025-01-28", // the evening before, day 29 of either year
    "PT1H, 2026-02-17T20:00, 2025-01-29T20:00",
    "P1D, 2027-02-06, 2026-02-17",
    "P1D, 2026-09-25, 2025-10-06", // Mid-Autumn
    "P1D, 2025-07-25, 2024-07-06", // first of leap month 6: first of month 6
    "P1D, 2026-07-14, 2025-06-25", // first of month 6: of month 6, not of the leap one
    "P1D, 2030-02-02, 2029-02-12", // day 30: day 29 of a short month
    "P1W, 2026-02-16, 2025-01-27" // the week of the Spring Festival
  })
  void lunarAlignmentMeetsTheSameLunarDate(String grain, String period, String base) {
    assertMeets(grain, Alignment.LUNAR, YOY, period, base);
  }

  @Test
  void lunarAlignmentTellsTheDay() {
    history.put("2025-07-25", 3).put("2024-07-06", 2);
    Reading reading = comparison("P1D", Alignment.LUNAR).read(YOY, at("2025-07-25"));
    assertThat(known(reading).notes())
        .isEqualTo(
            Reasons.of(
                "农历对齐：闰六月初一与上年六月初一（2024-07-06）比较",
                "lunar dates: 闰六月初一 is compared with 六月初一 a year earlier (2024-07-06)"));
  }

  @Test
  void januaryAndFebruaryAreComparedTogether() {
    history.put("2026-01-01", 130).put("2026-02-01", 90);
    history.put("2025-01-01", 80).put("2025-02-01", 120);
    Comparison comparison = comparison("P1M", Alignment.LUNAR);
    Known together = known(comparison.read(YOY, at("2026-02-01")));
    assertThat(together.value()).isCloseTo(220 / 200.0 - 1, within(1e-12));
    assertThat(together.notes())
        .isEqualTo(Reasons.of("1–2月合并比较", "January and February are compared together"));
    assertThat(known(comparison.read(YOY_POINTS, at("2026-02-01"))).value()).isEqualTo(20);
    assertThat(comparison.bases(YOY, at("2026-02-01")))
        .containsExactly(at("2025-01-01"), at("2025-02-01"), at("2026-01-01"), at("2026-02-01"));
    assertUnknown(
        comparison.read(YOY, at("2026-01-01")),
        Cause.COMBINED_MONTHS,
        "1月不单独同比，与2月合并比较",
        "January is not compared alone, but together with February");
    assertThat(comparison.bases(YOY, at("2026-01-01"))).isEmpty();
    // Each month alone, as a solar comparison has it, says the opposite of one another.
    assertThat(known(solar("P1M", YOY, "2026-01-01")).value()).isEqualTo(0.625);
    assertThat(known(solar("P1M", YOY, "2026-02-01")).value()).isEqualTo(-0.25);
  }

  @Test
  void otherMonthsStandAloneWhenAlignedByLunarDates() {
    assertMeets("P1M", Alignment.LUNAR, YOY, "2026-03-01", "2025-03-01");
    assertMeets("P1M", Alignment.LUNAR, YOY, "2026-12-01", "2025-12-01");
  }

  @Test
  void aRatioOfTwoMonthsIsRecomputedNotAdded() {
    history.put("2026-01-01", 90).put("2026-02-01", 60);
    history.put("2025-01-01", 80).put("2025-02-01", 80);
    // 2026: 90 of 100 and 180 of 300, so 270 of 400 together.
    Merge recomputed = periods -> Optional.of(periods.contains(at("2026-01-01")) ? 67.5 : 80.0);
    Comparison comparison =
        comparison("P1M", Alignment.LUNAR, recomputed, ChineseCalendar.shipped());
    assertThat(known(comparison.read(YOY_POINTS, at("2026-02-01"))).value()).isEqualTo(-12.5);
    assertUnknown(
        comparison("P1M", Alignment.LUNAR, Merge.none(), ChineseCalendar.shipped())
            .read(YOY, at("2026-02-01")),
        Cause.NOT_COMBINABLE,
        "2026-01 + 2026-02 无法合并计算",
        "no value of 2026-01 + 2026-02 together can be told");
  }

  @Test
  void twoMonthsNeedBothValuesOfEitherYear() {
    Comparison comparison = comparison("P1M", Alignment.LUNAR);
    history.put("2026-02-01", 90).put("2025-02-01", 120);
    assertUnknown(
        comparison.read(YOY, at("2026-02-01")),
        Cause.VALUE_MISSING,
        "2026-01 没有值",
        "2026-01 has no value");
    history.put("2026-01-01", 90);
    assertUnknown(
        comparison.read(YOY, at("2026-02-01")),
        Cause.BASE_MISSING,
        "基期 2025-01 没有值",
        "the base period 2025-01 has no value");
  }

  @ParameterizedTest
  @CsvSource({
    "P1D, 2026-03-05, 2025-03-05",
    "P1D, 2026-02-14, 2025-02-14", // a Saturday that is worked meets a Friday
    "P1D, 2026-03-09, 2025-03-10", // a Monday, the same date was a Sunday
    "PT1H, 2026-03-09T08:00, 2025-03-10T08:00",
    "P1D, 2026-03-07, 2025-03-08", // a Saturday, the same date was a Friday
    "P1D, 2026-02-17, 2025-02-04", // a holiday meets the nearest holiday
    "P1D, 2026-10-01, 2025-10-01",
    "P1D, 2025-10-08, 2024-10-07", // the last day off of 8, the year before had 7
    "P1W, 2026-02-16, 2025-02-17", // longer periods as solar ones
    "P1M, 2026-02-01, 2025-02-01",
    "P1Y, 2026-01-01, 2025-01-01"
  })
  void workdayAlignmentMeetsTheNearestDayOfItsKind(String grain, String period, String base) {
    assertMeets(grain, Alignment.WORKDAY, YOY, period, base);
  }

  @Test
  void anotherDayThanAskedForIsTold() {
    history.put("2026-03-09", 3).put("2025-03-10", 2).put("2026-03-05", 3).put("2025-03-05", 2);
    Comparison comparison = comparison("P1D", Alignment.WORKDAY);
    assertThat(known(comparison.read(YOY, at("2026-03-09"))).notes())
        .isEqualTo(
            Reasons.of(
                "2025-03-09 与当日不同类，改与最近的同类日 2025-03-10 比较",
                "2025-03-09 is a day of another kind: compared with the nearest like this one, 2025-03-10"));
    assertThat(known(comparison.read(YOY, at("2026-03-05"))).notes()).isEqualTo(NONE);
  }

  @Test
  void the29thOfFebruaryIsToldWhenAlignedByWorkdaysToo() {
    assertMeets("P1D", Alignment.WORKDAY, YOY, "2024-02-29", "2023-02-28");
    Reading reading = comparison("P1D", Alignment.WORKDAY).read(YOY, at("2024-02-29"));
    assertThat(known(reading).notes().zh()).containsExactly("2月29日与上年2月28日比较");
  }

  @Test
  void aYearWithoutAListOfDaysOffIsTold() {
    assertMeets("P1D", Alignment.WORKDAY, YOY, "2027-03-09", "2026-03-09");
    Reading reading = comparison("P1D", Alignment.WORKDAY).read(YOY, at("2027-03-09"));
    assertThat(known(reading).notes())
        .isEqualTo(
            Reasons.of(
                "2027 年放假安排未公布，按周一至周五推定",
                "days off of 2027 are not published: Monday to Friday is assumed"));
  }

  @Test
  void aWeekEarlierWithinAHolidayIsTheNearestWorkingDayBefore() {
    // The first working day after the Spring Festival; 14 February was a Saturday that was worked.
    assertMeets("P1D", Alignment.WORKDAY, WOW, "2026-02-24", "2026-02-14");
    // The first day of a holiday never meets a later day of it.
    history.put("2026-02-15", 3).put("2026-02-16", 2);
    assertThat(comparison("P1D", Alignment.WORKDAY).bases(WOW, at("2026-02-15")))
        .doesNotContain(at("2026-02-16"));
  }

  @Test
  void aHolidayWithoutAnotherNearHasNoReading() {
    ChineseCalendar onlyOne =
        ChineseCalendar.fromJson(
            List.of(
                "{\"year\": 2026, \"days\": [{\"name\": \"市庆\", \"date\": \"2026-07-15\", \"isOffDay\": true}]}"));
    Reading reading =
        comparison("P1D", Alignment.WORKDAY, Merge.sum(history), onlyOne)
            .read(YOY, at("2026-07-15"));
    assertUnknown(
        reading,
        Cause.NO_SUCH_DAY,
        "2025-07-15 附近没有同类日",
        "no day of the same kind lies near 2025-07-15");
  }

  @Test
  void aDayBeginsAtMidnightInChina() {
    Instant day = Instant.parse("2026-01-05T16:00:00Z");
    assertThat(comparison("P1D", Alignment.SOLAR).bases(YOY, day))
        .containsExactly(Instant.parse("2025-01-05T16:00:00Z"), day);
  }

  private Reading over(String calendar, String grain, Change change, String period) {
    return new Comparison(
            history,
            Merge.sum(history),
            Grain.of(grain),
            CHINA,
            ChineseCalendar.shipped(),
            Calendars.defaults().of(calendar),
            Rules.defaults())
        .read(change, at(period));
  }

  @Test
  void periodsThatAreNotDueAreNoBases() {
    history.put("2026-03-06", 2).put("2026-03-07", 50).put("2026-03-09", 3);
    assertThat(over("workday", "P1D", MOM, "2026-03-09").asNumber())
        .as("Monday against Friday")
        .hasValue(0.5);
    history.put("2026-10-15", 3).put("2026-04-15", 2);
    assertUnknown(
        over("heating", "P1D", MOM, "2026-10-15"),
        Cause.BASE_MISSING,
        "基期 2026-10-14 按日历不统计",
        "by the calendar no value is due in the base period 2026-10-14");
    history.put("2026-05-04", 3).put("2025-05-04", 2).put("2026-05-06", 3).put("2025-05-06", 2);
    assertThat(over("workday", "P1D", YOY, "2026-05-06").asNumber()).hasValue(0.5);
    history.put("2026-10-10", 3).put("2025-10-10", 2).put("2026-02-28", 3).put("2025-02-28", 2);
    assertThat(over("workday", "P1D", YOY, "2026-02-28").asNumber())
        .as("a Saturday that is worked")
        .hasValue(0.5);
    history.put("2026-10-09", 3).put("2026-02-14", 4);
    assertThat(over("workday", "P1D", WOW, "2026-02-28").asNumber()).isEmpty();
  }
}
