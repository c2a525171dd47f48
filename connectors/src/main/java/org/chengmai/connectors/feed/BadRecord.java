package org.chengmai.connectors.feed;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A row that cannot be an observation, with the reason and its original bytes.
 *
 * @param reason names the field and the value
 * @param raw the original bytes, cut off when they are too many to keep
 * @param length length of the original in bytes
 * @param sha256 of the whole original in hexadecimal when {@code raw} is cut off, else null
 */
public record BadRecord(String reason, byte[] raw, int length, @Nullable String sha256) {
  /**
   * Takes the bytes from {@code from} to {@code to} (exclusive) and keeps at most {@code limit} of
   * them.
   */
  static BadRecord of(String reason, byte[] bytes, int from, int to, int limit) {
    int length = to - from;
    if (length <= limit) {
      return new BadRecord(reason, Arrays.copyOfRange(bytes, from, to), length, null);
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, from, length);
      return new BadRecord(
          reason,
          Arrays.copyOfRange(bytes, from, from + limit),
          length,
          HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
    }
  }

  /** A bad record of a whole message. */
  public static BadRecord of(String reason, byte[] bytes, FeedLimits limits) {
    return of(reason, bytes, 0, bytes.length, limits.maxOriginalBytes());
  }
}
