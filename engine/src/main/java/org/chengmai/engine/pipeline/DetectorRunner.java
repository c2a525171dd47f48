package org.chengmai.engine.pipeline;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.chengmai.connectors.kafka.PointTopic;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.Sighting;
import org.chengmai.engine.pipeline.DetectorBook.Place;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the points of the topic to the detectors, on one thread, and hands what they find to the
 * alert book and their states to PostgreSQL, on another ({@link WatchWriter}). Alerts commit
 * together with the offset that they came from; states are saved a few series at a time, in rounds.
 * After a failure or a restart the states are loaded and the points since are shown again, without
 * writing alerts that are in the log already.
 *
 * <p>Everything that a detector sees comes from the topic, ticks included (they follow the points'
 * computedAt), so a replay gives the same events. Of points marked as history only the end of an
 * anomaly reaches the book.
 */
public final class DetectorRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DetectorRunner.class);
  private static final String READER = "detectors";

  private final Config config;
  private final Supplier<PointStream> streams;
  private final DetectorSource source;
  private final DetectorBook book;
  private final ModelSwaps swaps;
  private final Executor writes;
  private final WatchWriter writer;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final MeterRegistry meters;
  private final Map<String, AtomicReference<Instant>> newestEnds = new HashMap<>();
  private final Thread thread = new Thread(this::run, "detector-runner");

  private @Nullable PointStream stream;
  private SeriesWatch watch;
  private StateSaver saver;

  /** Records before it have their alerts in the log since before this run. */
  private long told;

  private @Nullable Instant lastTick;
  private long next;
  private volatile int unsaved;
  private volatile int series;
  private volatile long lag;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile @Nullable String failure;

  /**
   * How the runner works.
   *
   * @param tickEvery event time between two ticks
   * @param saveEvery wall time between two snapshots
   * @param keepBands how long expected bands are kept
   */
  public record Config(Duration tickEvery, Duration saveEvery, Duration keepBands) {
    public static Config defaults() {
      return new Config(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofDays(7));
    }
  }

  /** What detectors expected of one period, as the history's picture shows it. */
  public record ExpectedBand(
      Instant time, double low, double expected, double high, String detector) {}

  public DetectorRunner(
      Config config,
      PointTopic topic,
      DetectorSource source,
      ModelRegistry models,
      AlertBook alerts,
      DataSource database,
      InstantSource clock,
      MeterRegistry meters) {
    this(
        config,
        () -> PointStream.of(topic),
        source,
        models,
        alerts,
        database,
        clock,
        System::nanoTime,
        Executors.newSingleThreadExecutor(
            task -> {
              Thread one = new Thread(task, "detector-writer");
              one.setDaemon(true);
              return one;
            }),
        meters);
  }

  DetectorRunner(
      Config config,
      Supplier<PointStream> streams,
      DetectorSource source,
      ModelRegistry models,
      AlertBook alerts,
      DataSource database,
      InstantSource clock,
      LongSupplier nanos,
      Executor writes,
      MeterRegistry meters) {
    this.config = config;
    this.streams = streams;
    this.source = source;
    this.swaps = new ModelSwaps(models, writes, nanos);
    this.book = new DetectorBook(database, READER);
    this.writes = writes;
    this.writer = new WatchWriter(writes, alerts, book, meters);
    this.clock = clock;
    this.nanos = nanos;
    this.meters = meters;
    this.watch = new SeriesWatch(source);
    this.saver = new StateSaver(config, watch, writer, clock, nanos);
    Gauge.builder("chengmai.detectors.lag", () -> lag)
        .description("points not seen yet")
        .register(meters);
    Gauge.builder("chengmai.detectors.unsaved", () -> unsaved)
        .description("series whose states are not saved yet")
        .register(meters);
  }

  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Why the runner is not running at the moment; null when all is well. */
  public @Nullable String failure() {
    return failure;
  }

  /** Series whose states are not saved as they stand, as of the last look. */
  public int unsaved() {
    return unsaved;
  }

  /** Series under watch; 0 until the states are loaded. */
  public int series() {
    return series;
  }

  /** Points that are on the topic and not seen yet, as of the last poll. */
  public long lag() {
    return lag;
  }

  /** What was expected of a series' periods, oldest first. Safe for any thread. */
  public List<ExpectedBand> bands(SeriesKey key, Instant from, Instant to) {
    return book.bands(key, from, to).stream()
        .map(
            one ->
                new ExpectedBand(
                    one.periodStart(),
                    one.band().low(),
                    one.band().expected(),
                    one.band().high(),
                    one.detector()))
        .toList();
  }

  /** Ends the thread after the points in hand and saves the states. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(10_000);
      if (writes instanceof ExecutorService service) {
        service.shutdown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration pause = Duration.ofMillis(250);
    while (!isStopped()) {
      try {
        open();
        failure = null;
        while (!isStopped()) {
          step(Duration.ofMillis(250));
          pause = Duration.ofMillis(250);
        }
        save();
      } catch (RuntimeException e) {
        if (isStopped()) {
          break;
        }
        failure = String.valueOf(e.getMessage());
        LOG.atWarn()
            .setCause(e instanceof ChengmaiException ? null : e)
            .addKeyValue("offset", next)
            .addKeyValue("pause", pause)
            .log("detectors stopped and begin again from their snapshots: {}", e.getMessage());
        pause(pause);
        pause =
            pause.multipliedBy(2).compareTo(Duration.ofSeconds(30)) > 0
                ? Duration.ofSeconds(30)
                : pause.multipliedBy(2);
      } catch (Error e) {
        failure = e.toString();
        LOG.error("the detectors' thread ends", e);
        throw e;
      } finally {
        abandon();
      }
    }
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  private void pause(Duration pause) {
    try {
      stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Loads the states and goes to the offset that they stand at. */
  void open() {
    PointStream opened = streams.get();
    stream = opened;
    String topicId = opened.topicId();
    Place known = book.place().orElse(null);
    if (known == null) {
      known = book.begin(topicId, opened.seek(0));
    } else if (!known.topicId().equals(topicId)) {
      LOG.atWarn()
          .addKeyValue("was", known.topicId())
          .addKeyValue("is", topicId)
          .log("the topic of points was made anew");
      swaps.restart();
      known = book.begin(topicId, opened.seek(0));
    }
    writer.begin(known);
    told = known.alerts();
    lastTick = known.lastTick();
    next = opened.seek(known.snapshot());
    swaps.begin();
    watch.at(next, lastTick);
    swapUpTo(next, clock.instant());
    book.snapshots(watch::restore);
    series = watch.seriesCount();
    saver = new StateSaver(config, watch, writer, clock, nanos);
    LOG.atInfo()
        .addKeyValue("offset", next)
        .addKeyValue("alertOffset", told)
        .addKeyValue("series", watch.seriesCount())
        .log("detectors go on");
  }

  /** Takes what one poll gives; answers whether there was anything. */
  boolean step(Duration timeout) {
    // during a replay the models come from the record of their swaps, new ones wait
    if (next >= told) {
      swaps.look(next);
    }
    PointTopic.Batch batch = Objects.requireNonNull(stream).poll(saver.patience(timeout));
    long readAt = System.nanoTime();
    for (PointTopic.Entry entry : batch.entries()) {
      List<Sighting> found = see(entry);
      // at once: who is found first does not wait for the rest of the batch
      if (!found.isEmpty() && entry.offset() >= told) {
        writer.tell(found, entry.offset() + 1, readAt);
      }
    }
    next = batch.next();
    lag = Math.max(0, batch.end() - batch.next());
    series = watch.seriesCount();
    saver.goOn(next, lastTick);
    unsaved = saver.unsaved();
    meters.counter("chengmai.points.watch").increment(batch.entries().size());
    return !batch.entries().isEmpty();
  }

  private List<Sighting> see(PointTopic.Entry entry) {
    IndicatorPoint point = entry.point();
    watch.at(entry.offset(), lastTick);
    List<Sighting> found = new ArrayList<>(0);
    found.addAll(swapUpTo(entry.offset(), point.computedAt()));
    if (!entry.isHistory()) {
      found.addAll(tick(point.computedAt()));
    }
    found.addAll(watch.see(point, entry.isHistory()));
    track(point);
    return found;
  }

  private List<Sighting> tick(Instant now) {
    long every = config.tickEvery().toMillis();
    Instant boundary = Instant.ofEpochMilli(now.toEpochMilli() / every * every);
    if (lastTick != null && !boundary.isAfter(lastTick)) {
      return List.of();
    }
    lastTick = boundary;
    return watch.tick(boundary);
  }

  private List<Sighting> swapUpTo(long offset, Instant at) {
    List<StoredModel> due = swaps.due(offset);
    return due.isEmpty() ? List.of() : watch.swap(due, at);
  }

  private void track(IndicatorPoint point) {
    if (!point.isMeasured()) {
      return;
    }
    AtomicReference<Instant> newest = newestEnds.get(point.key().code());
    if (newest == null) {
      newest = new AtomicReference<>(Instant.EPOCH);
      newestEnds.put(point.key().code(), newest);
      AtomicReference<Instant> end = newest;
      Gauge.builder(
              "chengmai.indicator.age",
              () -> Duration.between(end.get(), clock.instant()).toMillis() / 1000.0)
          .tag("code", point.key().code())
          .description("seconds since the end of the newest period with a value")
          .register(meters);
    }
    Instant end = point.periodStart().plus(point.grain().typical());
    if (end.isAfter(newest.get())) {
      newest.set(end);
    }
  }

  /** Saves all that changed since the last time, and waits for it. */
  void save() {
    saver.finish(next, lastTick);
    unsaved = saver.unsaved();
  }

  /** Lets go of everything in memory, as a crash would. */
  void abandon() {
    writer.abandon();
    watch = new SeriesWatch(source);
    saver = new StateSaver(config, watch, writer, clock, nanos);
    PointStream open = stream;
    stream = null;
    if (open != null) {
      try {
        open.close();
      } catch (RuntimeException e) {
        LOG.atWarn().log("the reader did not close: {}", e.getMessage());
      }
    }
  }

  /** The offset of the next record. */
  long next() {
    if (stream == null) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "the runner is not open");
    }
    return next;
  }
}
