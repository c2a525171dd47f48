package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RequestsTest {
  @Test
  void aTimeIsIsoOrMillisecondsOrADateInChina() {
    Instant midnight = Instant.parse("2026-01-30T16:00:00Z");
    assertThat(Requests.time("from", "2026-01-30T16:00:00Z")).isEqualTo(midnight);
    assertThat(Requests.time("from", "1769788800000")).isEqualTo(midnight);
    assertThat(Requests.time("from", "2026-01-31")).isEqualTo(midnight);
    assertThatThrownBy(() -> Requests.time("from", "2026-02-30")).hasMessageContaining("from");
    assertThatThrownBy(() -> Requests.time("to", "yesterday"))
        .hasMessage(
            "to 'yesterday': a time such as 2026-01-31T08:00:00Z, or a date such as 2026-01-31");
  }
}
