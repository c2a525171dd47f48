package org.chengmai.indicators.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FestivalTest {
  private final ChineseCalendar calendar = ChineseCalendar.shipped();

  @ParameterizedTest
  @CsvSource({
    "NEW_YEARS_EVE, 2024-02-09",
    "NEW_YEARS_EVE, 2025-01-28",
    "NEW_YEARS_EVE, 2026-02-16",
    "LANTERN, 2025-02-12",
    "LANTERN, 2026-03-03",
    "QINGMING, 2024-04-04",
    "QINGMING, 2025-04-04",
    "QINGMING, 2026-04-05",
    "DRAGON_BOAT, 2025-05-31",
    "DRAGON_BOAT, 2026-06-19",
    "DOUBLE_SEVENTH, 2025-08-29",
    "DOUBLE_SEVENTH, 2026-08-19",
    "MID_AUTUMN, 2025-10-06",
    "MID_AUTUMN, 2026-09-25",
    "DOUBLE_NINTH, 2025-10-29",
    "DOUBLE_NINTH, 2026-10-18"
  })
  void festivalsHaveTheirDay(Festival festival, LocalDate date) {
    assertThat(festival.date(date.getYear())).isEqualTo(date);
    assertThat(Festival.on(date)).contains(festival);
  }

  @Test
  void festivalsAreOffDaysOfThePublishedLists() {
    for (int year = 2010; year <= 2026; year++) {
      for (Festival festival :
          new Festival[] {
            Festival.SPRING, Festival.QINGMING, Festival.DRAGON_BOAT, Festival.MID_AUTUMN
          }) {
        LocalDate date = festival.date(year);
        assertThat(calendar.dayClass(date)).as("%s %s", festival, date).isEqualTo(DayClass.HOLIDAY);
        // 2012, 2020 and others: Mid-Autumn within the days off of the National Day.
        assertThat(calendar.holidayName(date).orElseThrow())
            .as("%s", date)
            .satisfiesAnyOf(
                name -> assertThat(name).contains(festival.zh().substring(0, 2)),
                name -> assertThat(name).contains("国庆"));
      }
    }
  }

  @Test
  void anOrdinaryDayIsNoFestival() {
    assertThat(Festival.on(LocalDate.of(2026, 3, 17))).isEmpty();
  }
}
