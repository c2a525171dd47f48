package org.chengmai.indicators.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LunarDateTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1999-02-16", "2000-02-05", "2009-01-26", "2010-02-14", "2011-02-03", "2012-01-23",
        "2013-02-10", "2014-01-31", "2015-02-19", "2016-02-08", "2017-01-28", "2018-02-16",
        "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10",
        "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03"
      })
  void theSpringFestivalIsTheFirstLunarDay(LocalDate date) {
    assertThat(LunarDate.springFestival(date.getYear())).isEqualTo(date);
    assertThat(LunarDate.of(date)).isEqualTo(new LunarDate(date.getYear(), 1, false, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "2020-05-23, 2020, 4, true, 1, 闰四月初一",
    "2023-03-22, 2023, 2, true, 1, 闰二月初一",
    "2025-07-25, 2025, 6, true, 1, 闰六月初一",
    "2025-08-22, 2025, 6, true, 29, 闰六月廿九",
    "2025-08-23, 2025, 7, false, 1, 七月初一",
    "2026-02-16, 2025, 12, false, 29, 腊月廿九",
    "2024-02-09, 2023, 12, false, 30, 腊月三十",
    "2026-01-01, 2025, 11, false, 13, 冬月十三",
    "2033-12-22, 2033, 11, true, 1, 闰冬月初一"
  })
  void daysHaveLunarDatesWithLeapMonths(
      LocalDate date, int year, int month, boolean isLeap, int day, String text) {
    LunarDate lunar = LunarDate.of(date);
    assertThat(lunar).isEqualTo(new LunarDate(year, month, isLeap, day));
    assertThat(lunar.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "2012-08-17, 七月初一",
    "2018-11-07, 九月三十",
    "2018-11-08, 十月初一",
    "2027-02-05, 腊月廿九",
    "2030-02-02, 腊月三十"
  })
  void newMoonsNearMidnightAreOnTheRightDay(LocalDate date, String text) {
    assertThat(LunarDate.of(date).text()).isEqualTo(text);
  }

  @Test
  void leapMonthsAreThoseOfTheAlmanac() {
    List<String> leapMonths = new ArrayList<>();
    for (int year = 2000; year <= 2033; year++) {
      for (int month = 1; month <= 12; month++) {
        if (new LunarDate(year, month, true, 1).toSolar().isPresent()) {
          leapMonths.add(year + "/" + month);
        }
      }
    }
    assertThat(leapMonths)
        .containsExactly(
            "2001/4", "2004/2", "2006/7", "2009/5", "2012/4", "2014/9", "2017/6", "2020/4",
            "2023/2", "2025/6", "2028/5", "2031/3", "2033/11");
  }

  @Test
  void everyDayComesBackFromItsLunarDate() {
    LocalDate.of(1990, 1, 27)
        .datesUntil(LunarDate.springFestival(2060).plusDays(300))
        .forEach(date -> assertThat(LunarDate.of(date).toSolar()).contains(date));
  }

  @Test
  void lunarYearsHaveTwelveMonthsOrALeapMonth() {
    for (int year = 1990; year < 2060; year++) {
      LocalDate first = LunarDate.springFestival(year);
      LocalDate next = LunarDate.springFestival(year + 1);
      assertThat(first).isBetween(LocalDate.of(year, 1, 21), LocalDate.of(year, 2, 20));
      assertThat((int) (next.toEpochDay() - first.toEpochDay()))
          .satisfiesAnyOf(
              days -> assertThat(days).isBetween(353, 355),
              days -> assertThat(days).isBetween(383, 385));
    }
  }

  @Test
  void whatAYearDoesNotHaveHasNoDay() {
    assertThat(new LunarDate(2024, 6, true, 1).toSolar()).isEmpty();
    assertThat(new LunarDate(2025, 12, false, 30).toSolar()).isEmpty();
  }

  @Test
  void aLeapMonthMeetsTheOrdinaryMonthOfTheYearBefore() {
    assertThat(new LunarDate(2025, 6, true, 5).yearEarlier())
        .isEqualTo(new LunarDate(2024, 6, false, 5));
    assertThat(new LunarDate(2026, 6, false, 5).yearEarlier())
        .isEqualTo(new LunarDate(2025, 6, false, 5));
  }

  @Test
  void aThirtiethDayMeetsTheTwentyNinthOfAShortMonth() {
    assertThat(LunarDate.of(LocalDate.of(2030, 2, 2)))
        .isEqualTo(new LunarDate(2029, 12, false, 30));
    assertThat(new LunarDate(2029, 12, false, 30).yearEarlier())
        .isEqualTo(new LunarDate(2028, 12, false, 29));
  }

  @Test
  void yearsThatAreNotKnownAreRefused() {
    assertThatThrownBy(() -> LunarDate.of(LocalDate.of(1985, 2, 20)))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("1985-02-20: lunar years 1990 to 2060 are known");
    assertThatThrownBy(() -> LunarDate.of(LocalDate.of(2061, 6, 1)))
        .hasMessageContaining("2061-06-01");
    assertThatThrownBy(() -> LunarDate.springFestival(2061)).hasMessageContaining("2061");
    assertThatThrownBy(() -> new LunarDate(2026, 13, false, 1))
        .hasMessage("lunar month 13, day 1: months are 1 to 12, days 1 to 30");
  }
}
