package org.chengmai.engine.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.Sighting;
import org.chengmai.engine.pipeline.DetectorBook.Expected;
import org.chengmai.engine.pipeline.DetectorBook.Place;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the detectors found to the alert book and their states to PostgreSQL, in the order in
 * which they were handed over, so that nobody who detects waits for a disk. A state is never saved
 * before the alerts of the records that it has seen. After a failure it takes nothing more until it
 * begins anew. Safe for one thread that hands over and one that writes.
 */
final class WatchWriter {
  /** So many sightings wait at most; whoever hands over more waits with them. */
  private static final int MOST_SIGHTINGS = 20_000;

  /** So many cuts wait at most; one more is not asked for. */
  private static final int MOST_CUTS = 2;

  private final Executor executor;
  private final AlertBook alerts;
  private final DetectorBook book;
  private final MeterRegistry meters;
  private final Timer handed;
  private final Timer committed;
  private final Deque<Work> waiting = new ArrayDeque<>();
  private int sightings;
  private int cuts;
  private int states;
  private boolean isWriting;
  private Place place = new Place("", 0, 0, null);
  private @Nullable RuntimeException failure;

  WatchWriter(Executor executor, AlertBook alerts, DetectorBook book, MeterRegistry meters) {
    this.executor = executor;
    this.alerts = alerts;
    this.book = book;
    this.meters = meters;
    this.handed = timer("chengmai.anomaly.find", "from the read record to the hand-over", meters);
    this.committed = timer("chengmai.anomaly.keep", "from the read record to the commit", meters);
  }

  private static Timer timer(String name, String what, MeterRegistry meters) {
    return Timer.builder(name)
        .description("time of an anomaly " + what)
        .publishPercentiles(0.5, 0.99)
        .distributionStatisticExpiry(Duration.ofMinutes(5))
        .register(meters);
  }

  /** Something to write, as of the next record. */
  private sealed interface Work {
    long next();

    /** Anomalies, and when their records were read. */
    record Told(List<Sighting> found, long next, long readAt) implements Work {}

    record Saved(SeriesWatch.Cut cut, List<Expected> bands, @Nullable Instant bandsFrom, long next)
        implements Work {}
  }

  /** Begins at a place; what was handed over before is dropped. */
  void begin(Place from) {
    abandon();
    synchronized (this) {
      place = from;
      failure = null;
    }
  }

  /** Drops what waits, and waits for what is being written. */
  synchronized void abandon() {
    clear();
    awaitWhile(() -> isWriting);
  }

  /** Hands anomalies over; throws what writing failed with. */
  synchronized void tell(List<Sighting> found, long next, long readAt) {
    awaitWhile(() -> sightings > MOST_SIGHTINGS);
    check();
    long now = System.nanoTime();
    found.forEach(one -> handed.record(now - readAt, TimeUnit.NANOSECONDS));
    sightings += found.size();
    add(new Work.Told(found, next, readAt));
  }

  /** Whether it would take another cut now; throws what writing failed with. */
  synchronized boolean takesCuts() {
    check();
    return cuts < MOST_CUTS;
  }

  /** States that were handed over and are not saved yet. */
  synchronized int unsaved() {
    return states;
  }

  /** Hands states and bands over; bands before a time are forgotten, where one is given. */
  synchronized void save(
      SeriesWatch.Cut cut, List<Expected> bands, @Nullable Instant bandsFrom, long next) {
    check();
    cuts++;
    states += cut.states().size();
    add(new Work.Saved(cut, bands, bandsFrom, next));
  }

  /** Waits until all is written; throws what writing failed with. */
  synchronized void flush() {
    awaitWhile(() -> isWriting || !waiting.isEmpty());
    check();
  }

  /** How far everything is written. */
  synchronized Place place() {
    return place;
  }

  private void check() {
    if (failure != null) {
      throw failure;
    }
  }

  private void clear() {
    waiting.clear();
    sightings = 0;
    cuts = 0;
    states = 0;
  }

  private void add(Work work) {
    waiting.add(work);
    if (!isWriting) {
      isWriting = true;
      executor.execute(this::write);
    }
  }

  private void awaitWhile(BooleanSupplier busy) {
    try {
      while (busy.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "the detectors' writer was interrupted", e);
    }
  }

  private void write() {
    while (true) {
      List<Work.Told> told = new ArrayList<>();
      Work.@Nullable Saved saved = null;
      Place from;
      synchronized (this) {
        while (waiting.peek() instanceof Work.Told one) {
          told.add(one);
          waiting.remove();
        }
        if (told.isEmpty() && waiting.peek() instanceof Work.Saved one) {
          saved = one;
          waiting.remove();
        }
        if (told.isEmpty() && saved == null) {
          isWriting = false;
          notifyAll();
          return;
        }
        from = place;
      }
      Place to = from;
      RuntimeException failed = null;
      try {
        to = saved == null ? append(told, from) : keep(saved, from);
      } catch (RuntimeException e) {
        failed = e;
      } catch (Error e) {
        failed = new ChengmaiException(ErrorCode.INTERNAL, "the detectors' writer failed: " + e, e);
      }
      synchronized (this) {
        if (failed == null) {
          place = to;
          sightings -= told.stream().mapToInt(one -> one.found().size()).sum();
          cuts -= saved == null ? 0 : 1;
          states -= saved == null ? 0 : saved.cut().states().size();
        } else {
          failure = failed;
          clear();
        }
        sightings = Math.max(0, sightings);
        cuts = Math.max(0, cuts);
        states = Math.max(0, states);
        notifyAll();
      }
    }
  }

  private Place append(List<Work.Told> told, Place from) {
    List<Sighting> all = told.stream().flatMap(one -> one.found().stream()).toList();
    long next = told.get(told.size() - 1).next();
    int events = alerts.append(all, book.alertsReached(from, next)).size();
    meters.counter("chengmai.alerts.append").increment(events);
    long now = System.nanoTime();
    for (Work.Told one : told) {
      one.found().forEach(each -> committed.record(now - one.readAt(), TimeUnit.NANOSECONDS));
    }
    return new Place(from.topicId(), next, from.snapshot(), from.lastTick());
  }

  private Place keep(Work.Saved saved, Place from) {
    Place to = book.save(from, saved.next(), saved.cut(), saved.bands());
    if (saved.bandsFrom() != null) {
      book.pruneBands(saved.bandsFrom());
    }
    return to;
  }
}
