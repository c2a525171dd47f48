package org.chengmai.indicators.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.TestFiles;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChineseCalendarTest {
  private final ChineseCalendar calendar = ChineseCalendar.shipped();

  @ParameterizedTest
  @CsvSource({
    "2026-01-20, 2026-02-24",
    "2026-02-10, 2026-03-16",
    "2026-09-10, 2026-10-14",
    "2025-12-31, 2026-01-29"
  })
  void twentyWorkingDaysLater(LocalDate start, LocalDate end) {
    assertThat(calendar.addWorkdays(start, 20)).isEqualTo(new Workday(end, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10"
      })
  void adjustedWeekendsAreWorked(LocalDate date) {
    assertThat(calendar.isWorkday(date)).isTrue();
    assertThat(calendar.dayClass(date)).isEqualTo(DayClass.ADJUSTED_WORKDAY);
  }

  @Test
  void daysFollowTheListAndElseTheWeek() {
    assertThat(calendar.dayClass(LocalDate.of(2026, 1, 1))).isEqualTo(DayClass.HOLIDAY);
    assertThat(calendar.dayClass(LocalDate.of(2026, 1, 5))).isEqualTo(DayClass.WORKDAY);
    assertThat(calendar.dayClass(LocalDate.of(2026, 1, 10))).isEqualTo(DayClass.WEEKEND);
    assertThat(calendar.holidayName(LocalDate.of(2026, 2, 17))).contains("春节");
    assertThat(calendar.holidayName(LocalDate.of(2026, 3, 17))).isEmpty();
  }

  @Test
  void aFileMayHoldDaysOfTheYearBefore() {
    assertThat(calendar.dayClass(LocalDate.of(2018, 12, 31))).isEqualTo(DayClass.HOLIDAY);
    assertThat(calendar.isWorkday(LocalDate.of(2018, 12, 29))).isTrue();
    assertThat(calendar.dayClass(LocalDate.of(2022, 12, 31))).isEqualTo(DayClass.HOLIDAY);
  }

  @Test
  void aYearWithoutAListGivesAProvisionalDate() {
    assertThat(calendar.isKnown(2026)).isTrue();
    assertThat(calendar.isKnown(2027)).isFalse();
    assertThat(calendar.addWorkdays(LocalDate.of(2026, 12, 31), 1))
        .isEqualTo(new Workday(LocalDate.of(2027, 1, 1), true));
    assertThat(calendar.addWorkdays(LocalDate.of(2026, 12, 30), 1))
        .isEqualTo(new Workday(LocalDate.of(2026, 12, 31), false));
  }

  @Test
  void zeroWorkingDaysLaterIsTheDayItself() {
    assertThat(calendar.addWorkdays(LocalDate.of(2026, 1, 10), 0).date()).isEqualTo("2026-01-10");
    assertThatThrownBy(() -> calendar.addWorkdays(LocalDate.of(2026, 1, 10), -1))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("working days: -1 is negative");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-20, 2026-02-24, 20",
    "2026-02-10, 2026-03-16, 20",
    "2026-09-10, 2026-10-14, 20",
    "2025-12-31, 2026-01-29, 20",
    "2026-02-13, 2026-02-14, 1",
    "2026-02-14, 2026-02-23, 0",
    "2026-01-10, 2026-01-10, 0"
  })
  void workingDaysBetweenLeaveTheStartDayOut(LocalDate start, LocalDate end, int days) {
    assertThat(calendar.workdaysBetween(start, end)).isEqualTo(new WorkdayCount(days, false));
  }

  @Test
  @DisplayName("counting working days undoes adding them (seed 11)")
  void countingWorkingDaysUndoesAddingThem() {
    Random random = new Random(11);
    for (int i = 0; i < 500; i++) {
      LocalDate start = LocalDate.of(2010, 1, 1).plusDays(random.nextInt(6_300));
      int count = random.nextInt(60);
      Workday end = calendar.addWorkdays(start, count);
      assertThat(calendar.workdaysBetween(start, end.date()))
          .isEqualTo(new WorkdayCount(count, end.provisional()));
    }
  }

  @Test
  void workingDaysBetweenAreProvisionalWithoutAListAndRefusedBackwards() {
    assertThat(calendar.workdaysBetween(LocalDate.of(2026, 12, 30), LocalDate.of(2027, 1, 5)))
        .isEqualTo(new WorkdayCount(4, true));
    assertThatThrownBy(
            () -> calendar.workdaysBetween(LocalDate.of(2026, 2, 1), LocalDate.of(2026, 1, 31)))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("working days: 2026-01-31 lies before 2026-02-01");
  }

  @Test
  void theShippedListsAreThoseOfTheHolidayFiles() throws IOException {
    Path folder = TestFiles.data("holidays");
    Assumptions.assumeTrue(Files.isDirectory(folder), "no holiday files at " + folder);
    List<String> files = new ArrayList<>();
    for (int year = 2010; year <= 2027; year++) {
      files.add(Files.readString(folder.resolve(year + ".json")));
    }
    ChineseCalendar read = ChineseCalendar.fromJson(files);
    assertThat(read.isKnown(2027)).isFalse();
    LocalDate.of(2009, 12, 1)
        .datesUntil(LocalDate.of(2027, 12, 31))
        .forEach(
            date -> {
              assertThat(calendar.dayClass(date)).as("%s", date).isEqualTo(read.dayClass(date));
              assertThat(calendar.holidayName(date)).isEqualTo(read.holidayName(date));
              assertThat(calendar.isKnown(date.getYear())).isEqualTo(read.isKnown(date.getYear()));
            });
  }

  @Test
  void aBrokenDateIsNamed() {
    String file =
        "{\"year\": 2030, \"days\": [{\"name\": \"元旦\", \"date\": \"2030-13-01\", \"isOffDay\": true}]}";
    assertThatThrownBy(() -> ChineseCalendar.fromJson(List.of(file)))
        .isInstanceOf(ChengmaiException.class)
        .hasMessage("holidays of 2030: '2030-13-01' is not a date");
  }
}
