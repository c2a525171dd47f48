package org.chengmai.dashboards.live;

import java.util.List;
import java.util.UUID;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertLog;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.jspecify.annotations.Nullable;

/**
 * Reads the alert log for one client at a time and makes the frames; blocks, so it runs on workers
 * only.
 */
record AlertReader(AlertLog log, int batch) {

  /**
   * What the log looks like to a client that stands at {@code seq} of {@code epoch}. The head is
   * read before the open alerts: a change in between is seen twice, never missed.
   */
  Outlook look(@Nullable String epoch, long seq) {
    UUID current = log.epoch();
    long head = log.head();
    long floor = log.floor();
    boolean resumes =
        current.toString().equals(epoch) && seq >= floor - 1 && seq >= 0 && seq <= head;
    return new Outlook(current, head, floor, resumes ? null : log.open());
  }

  /**
   * The next frames, or null when the log no longer continues at {@code from} and the client must
   * start anew.
   */
  @Nullable List<Frame> after(UUID epoch, long from) {
    List<AlertEvent> events = log.after(from, batch);
    long expected = from;
    for (AlertEvent event : events) {
      if (!event.epoch().equals(epoch) || event.seq() != ++expected) {
        return null;
      }
    }
    return events.stream().map(Frame::of).toList();
  }

  /**
   * The log at one moment.
   *
   * @param open the alerts to start anew from, null when the client can resume
   */
  record Outlook(UUID epoch, long head, long floor, @Nullable List<Alert> open) {

    Frame welcome(Principal principal) {
      return Frame.of(
          new Welcome(
              "welcome", epoch.toString(), head, floor, principal.name(), principal.role()));
    }

    /** What a client that cannot resume is told, null when it can. */
    @Nullable Frame reset() {
      return open == null
          ? null
          : Frame.at(epoch.toString(), head, new Reset("reset", epoch.toString(), head, open));
    }
  }

  /** A client's place in the log; without a readable one, no place at all. */
  record Place(@Nullable String epoch, long seq) {
    private static final Place NONE = new Place(null, -1);

    /** Reads {@code epoch:seq}, the form of {@code Last-Event-ID}. */
    static Place parse(@Nullable String id) {
      if (id == null) {
        return NONE;
      }
      int colon = id.lastIndexOf(':');
      try {
        return colon < 1
            ? NONE
            : new Place(id.substring(0, colon), Long.parseLong(id.substring(colon + 1)));
      } catch (NumberFormatException e) {
        return NONE;
      }
    }
  }

  private record Welcome(
      String type, String epoch, long head, long floor, String user, Role role) {}

  private record Reset(String type, String epoch, long seq, List<Alert> alerts) {}
}
