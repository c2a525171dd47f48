package org.chengmai.dashboards.live;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertLog;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;

/** An alert log in memory for tests; can forget its oldest events and fail a number of reads. */
public final class MemoryAlertLog implements AlertLog {
  private static final Instant START = Instant.parse("2026-03-18T02:30:00Z");

  private final List<AlertEvent> events = new ArrayList<>();
  private final Map<String, Alert> alerts = new LinkedHashMap<>();
  private UUID epoch = UUID.randomUUID();
  private long floor = 1;

  /** How many of the next reads fail. */
  final AtomicInteger failures = new AtomicInteger();

  final AtomicInteger reads = new AtomicInteger();

  @Override
  public synchronized UUID epoch() {
    return epoch;
  }

  @Override
  public synchronized long head() {
    return events.size();
  }

  @Override
  public synchronized long floor() {
    return floor;
  }

  @Override
  public synchronized List<AlertEvent> after(long seq, int limit) {
    reads.incrementAndGet();
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IllegalStateException("the store is away");
    }
    int from = (int) Math.max(seq, floor - 1);
    return List.copyOf(events.subList(from, Math.min(events.size(), from + limit)));
  }

  @Override
  public synchronized List<Alert> open() {
    return alerts.values().stream()
        .filter(alert -> alert.state().isOpen())
        .sorted(Comparator.comparing(Alert::grade).thenComparing(Alert::startsAt).reversed())
        .toList();
  }

  public synchronized List<Alert> all() {
    return List.copyOf(alerts.values());
  }

  /** Appends one event about {@code alert}. */
  public synchronized AlertEvent append(AlertEvent.Type type, String actor, Alert alert) {
    AlertEvent event =
        new AlertEvent(epoch, events.size() + 1, type, alert.lastSeenAt(), actor, alert);
    events.add(event);
    alerts.put(alert.id(), alert);
    return event;
  }

  /** Appends {@code number} firing alerts with a note of {@code size} characters. */
  synchronized List<AlertEvent> fire(int number, int size) {
    List<AlertEvent> added = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      added.add(
          append(
              AlertEvent.Type.FIRED,
              "threshold",
              alert("A" + (events.size() + 1), "x".repeat(size))));
    }
    return added;
  }

  synchronized void forgetBefore(long seq) {
    floor = seq;
  }

  /** As after a restore: another epoch, numbered from 1. */
  synchronized void restore() {
    epoch = UUID.randomUUID();
    events.clear();
    alerts.clear();
    floor = 1;
  }

  private static Alert alert(String id, String note) {
    Anomaly anomaly =
        new Anomaly(
            SeriesKey.of("CVS-ENV-0001", "630102"),
            "threshold",
            "threshold@1",
            Anomaly.Status.FIRING,
            START,
            1,
            Grade.ORANGE,
            166.0,
            new Band(20, 60, 110),
            3.2,
            Anomaly.Reasons.of("超过橙色阈值 151", "above the orange threshold 151"));
    return new Alert(
        id,
        "f-" + id,
        AlertState.FIRING,
        Grade.ORANGE,
        1,
        START,
        START,
        null,
        1,
        null,
        note,
        anomaly);
  }
}
