package org.chengmai.connectors.druid;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.stream.Collectors;

/** Writes conditions on Druid's time column. */
public final class DruidTimes {
  private DruidTimes() {}

  /**
   * That a row's time is one of some times, of which there is at least one. They are written as
   * numbers: Druid plans a list of a thousand timestamps for minutes, one of a thousand numbers at
   * once. The bounds beside it let Druid leave out segments.
   */
  public static String oneOf(Collection<Instant> times) {
    return times.stream()
        .distinct()
        .map(time -> Long.toString(time.toEpochMilli()))
        .collect(
            Collectors.joining(
                ", ",
                "__time >= %s AND __time <= %s AND TIMESTAMP_TO_MILLIS(__time) IN ("
                    .formatted(of(Collections.min(times)), of(Collections.max(times))),
                ")"));
  }

  /** A time as a value. */
  public static String of(Instant time) {
    return "MILLIS_TO_TIMESTAMP(" + time.toEpochMilli() + ")";
  }
}
