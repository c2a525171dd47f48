package org.chengmai.engine.pgwire;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Cuts what a client sends into frames. The first has no kind; of later ones the kind and the size
 * are checked before their bytes are waited for. Used on one event loop.
 */
final class FrameDecoder {
  /** As PostgreSQL has it, for clients that are not known yet. */
  private static final int LIMIT_BEFORE_LOG_IN = 10_000;

  /** SQL with its parameters. */
  private static final int LIMIT = 4 << 20;

  private static final String KINDS = "QPBDECSHXFpdcf";

  /** A message; the kind of the first is 0. */
  record Frame(char kind, byte[] body) {}

  private final Consumer<Frame> frames;
  private Buffer pending = Buffer.buffer();
  private boolean isTyped;
  private boolean isDrained;
  private int limit = LIMIT_BEFORE_LOG_IN;

  FrameDecoder(Consumer<Frame> frames) {
    this.frames = frames;
  }

  /** From now on frames have kinds. */
  void startMessages() {
    isTyped = true;
  }

  /** The client is known. */
  void allowLarge() {
    limit = LIMIT;
  }

  /** Whether nothing has come behind the frame that is being handed over. */
  boolean isDrained() {
    return isDrained;
  }

  /**
   * @throws PostgresError.Refusal when what follows cannot be read any more
   */
  void accept(Buffer bytes) {
    pending = pending.length() == 0 ? bytes : pending.appendBuffer(bytes);
    int at = 0;
    while (true) {
      int head = isTyped ? 1 : 0;
      if (pending.length() - at < head + 4) {
        break;
      }
      char kind = isTyped ? (char) (pending.getByte(at) & 0xff) : 0;
      if (isTyped && KINDS.indexOf(kind) < 0) {
        throw new PostgresError.Refusal(
            PostgresError.PROTOCOL, "invalid frontend message type " + (int) kind);
      }
      int length = pending.getInt(at + head);
      if (length < 4 || length > limit) {
        throw new PostgresError.Refusal(
            PostgresError.PROTOCOL,
            "a message of %d bytes is not read here; at most %,d".formatted(length, limit));
      }
      if (pending.length() - at < head + length) {
        break;
      }
      byte[] body = pending.getBytes(at + head + 4, at + head + length);
      at += head + length;
      isDrained = at == pending.length();
      frames.accept(new Frame(kind, body));
    }
    // a copy, so that a small rest does not hold on to a large buffer
    pending = at == 0 ? pending : Buffer.buffer(pending.getBytes(at, pending.length()));
  }
}
