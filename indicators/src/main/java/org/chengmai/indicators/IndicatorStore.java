package org.chengmai.indicators;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Where indicator points are kept. Every read answers the newest revision of each period. */
public interface IndicatorStore {

  /**
   * Hands points over durably; returns when they are acknowledged. Points become readable soon
   * after.
   */
  void append(List<IndicatorPoint> points);

  /**
   * Returns when what this store appended before is readable; EXTERNAL when that takes too long.
   */
  void awaitReadable();

  /** Points of one series with {@code from <= periodStart < to}, oldest first. */
  List<IndicatorPoint> history(SeriesKey key, Instant from, Instant to);

  /** As {@link #history}, as it was known then: of revisions computed at or before that time. */
  List<IndicatorPoint> asOf(SeriesKey key, Instant from, Instant to, Instant known);

  /** The points of every series of some codes in the given periods, in no order. */
  List<IndicatorPoint> at(Collection<String> codes, Collection<Instant> periodStarts);

  /** Points of every series of some codes with {@code from <= periodStart < to}, in no order. */
  List<IndicatorPoint> between(Collection<String> codes, Instant from, Instant to);

  /** The newest point of every series of the given codes since {@code from}. */
  List<IndicatorPoint> newest(List<String> codes, Instant from);
}
