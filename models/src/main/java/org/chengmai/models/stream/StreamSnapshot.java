package org.chengmai.models.stream;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SeriesKey;

/** The bytes of a state: what was before the newest period, and that period. */
final class StreamSnapshot {
  private static final int LAYOUT = 5;

  /** What all but the key and the cold tables take. */
  private static final int FIXED =
      Byte.BYTES
          + Short.BYTES
          + Double.BYTES * Layout.HOT
          + Byte.BYTES
          + Long.BYTES
          + 2 * Integer.BYTES
          + Double.BYTES;

  private StreamSnapshot() {}

  static byte[] write(StreamState state) {
    byte[] key = state.key.toString().getBytes(StandardCharsets.UTF_8);
    float[] cold = state.cold;
    ByteBuffer out = ByteBuffer.allocate(FIXED + key.length + Float.BYTES * cold.length);
    out.put((byte) LAYOUT).putShort((short) key.length).put(key);
    for (double number : state.settledHot()) {
      out.putDouble(number);
    }
    int tables = out.position();
    for (float number : cold) {
      out.putFloat(number);
    }
    state.unsettled((cell, before) -> out.putFloat(tables + Float.BYTES * cell, before));
    boolean hasLast = state.last != StreamState.NEVER;
    Instant last = Instant.ofEpochMilli(hasLast ? state.last : 0);
    out.put((byte) (hasLast ? 1 : 0));
    out.putLong(last.getEpochSecond());
    out.putInt(last.getNano());
    out.putInt(state.revision);
    out.putDouble(state.value);
    return out.array();
  }

  static StreamState read(byte[] snapshot, Layout layout) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
      int found = in.readUnsignedByte();
      if (found != LAYOUT) {
        throw unreadable("layout %d is not %d".formatted(found, LAYOUT), null);
      }
      byte[] text = in.readNBytes(in.readUnsignedShort());
      SeriesKey key = SeriesKey.parse(new String(text, StandardCharsets.UTF_8));
      double[] hot = new double[Layout.HOT];
      for (int i = 0; i < hot.length; i++) {
        hot[i] = in.readDouble();
      }
      float[] cold = new float[layout.cold];
      for (int i = 0; i < cold.length; i++) {
        cold[i] = in.readFloat();
      }
      StreamState state = new StreamState(key, hot, cold);
      boolean hasLast = in.readBoolean();
      Instant last = Instant.ofEpochSecond(in.readLong(), in.readInt());
      state.last = hasLast ? last.toEpochMilli() : StreamState.NEVER;
      state.revision = in.readInt();
      state.value = in.readDouble();
      if (in.read() >= 0) {
        throw unreadable("longer than a series of this grain", null);
      }
      return state;
    } catch (IOException | RuntimeException e) {
      throw e instanceof ChengmaiException known ? known : unreadable("cut short or damaged", e);
    }
  }

  private static ChengmaiException unreadable(
      String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new ChengmaiException(
        ErrorCode.INVALID_INPUT, "snapshot of the streaming suite: " + why, cause);
  }
}
