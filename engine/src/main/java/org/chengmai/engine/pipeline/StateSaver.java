package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.chengmai.engine.pipeline.DetectorBook.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Saves the detectors' states in rounds: every few seconds what has changed until then, a few
 * series between two looks at the topic, so that detection never waits. For the detectors' thread.
 */
final class StateSaver {
  /** States written between two looks at the topic: some take 50 µs each. */
  private static final int SLICE = 20;

  /** Until the writer is looked at again: it takes some ten times as long for what it has. */
  private static final Duration WRITING = Duration.ofMillis(5);

  /** States that are saved in one transaction. */
  private static final int CUT = 200;

  private final DetectorRunner.Config config;
  private final SeriesWatch watch;
  private final WatchWriter writer;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private List<Snapshot> states = new ArrayList<>();

  /** Series that this round has yet to save; negative between two rounds. */
  private int left = -1;

  private long savedAt;

  StateSaver(
      DetectorRunner.Config config,
      SeriesWatch watch,
      WatchWriter writer,
      InstantSource clock,
      LongSupplier nanos) {
    this.config = config;
    this.watch = watch;
    this.writer = writer;
    this.clock = clock;
    this.nanos = nanos;
    this.savedAt = nanos.getAsLong();
  }

  /** How long a look at the topic may wait for points: a round goes on as the writer gets on. */
  Duration patience(Duration most) {
    if (left <= 0) {
      return most;
    }
    return writer.takesCuts() ? Duration.ZERO : WRITING;
  }

  /** Series that are not saved as they stand. */
  int unsaved() {
    return watch.unsaved() + states.size() + writer.unsaved();
  }

  /** Goes on with a round, or begins one when it is time, as far as that takes no time. */
  void goOn(long next, @Nullable Instant lastTick) {
    if (left < 0) {
      if (nanos.getAsLong() - savedAt < config.saveEvery().toNanos()) {
        return;
      }
      left = watch.unsaved();
      savedAt = nanos.getAsLong();
    }
    if (writer.takesCuts()) {
      cut(Math.min(SLICE, left), next, lastTick);
    }
  }

  /** Saves all that changed, and waits for it. */
  void finish(long next, @Nullable Instant lastTick) {
    left = watch.unsaved();
    do {
      cut(Math.min(CUT, left), next, lastTick);
      writer.flush();
    } while (left > 0);
    savedAt = nanos.getAsLong();
  }

  /** Takes the states of so many series, and hands over what has come together. */
  private void cut(int most, long next, @Nullable Instant lastTick) {
    SeriesWatch.Cut cut = watch.cut(most, next, lastTick);
    states.addAll(cut.states());
    left -= most;
    if (states.size() < CUT && left > 0) {
      return;
    }
    if (!states.isEmpty() || next != writer.place().snapshot()) {
      Instant bandsFrom = clock.instant().minus(config.keepBands());
      writer.save(
          new SeriesWatch.Cut(states, cut.offset(), cut.lastTick()),
          watch.takeBands(bandsFrom),
          left > 0 ? null : bandsFrom,
          next);
      states = new ArrayList<>();
    }
    left = left > 0 ? left : -1;
  }
}
