package org.chengmai.dashboards.live;

import java.util.List;
import java.util.UUID;
import org.chengmai.indicators.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Where one client stands in the alert log and in the points; buffers nothing. Used on the hub's
 * context only.
 */
final class LiveClient {
  final Channel channel;
  final Principal principal;
  final long connectedAt = System.nanoTime();

  /** Set once the welcome is written. */
  @Nullable UUID epoch;

  /** The last sequence number written. */
  long cursor;

  /** The last sequence number that the client says it has. */
  long acknowledged;

  /** The last tick of the points written. */
  long tick;

  /** Whether a read of the log for this client is under way: there is never more than one. */
  boolean isReading;

  boolean isClosed;

  private long fullSince;

  LiveClient(Channel channel, Principal principal) {
    this.channel = channel;
    this.principal = principal;
  }

  boolean isGreeted() {
    return epoch != null;
  }

  /** Writes log frames as far as the queue takes them; false when it filled up first. */
  boolean writeAlerts(List<Frame> frames) {
    for (Frame frame : frames) {
      if (channel.isFull()) {
        return false;
      }
      channel.write(frame);
      cursor = frame.seq();
    }
    return true;
  }

  /** For how long the queue has been full without a break, as seen by whoever asks regularly. */
  long fullForNanos(long now) {
    if (!channel.isFull()) {
      fullSince = 0;
      return 0;
    }
    if (fullSince == 0) {
      fullSince = now;
    }
    return now - fullSince;
  }

  void drained() {
    fullSince = 0;
  }
}
