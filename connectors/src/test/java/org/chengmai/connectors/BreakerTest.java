package org.chengmai.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BreakerTest {
  private static final String REACHED = "reached";

  private final AtomicLong now = new AtomicLong();
  private final Breaker breaker = new Breaker("base_air", now::get);

  private String attempt(Breaker.Attempt<String> attempt) throws SQLException {
    return breaker.attempt(attempt, error -> error.getMessage().startsWith("connection"));
  }

  private void fail(String message) {
    assertThatThrownBy(
            () ->
                attempt(
                    () -> {
                      throw new SQLException(message);
                    }))
        .hasMessage(message);
  }

  private void failTimes(int times) {
    for (int i = 0; i < times; i++) {
      fail("connection refused");
    }
  }

  @Test
  void someFailuresInARowStopFurtherAttemptsForAWhile() throws SQLException {
    failTimes(Breaker.FAILURES - 1);
    assertThat(attempt(() -> REACHED)).isEqualTo(REACHED);
    failTimes(Breaker.FAILURES);
    assertThatThrownBy(() -> attempt(() -> REACHED))
        .isInstanceOf(SQLException.class)
        .hasMessage(
            "base_air could not be reached 3 times in a row (connection refused); it is tried again in 10 s");
  }

  @Test
  void afterThePauseOneCallerTries() throws SQLException {
    failTimes(Breaker.FAILURES);
    now.addAndGet(Breaker.PAUSE.toNanos());
    assertThatThrownBy(
            () ->
                attempt(
                    () -> {
                      assertThatThrownBy(() -> attempt(() -> REACHED))
                          .hasMessageContaining("just now");
                      throw new SQLException("connection still away");
                    }))
        .hasMessage("connection still away");
    assertThatThrownBy(() -> attempt(() -> REACHED))
        .hasMessageContaining("4 times in a row (connection still away)");
    now.addAndGet(Breaker.PAUSE.toNanos());
    assertThat(attempt(() -> REACHED)).isEqualTo(REACHED);
    fail("connection lost");
    assertThat(attempt(() -> REACHED)).isEqualTo(REACHED);
  }

  @Test
  void anAttemptThatSaysNothingLetsTheNextOneTry() throws SQLException {
    failTimes(Breaker.FAILURES);
    now.addAndGet(Breaker.PAUSE.toNanos());
    fail("syntax error");
    assertThat(attempt(() -> REACHED)).isEqualTo(REACHED);
  }
}
