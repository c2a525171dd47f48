package org.chengmai.connectors.jdbc;

import java.io.EOFException;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/**
 * The bytes of a {@code COPY … TO STDOUT} as one sequence. PostgreSQL sends a row a message, but
 * promises nothing about where messages end.
 */
final class CopyBytes {
  private final CopyOut copy;
  private byte[] data = new byte[0];
  private int position;
  private long taken;

  CopyBytes(CopyOut copy) {
    this.copy = copy;
  }

  /** Makes the next {@code count} bytes lie in {@link #data()} from {@link #position()} on. */
  void need(int count) throws SQLException, IOException {
    while (data.length - position < count) {
      byte @Nullable [] next = copy.readFromCopy();
      if (next == null) {
        throw new EOFException("the answer ends in the middle of a row");
      }
      taken += next.length;
      int rest = data.length - position;
      if (rest > 0) {
        byte[] joined = new byte[rest + next.length];
        System.arraycopy(data, position, joined, 0, rest);
        System.arraycopy(next, 0, joined, rest, next.length);
        next = joined;
      }
      data = next;
      position = 0;
    }
  }

  /** Whether the server has said that nothing follows. */
  boolean isAtEnd() throws SQLException {
    return position == data.length && copy.readFromCopy() == null;
  }

  byte[] data() {
    return data;
  }

  int position() {
    return position;
  }

  void skip(int count) {
    position += count;
  }

  short nextShort() throws SQLException, IOException {
    need(Short.BYTES);
    short value = BigEndian.int2(data, position);
    position += Short.BYTES;
    return value;
  }

  int nextInt() throws SQLException, IOException {
    need(Integer.BYTES);
    int value = BigEndian.int4(data, position);
    position += Integer.BYTES;
    return value;
  }

  /** How many bytes have come so far. */
  long taken() {
    return taken;
  }
}
