package org.chengmai.indicators;

import java.time.Instant;

/**
 * What a detector sees of one series: a value, the known absence of a value, or only that time has
 * passed.
 */
public sealed interface DetectorEvent {

  /** A point (first or later revision) whose value is not null. */
  record Point(IndicatorPoint point) implements DetectorEvent {}

  /**
   * A period that closed without a value: the feed stopped, or nothing was measured. Never a zero.
   */
  record Missing(SeriesKey key, Instant periodStart, Grain grain) implements DetectorEvent {}

  /** Time has passed; lets `for` and `clear_for` run out without a new point. */
  record Tick(Instant now) implements DetectorEvent {}
}
