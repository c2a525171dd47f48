package org.chengmai.indicators.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Grain;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodCalendarTest {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final SchoolTerms TERMS =
      new SchoolTerms(
          List.of(
              new SchoolTerms.Term(LocalDate.of(2026, 8, 31), LocalDate.of(2027, 1, 20)),
              new SchoolTerms.Term(LocalDate.of(2026, 3, 2), LocalDate.of(2026, 7, 10))));

  private static PeriodCalendar named(@Nullable String name) {
    return PeriodCalendar.of(name, ChineseCalendar.shipped(), HeatingSeason.defaults(), TERMS);
  }

  private static boolean isOpen(String name, String grain, Instant start) {
    return named(name).isOpen(start, Grain.of(grain).end(start, CHINA), CHINA);
  }

  private static Instant at(LocalDate date) {
    return date.atStartOfDay(CHINA).toInstant();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"natural", "fiscal", "weekdays"})
  void naturalAndFiscalPeriodsAllCount(String name) {
    PeriodCalendar calendar = named(name);
    Instant holiday = at(LocalDate.of(2031, 10, 1));
    assertThat(calendar.isOpen(holiday, holiday.plusSeconds(60), CHINA)).isTrue();
    assertThat(calendar.isProvisional(holiday, holiday.plusSeconds(60), CHINA)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-02-13, true",
    "2026-02-14, true", // a Saturday that is worked
    "2026-02-15, false",
    "2026-02-17, false",
    "2026-02-24, true",
    "2026-03-07, false"
  })
  void workdayPeriodsCountOnWorkingDays(LocalDate date, boolean isOpen) {
    assertThat(isOpen("workday", "P1D", at(date))).isEqualTo(isOpen);
    assertThat(isOpen("workday", "PT1H", at(date))).isEqualTo(isOpen);
    assertThat(isOpen("workday", "PT1H", at(date).plusSeconds(23 * 3600))).isEqualTo(isOpen);
  }

  @Test
  void aLongPeriodCountsIfAnyOfItsDaysDoes() {
    // The week of the Spring Festival has no working day; the one before even works on Saturday.
    assertThat(isOpen("workday", "P1W", at(LocalDate.of(2026, 2, 16)))).isFalse();
    assertThat(isOpen("workday", "P1W", at(LocalDate.of(2026, 2, 9)))).isTrue();
    assertThat(isOpen("heating", "P1M", at(LocalDate.of(2026, 10, 1)))).isTrue();
    assertThat(isOpen("heating", "P1M", at(LocalDate.of(2026, 9, 1)))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2025-10-14T15:00:00Z, false", // 23:00 on the 14th in Xining
    "2025-10-14T16:00:00Z, true",
    "2026-01-05T00:00:00Z, true",
    "2026-04-15T15:00:00Z, true",
    "2026-04-15T16:00:00Z, false",
    "2026-07-01T00:00:00Z, false"
  })
  void heatingPeriodsCountFrom15OctoberTo15April(Instant start, boolean isOpen) {
    assertThat(isOpen("heating", "PT1H", start)).isEqualTo(isOpen);
  }

  @Test
  void aSeasonMayLieWithinAYear() {
    HeatingSeason spring = new HeatingSeason(MonthDay.of(3, 1), MonthDay.of(3, 31));
    assertThat(spring.includes(LocalDate.of(2026, 3, 31))).isTrue();
    assertThat(spring.includes(LocalDate.of(2026, 4, 1))).isFalse();
    assertThat(spring.includes(LocalDate.of(2026, 2, 28))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-02, true",
    "2026-03-07, false", // Saturday
    "2026-05-09, true", // Saturday that is worked
    "2026-05-01, false",
    "2026-07-10, true",
    "2026-07-13, false",
    "2026-08-31, true"
  })
  void schoolPeriodsCountOnWorkingDaysOfATerm(LocalDate date, boolean isOpen) {
    assertThat(isOpen("school", "P1D", at(date))).isEqualTo(isOpen);
  }

  @Test
  void whatHasNotBeenPublishedIsProvisional() {
    Instant known = at(LocalDate.of(2026, 12, 31));
    Instant unknown = at(LocalDate.of(2027, 1, 4));
    Instant later = at(LocalDate.of(2027, 3, 1));
    assertThat(named("workday").isProvisional(known, known.plusSeconds(86_400), CHINA)).isFalse();
    assertThat(named("workday").isProvisional(known, unknown, CHINA)).isTrue();
    assertThat(named("school").isProvisional(known, known.plusSeconds(60), CHINA)).isFalse();
    assertThat(named("school").isProvisional(later, later.plusSeconds(60), CHINA)).isTrue();
    assertThat(named("heating").isProvisional(later, later.plusSeconds(60), CHINA)).isFalse();
  }

  @Test
  void unknownNamesAndSchoolWithoutTermsAreRefused() {
    assertThatThrownBy(() -> named("lunar"))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("calendar 'lunar': one of natural, workday, weekdays, heating, school, fiscal");
    assertThatThrownBy(
            () ->
                PeriodCalendar.of(
                    "school",
                    ChineseCalendar.shipped(),
                    HeatingSeason.defaults(),
                    SchoolTerms.none()))
        .hasMessage(
            "calendar 'school': no school terms are configured; state them in the city's file, calendar.school");
    assertThatThrownBy(
            () -> new SchoolTerms.Term(LocalDate.of(2026, 3, 2), LocalDate.of(2026, 3, 1)))
        .hasMessageContaining("ends before it begins");
  }
}
