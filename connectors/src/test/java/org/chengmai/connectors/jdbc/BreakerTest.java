package org.chengmai.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BreakerTest {
  private final AtomicLong now = new AtomicLong();
  private final Breaker breaker = new Breaker("base_air", now::get);

  private void failTimes(int times) throws SQLException {
    for (int i = 0; i < times; i++) {
      breaker.enter();
      breaker.failed("connection refused");
    }
  }

  @Test
  void someFailuresInARowStopFurtherAttemptsForAWhile() throws SQLException {
    failTimes(Breaker.FAILURES - 1);
    breaker.enter();
    breaker.succeeded();
    failTimes(Breaker.FAILURES);
    assertThatThrownBy(breaker::enter)
        .isInstanceOf(SQLException.class)
        .hasMessage(
            "base_air could not be reached 3 times in a row (connection refused); it is tried again in 10 s");
  }

  @Test
  void afterThePauseOneCallerTries() throws SQLException {
    failTimes(Breaker.FAILURES);
    now.addAndGet(Breaker.PAUSE.toNanos());
    breaker.enter();
    assertThatThrownBy(breaker::enter).hasMessageContaining("just now");
    breaker.failed("still away");
    assertThatThrownBy(breaker::enter).hasMessageContaining("4 times in a row (still away)");
    now.addAndGet(Breaker.PAUSE.toNanos());
    breaker.enter();
    breaker.succeeded();
    breaker.enter();
    breaker.enter();
  }

  @Test
  void anAttemptThatSaysNothingLetsTheNextOneTry() throws SQLException {
    failTimes(Breaker.FAILURES);
    now.addAndGet(Breaker.PAUSE.toNanos());
    breaker.enter();
    breaker.unknown();
    breaker.enter();
  }
}
