package org.chengmai.connectors.jdbc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that read long answers in large pieces. PostgreSQL sends 8 KB at a time; to wake up for
 * each costs both sides more than the bytes do. Made by PostgreSQL's driver, hence public.
 */
public final class BulkSocketFactory extends SocketFactory {
  /** What one message of the server fills. */
  private static final int MESSAGE = 8 << 10;

  private static final int PIECE = 256 << 10;

  /** An answer this long is long. */
  private static final int LONG = 256 << 10;

  /** With less than this there, a long answer's next piece is worth a wait. */
  private static final int LITTLE = 64 << 10;

  private static final long WAIT_NANOS = 500_000;

  @Override
  public Socket createSocket() {
    return new BulkSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new UnsupportedOperationException("the driver connects by itself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("the driver connects by itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("the driver connects by itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("the driver connects by itself");
  }

  private static final class BulkSocket extends Socket {
    private @Nullable InputStream input;

    @Override
    public synchronized InputStream getInputStream() throws IOException {
      InputStream known = input;
      if (known == null) {
        known = new BulkInput(super.getInputStream());
        input = known;
      }
      return known;
    }
  }

  /** Used by one thread at a time, as the driver does. */
  private static final class BulkInput extends FilterInputStream {
    private byte[] piece = new byte[MESSAGE];
    private int next;
    private int end;

    /** Bytes that came in full messages without a break. */
    private long run;

    BulkInput(InputStream input) {
      super(input);
    }

    private boolean fill() throws IOException {
      if (run > LONG) {
        if (piece.length < PIECE) {
          piece = new byte[PIECE];
        }
        if (in.available() < LITTLE) {
          LockSupport.parkNanos(WAIT_NANOS);
        }
      }
      // a timeout must leave nothing behind that was read before
      int count = in.read(piece);
      next = 0;
      end = Math.max(0, count);
      run = end < MESSAGE ? 0 : run + end;
      return end > 0;
    }

    @Override
    public int read() throws IOException {
      return next < end || fill() ? piece[next++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (next == end && !fill()) {
        return -1;
      }
      int count = Math.min(length, end - next);
      System.arraycopy(piece, next, target, offset, count);
      next += count;
      return count;
    }

    @Override
    public int available() throws IOException {
      return end - next + in.available();
    }

    @Override
    public long skip(long count) throws IOException {
      int skipped = (int) Math.min(count, end - next);
      next += skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
