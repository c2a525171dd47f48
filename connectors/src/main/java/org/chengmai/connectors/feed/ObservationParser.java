package org.chengmai.connectors.feed;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a request or message into observations and bad records; no row makes it throw. Only a payload above the limit is refused as
 * a whole (TOO_LARGE). Safe for several threads.
 */
public final class ObservationParser {
  private final FeedLimits limits;
  private final SeriesLookup series;
  private final InstantSource clock;

  public ObservationParser(FeedLimits limits, SeriesLookup series, InstantSource clock) {
    this.limits = limits;
    this.series = series;
    this.clock = clock;
  }

  public FeedLimits limits() {
    return limits;
  }

  /** Reads a payload; timestamps of line protocol are in nanoseconds. */
  public Batch parse(String feed, RowFormat format, byte[] payload) {
    return parse(feed, format, payload, null, TimeUnit.NANOSECONDS);
  }

  /**
   * Reads a payload.
   *
   * @param defaultSeries series of rows that name none, such as the one in an MQTT topic
   * @param precision unit of line protocol's timestamps
   */
  public Batch parse(
      String feed, RowFormat format, byte[] payload, @Nullable String defaultSeries, TimeUnit precision) {
    if (payload.length > limits.maxRequestBytes()) {
      throw new ChengmaiException(
          ErrorCode.TOO_LARGE,
          "%s: %d bytes; at most %d are possible, send several requests"
              .formatted(feed, payload.length, limits.maxRequestBytes()));
    }
    Rows rows = new Rows(payload, limits, series, clock.instant());
    int from = hasByteOrderMark(payload) ? 3 : 0;
    switch (format) {
      case JSON -> new JsonRows(payload, rows, defaultSeries).document(from, payload.length);
      case NDJSON -> new JsonRows(payload, rows, defaultSeries).lines(from, payload.length);
      case LINE_PROTOCOL -> new LineRows(payload, rows, precision).lines(from, payload.length);
    }
    return rows.batch(feed);
  }

  private static boolean hasByteOrderMark(byte[] payload) {
    return payload.length >= 3 && payload[0] == (byte) 0xEF && payload[1] == (byte) 0xBB && payload[2] == (byte) 0xBF;
  }
}
