package org.chengmai.engine.pgwire;

import io.vertx.core.net.NetSocket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Messages to one client from a worker thread, which waits while the client reads more slowly than
 * rows come. Written by one thread at a time.
 *
 * <p>Must not be used on an event loop.
 */
final class Output {
  private static final int CHUNK = 1 << 15;
  private static final int CHUNKS_ON_THE_WAY = 4;
  private static final int PATIENCE_SECONDS = 60;

  /** The client has gone away, or does not read. */
  static final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Gone(String why) {
      super(why, null, false, false);
    }
  }

  private final NetSocket socket;
  private final Semaphore room = new Semaphore(CHUNKS_ON_THE_WAY);
  private final MessageWriter messages = new MessageWriter();
  private volatile boolean isGone;

  Output(NetSocket socket) {
    this.socket = socket;
  }

  MessageWriter messages() {
    return messages;
  }

  /** The client has gone away: who waits for it must not. */
  void abandon() {
    isGone = true;
    room.release(CHUNKS_ON_THE_WAY);
  }

  /** Sends when enough has been written. */
  void flushWhenLarge() {
    if (messages.length() >= CHUNK) {
      flush();
    }
  }

  /** Sends what has been written. */
  void flush() {
    if (isGone) {
      throw new Gone("the client has gone away");
    }
    if (messages.length() == 0) {
      return;
    }
    try {
      if (!room.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        socket.close();
        throw new Gone("the client read nothing for %d seconds".formatted(PATIENCE_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Gone("interrupted");
    }
    socket.write(messages.take()).onComplete(done -> room.release());
  }
}
