package org.chengmai.indicators;

import java.time.Instant;
import java.util.List;

/** Where indicator points are kept. Every read answers the newest revision of each period. */
public interface IndicatorStore {

  /**
   * Hands points over durably; returns when they are acknowledged. Points become readable soon
   * after.
   */
  void append(List<IndicatorPoint> points);

  /** Points of one series with {@code from <= periodStart < to}, oldest first. */
  List<IndicatorPoint> history(SeriesKey key, Instant from, Instant to);

  /** The newest point of every series of the given codes since {@code from}. */
  List<IndicatorPoint> newest(List<String> codes, Instant from);
}
