package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

final class DayProfilesTest {
  /** A Monday. */
  private static final LocalDate START = LocalDate.of(2026, 1, 5);

  private static Instant hour(int day, int hour) {
    return START.plusDays(day).atTime(hour, 0).atZone(Slots.CHINA).toInstant();
  }

  private static void day(DayProfiles profiles, int day, double level) {
    for (int hour = 0; hour < 24; hour++) {
      profiles.see(hour(day, hour), level + hour);
    }
  }

  private static DayProfiles fourWeeks() {
    DayProfiles profiles = new DayProfiles(DayClass::usual);
    for (int day = 0; day < 28; day++) {
      day(profiles, day, 100 * day);
    }
    return profiles;
  }

  @Test
  void theNearestDayOfTheSameClassIsTold() {
    DayProfiles profiles = fourWeeks();
    // day 12 is a Saturday: of the working days 11 is the nearest to its level
    for (int hour = 0; hour < 10; hour++) {
      profiles.see(hour(28, hour), 1190 + hour);
    }
    assertThat(profiles.nearest().en())
        .containsExactly(
            "the most similar day of its class: 2026-01-16, with a mean of 1110 at these hours");
    assertThat(profiles.nearest().zh()).containsExactly("最相似的同类日：2026-01-16，当日该时段均值 1110");
  }

  @Test
  void aLaterRevisionReplacesTheEarlierAndOldPeriodsAreSettled() {
    DayProfiles profiles = fourWeeks();
    DayProfiles other = fourWeeks();
    profiles.see(hour(28, 0), 5);
    profiles.see(hour(28, 1), 999_999);
    profiles.see(hour(28, 1), 7);
    profiles.see(hour(27, 1), 12_345);
    other.see(hour(28, 0), 5);
    other.see(hour(28, 1), 7);
    assertThat(profiles.nearest()).isEqualTo(other.nearest());
  }

  @Test
  void aSnapshotGoesOnAndStaysSmall() {
    DayProfiles profiles = fourWeeks();
    day(profiles, 28, 50);
    byte[] snapshot = profiles.write();
    DayProfiles again = new DayProfiles(DayClass::usual);
    again.read(snapshot);
    assertThat(again.write()).isEqualTo(snapshot).hasSizeLessThan(1100);
    assertThat(again.nearest()).isEqualTo(profiles.nearest());
  }

  @Test
  void nothingIsToldBeforeThereIsADayToCompareWith() {
    DayProfiles profiles = new DayProfiles(DayClass::usual);
    assertThat(profiles.nearest().en()).isEmpty();
    day(profiles, 0, 1);
    assertThat(profiles.nearest().en()).isEmpty();
    day(profiles, 5, 1);
    assertThat(profiles.nearest().en()).as("a weekend after one working day").isEmpty();
  }
}
