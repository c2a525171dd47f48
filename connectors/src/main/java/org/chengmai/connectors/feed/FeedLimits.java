package org.chengmai.connectors.feed;

import java.time.Duration;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * What a feed takes at most.
 *
 * @param maxRowBytes a longer row is bad
 * @param maxRequestBytes a longer request or message is refused as a whole (after decompression)
 * @param maxOriginalBytes how much of a bad row is kept
 * @param maxBadRows after so many bad rows the rest of a request is one bad row
 * @param back how old an observation may be
 * @param ahead how far a sender's clock may be ahead of ours
 */
public record FeedLimits(
    int maxRowBytes,
    int maxRequestBytes,
    int maxOriginalBytes,
    int maxBadRows,
    Duration back,
    Duration ahead) {
  public FeedLimits {
    if (maxRowBytes < 64
        || maxRequestBytes < maxRowBytes
        || maxBadRows < 1
        || back.isNegative()
        || ahead.isNegative()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "feed limits: max_row_bytes %d is at least 64 and at most max_request_bytes %d, max_bad_rows %d at least 1, back %s and ahead %s not negative"
              .formatted(maxRowBytes, maxRequestBytes, maxBadRows, back, ahead));
    }
    if (maxOriginalBytes < 64 || maxOriginalBytes > 512 << 10) {
      // In base64 it has to fit into one Kafka message of 1 MB.
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "feed limits: max_original_bytes %d is not 64 to 524288".formatted(maxOriginalBytes));
    }
  }

  public static FeedLimits defaults() {
    return new FeedLimits(
        1 << 20, 16 << 20, 64 << 10, 10_000, Duration.ofDays(400), Duration.ofMinutes(10));
  }
}
