package org.chengmai.connectors.druid;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that remembers how many bytes came and what the last two were. */
final class LastBytes extends FilterInputStream {
  private long count;
  private int last;
  private int beforeLast;

  LastBytes(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    if (next >= 0) {
      count++;
      beforeLast = last;
      last = next;
    }
    return next;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    if (read > 0) {
      count += read;
      beforeLast = read > 1 ? into[offset + read - 2] : last;
      last = into[offset + read - 1];
    }
    return read;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  long count() {
    return count;
  }

  boolean endWithEmptyLine() {
    return last == '\n' && beforeLast == '\n';
  }
}
