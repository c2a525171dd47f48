package org.chengmai.engine.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A response written from a worker thread, which waits while the client is slower than the query.
 * Written by one thread.
 *
 * <p>Must not be used on an event loop.
 */
final class ResponseStream extends OutputStream {
  private static final int CHUNK = 1 << 16;
  private static final int CHUNKS_ON_THE_WAY = 8;

  private final HttpServerResponse response;
  private final Semaphore room = new Semaphore(CHUNKS_ON_THE_WAY);
  private byte[] chunk = new byte[CHUNK];
  private int length;
  private boolean isClosed;
  private volatile boolean isAbandoned;
  private volatile @Nullable Runnable onAbandon;

  ResponseStream(HttpServerResponse response) {
    this.response = response;
  }

  /** What to do when the client goes away; at once if it has. */
  void onAbandon(Runnable action) {
    onAbandon = action;
    if (isAbandoned) {
      action.run();
    }
  }

  /** The client has gone away, or the response is complete. */
  void abandon() {
    isAbandoned = true;
    room.release(CHUNKS_ON_THE_WAY);
    Runnable action = onAbandon;
    if (action != null) {
      action.run();
    }
  }

  boolean isAbandoned() {
    return isAbandoned;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int from = offset;
    int left = count;
    while (left > 0) {
      int part = Math.min(left, CHUNK - length);
      System.arraycopy(bytes, from, chunk, length, part);
      length += part;
      from += part;
      left -= part;
      if (length == CHUNK) {
        send();
      }
    }
  }

  private void send() throws IOException {
    if (isAbandoned) {
      throw new IOException("the client has gone away");
    }
    try {
      room.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (!response.headWritten()) {
      response.setChunked(true);
    }
    byte[] full = chunk;
    int filled = length;
    chunk = new byte[CHUNK];
    length = 0;
    response.write(Buffer.buffer(full).slice(0, filled)).onComplete(done -> room.release());
  }

  /** Whether a part of the answer is on its way, and its status can no longer change. */
  boolean isBegun() {
    return response.headWritten();
  }

  /** Sends what is written and cuts the connection, so that no client takes it for the whole. */
  void breakOff() {
    isClosed = true;
    response.write(Buffer.buffer(chunk).slice(0, length)).onComplete(sent -> response.reset());
  }

  /** Writers flush often; chunks go out when full. */
  @Override
  public void flush() {}

  @Override
  public void close() throws IOException {
    if (!isClosed) {
      isClosed = true;
      if (isAbandoned) {
        throw new IOException("the client has gone away");
      }
      response.end(Buffer.buffer(chunk).slice(0, length));
    }
  }
}
