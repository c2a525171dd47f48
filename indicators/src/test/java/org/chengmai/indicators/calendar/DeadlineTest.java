package org.chengmai.indicators.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlineTest {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private final ChineseCalendar calendar = ChineseCalendar.shipped();

  @ParameterizedTest
  @CsvSource({
    "24, 2026-01-20T09:00:00Z, 2026-02-24T16:00:00Z",
    "18, 2026-01-20T09:00:00Z, 2026-02-24T10:00:00Z",
    // half past seven in the morning and late in the evening of the same Chinese day
    "18, 2026-01-19T23:30:00Z, 2026-02-24T10:00:00Z",
    "18, 2026-01-20T15:59:59Z, 2026-02-24T10:00:00Z",
    "18, 2026-01-20T16:00:00Z, 2026-02-25T10:00:00Z",
    "24, 2026-02-10T01:00:00Z, 2026-03-16T16:00:00Z",
    "24, 2026-09-10T01:00:00Z, 2026-10-14T16:00:00Z",
    "24, 2025-12-31T01:00:00Z, 2026-01-29T16:00:00Z"
  })
  void twentyWorkingDaysEndAtTheHour(int hour, Instant start, Instant due) {
    assertThat(new Deadline(20, hour, CHINA).due(start, calendar))
        .isEqualTo(new Deadline.Due(due, false));
  }

  @Test
  void aDeadlineInAYearWithoutAListIsProvisional() {
    assertThat(new Deadline(20, 24, CHINA).due(Instant.parse("2026-12-20T01:00:00Z"), calendar))
        .isEqualTo(new Deadline.Due(Instant.parse("2027-01-15T16:00:00Z"), true));
  }

  @Test
  void anHourThatNoDayHasIsRefused() {
    assertThatThrownBy(() -> new Deadline(20, 25, CHINA))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("hour 25");
    assertThatThrownBy(() -> new Deadline(-1, 24, CHINA)).hasMessageContaining("-1 working days");
  }
}
