package org.chengmai.engine.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The city's clock: runs {@code speed} times as fast as the wall clock; the speed may change. Safe
 * for several threads.
 */
final class DemoClock implements InstantSource {
  private Instant start;
  private double speed;
  private long startNanos = System.nanoTime();

  DemoClock(Instant start, double speed) {
    this.start = start;
    this.speed = speed;
  }

  synchronized double speed() {
    return speed;
  }

  /** Sets the clock to a time and starts it from there. */
  synchronized void set(Instant time, double newSpeed) {
    start = time;
    startNanos = System.nanoTime();
    speed = newSpeed;
  }

  /** Goes on at another speed. */
  synchronized void run(double newSpeed) {
    set(instant(), newSpeed);
  }

  @Override
  public synchronized Instant instant() {
    return start.plusNanos((long) ((System.nanoTime() - startNanos) * speed));
  }

  /** The wall-clock instant at which this clock shows {@code time}, at its present speed. */
  synchronized Instant wall(Instant time) {
    return Instant.now().plusNanos((long) (Duration.between(instant(), time).toNanos() / speed));
  }
}
