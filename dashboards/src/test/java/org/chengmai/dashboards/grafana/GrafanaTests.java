package org.chengmai.dashboards.grafana;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.chengmai.dashboards.Xining;
import org.junit.jupiter.api.Assertions;

/** What the tests of this package share. */
final class GrafanaTests {
  private GrafanaTests() {}

  /** Short pauses, so that a test of back-off is over soon. */
  static GrafanaConfig config(String url, String token) {
    return new GrafanaConfig(
        url,
        token,
        "城脉 Chengmai",
        "chengmai",
        "127.0.0.1:8815",
        "flight-secret-91",
        false,
        Duration.ofSeconds(5),
        5,
        1000,
        1000,
        Duration.ofMillis(700),
        Duration.ofMillis(20),
        Duration.ofMillis(200),
        Duration.ofMinutes(5));
  }

  static GrafanaConfig withQueueLimits(GrafanaConfig c, int queueLimit, int alertLimit) {
    return new GrafanaConfig(
        c.url(),
        c.token(),
        c.folder(),
        c.name(),
        c.flightAddress(),
        c.flightToken(),
        c.flightTls(),
        c.timeout(),
        c.batchesPerSecond(),
        queueLimit,
        alertLimit,
        c.resendEvery(),
        c.firstRetry(),
        c.lastRetry(),
        c.recheckEvery());
  }

  /** Waits until the condition holds, at most 15 seconds. */
  static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        Assertions.fail("not within 15 s: " + what);
      }
      Thread.onSpinWait();
      LockSupport.parkNanos(5_000_000);
    }
  }

  static InstantSource clock() {
    return InstantSource.fixed(Xining.NOON.plusSeconds(3600));
  }
}
