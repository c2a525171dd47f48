package org.chengmai.dashboards.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The newest frames of the alert log without a gap, so that clients who keep up cost no read of the
 * log. Bounded; whoever is further behind reads the log itself. Used on the hub's context only.
 */
final class AlertTail {
  private static final int CAPACITY = 512;

  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private @Nullable UUID epoch;

  /**
   * Takes an event's frame; one that is already here changes nothing, one after a gap starts the
   * tail anew.
   */
  void add(UUID newEpoch, Frame frame) {
    if (!newEpoch.equals(epoch)) {
      epoch = newEpoch;
      frames.clear();
    }
    if (!frames.isEmpty()) {
      long last = frames.getLast().seq();
      if (frame.seq() <= last) {
        return;
      }
      if (frame.seq() > last + 1) {
        frames.clear();
      }
    }
    frames.addLast(frame);
    if (frames.size() > CAPACITY) {
      frames.removeFirst();
    }
  }

  /** The epoch of the newest event, null before the first. */
  @Nullable UUID epoch() {
    return epoch;
  }

  /** The newest sequence number, 0 before the first event. */
  long last() {
    return frames.isEmpty() ? 0 : frames.getLast().seq();
  }

  /**
   * Up to {@code limit} frames right after {@code seq}; empty when they are no longer, or not yet,
   * here.
   */
  List<Frame> after(long seq, int limit) {
    if (frames.isEmpty() || seq + 1 < frames.getFirst().seq() || seq >= last()) {
      return List.of();
    }
    int behind = (int) (last() - seq);
    List<Frame> found = new ArrayList<>(Math.min(behind, limit));
    int skip = frames.size() - behind;
    for (Frame frame : frames) {
      if (skip-- > 0) {
        continue;
      }
      if (found.size() == limit) {
        break;
      }
      found.add(frame);
    }
    return found;
  }
}
