package org.chengmai.models.tribuo;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * SHA-256 of the rows that a model was trained on, in their order. Not safe for several threads.
 */
final class RowHash {
  private final MessageDigest digest;

  RowHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
    }
  }

  void add(Instant time, double target, double[] features) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * (features.length + 2));
    buffer.putLong(time.toEpochMilli()).putDouble(target);
    for (double feature : features) {
      buffer.putDouble(feature);
    }
    digest.update(buffer.array());
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
