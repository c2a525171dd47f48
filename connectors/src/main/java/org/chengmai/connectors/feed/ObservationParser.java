package org.chengmai.connectors.feed;

import java.time.InstantSource;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Turns the bytes of a request or message into observations and bad records; no row makes it throw.
 * Only a payload above the limit is refused as a whole (TOO_LARGE). Safe for several threads.
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

  /** Reads a payload that came by {@code feed}. */
  public Batch parse(String feed, Reading reading, byte[] payload) {
    if (payload.length > limits.maxRequestBytes()) {
      throw new ChengmaiException(
          ErrorCode.TOO_LARGE,
          "%s: %d bytes; at most %d are possible, send several requests"
              .formatted(feed, payload.length, limits.maxRequestBytes()));
    }
    Rows rows = new Rows(payload, limits, series, clock.instant());
    int from = hasByteOrderMark(payload) ? 3 : 0;
    switch (reading.format()) {
      case JSON -> new JsonRows(payload, rows, reading.series()).document(from, payload.length);
      case NDJSON -> new JsonRows(payload, rows, reading.series()).lines(from, payload.length);
      case LINE_PROTOCOL ->
          new LineRows(payload, rows, reading.precision()).lines(from, payload.length);
    }
    return rows.batch(feed, reading);
  }

  private static boolean hasByteOrderMark(byte[] payload) {
    return payload.length >= 3
        && payload[0] == (byte) 0xEF
        && payload[1] == (byte) 0xBB
        && payload[2] == (byte) 0xBF;
  }
}
