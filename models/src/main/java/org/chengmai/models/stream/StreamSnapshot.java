package org.chengmai.models.stream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SeriesKey;

/** The bytes of a state: what was before the newest period, and that period. */
final class StreamSnapshot {
  private static final int LAYOUT = 4;

  private StreamSnapshot() {}

  static byte[] write(StreamState state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(LAYOUT);
      out.writeUTF(state.key.toString());
      for (double number : state.settledHot()) {
        out.writeDouble(number);
      }
      for (float number : state.settledCold()) {
        out.writeFloat(number);
      }
      Instant last = state.last;
      out.writeBoolean(last != null);
      out.writeLong(last == null ? 0 : last.getEpochSecond());
      out.writeInt(last == null ? 0 : last.getNano());
      out.writeInt(state.revision);
      out.writeDouble(state.value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static StreamState read(byte[] snapshot, Layout layout) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
      int found = in.readUnsignedByte();
      if (found != LAYOUT) {
        throw unreadable("layout %d is not %d".formatted(found, LAYOUT), null);
      }
      SeriesKey key = SeriesKey.parse(in.readUTF());
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
      state.last = hasLast ? last : null;
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
