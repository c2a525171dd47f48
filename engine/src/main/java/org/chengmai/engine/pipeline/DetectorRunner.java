package org.chengmai.engine.pipeline;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.chengmai.connectors.kafka.PointTopic;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.Sighting;
import org.chengmai.engine.pipeline.DetectorBook.Place;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the points of the topic to the detectors, on one thread, and what they find to the alert
 * book. Alerts commit together with the offset that they came from; states are saved every few
 * seconds as of one offset. After a failure or a restart the states are loaded and the points since
 * are shown again, without writing alerts that are in the log already.
 *
 * <p>Everything that a detector sees comes from the topic, ticks included (they follow the points'
 * computedAt), so a replay gives the same events. Of points marked as history only the end of an
 * anomaly reaches the book.
 */
public final class DetectorRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DetectorRunner.class);
  private static final String READER = "detectors";
  private static final Duration ASK_EVERY = Duration.ofSeconds(1);

  private final Config config;
  private final Supplier<PointStream> streams;
  private final DetectorSource source;
  private final DetectorBook book;
  private final ModelRegistry models;
  private final AlertBook alerts;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final MeterRegistry meters;
  private final Map<String, Instant> newestEnds = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::run, "detector-runner");

  private @Nullable PointStream stream;
  private SeriesWatch watch;
  private Place place = new Place("", 0, 0, null);
  private Deque<StoredModel> swaps = new ArrayDeque<>();
  private @Nullable Instant lastTick;
  private long next;
  private long savedAt;
  private long askedAt;
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
      MeterRegistry meters) {
    this.config = config;
    this.streams = streams;
    this.source = source;
    this.models = models;
    this.alerts = alerts;
    this.book = new DetectorBook(database, READER);
    this.clock = clock;
    this.nanos = nanos;
    this.meters = meters;
    this.watch = new SeriesWatch(source);
    Gauge.builder("chengmai.detectors.lag", () -> lag)
        .description("points not seen yet")
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
      models.restart();
      known = book.begin(topicId, opened.seek(0));
    }
    place = known;
    lastTick = known.lastTick();
    next = opened.seek(known.snapshot());
    watch = new SeriesWatch(source);
    swaps = new ArrayDeque<>(models.activated());
    swapUpTo(next);
    watch.restore(book.snapshots());
    savedAt = nanos.getAsLong();
    askedAt = savedAt - ASK_EVERY.toNanos();
    LOG.atInfo()
        .addKeyValue("offset", next)
        .addKeyValue("alertOffset", place.alerts())
        .addKeyValue("series", watch.seriesCount())
        .log("detectors go on");
  }

  /** Takes what one poll gives; answers whether there was anything. */
  boolean step(Duration timeout) {
    // during a replay the models come from the record of their swaps, new ones wait
    if (next >= place.alerts() && nanos.getAsLong() - askedAt >= ASK_EVERY.toNanos()) {
      models.activate(next).forEach(swaps::add);
      askedAt = nanos.getAsLong();
    }
    PointTopic.Batch batch = Objects.requireNonNull(stream).poll(timeout);
    List<Sighting> found = new ArrayList<>();
    for (PointTopic.Entry entry : batch.entries()) {
      swapUpTo(entry.offset());
      boolean isNew = entry.offset() >= place.alerts();
      for (Sighting sighting : see(entry)) {
        boolean isTold =
            !entry.isHistory() || sighting.anomaly().status() == Anomaly.Status.CLEARED;
        if (isNew && isTold) {
          found.add(sighting);
        }
      }
    }
    next = batch.next();
    lag = Math.max(0, batch.end() - batch.next());
    if (!found.isEmpty()) {
      int events = alerts.append(found, book.alertsReached(place, next)).size();
      place = new Place(place.topicId(), next, place.snapshot(), place.lastTick());
      meters.counter("chengmai.alerts.append").increment(events);
    }
    meters.counter("chengmai.points.watch").increment(batch.entries().size());
    if (nanos.getAsLong() - savedAt >= config.saveEvery().toNanos()) {
      save();
    }
    return !batch.entries().isEmpty();
  }

  private List<Sighting> see(PointTopic.Entry entry) {
    IndicatorPoint point = entry.point();
    List<Sighting> found = new ArrayList<>();
    if (!entry.isHistory()) {
      found.addAll(tick(point.computedAt()));
    }
    found.addAll(watch.see(point));
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

  private void swapUpTo(long offset) {
    List<StoredModel> due = new ArrayList<>();
    while (!swaps.isEmpty() && Objects.requireNonNull(swaps.peek().activeFromOffset()) <= offset) {
      due.add(swaps.poll());
    }
    if (!due.isEmpty()) {
      watch.swap(due);
      due.forEach(
          model ->
              LOG.atInfo()
                  .addKeyValue("model", model.name() + "@" + model.version())
                  .addKeyValue("code", model.code())
                  .addKeyValue("offset", offset)
                  .log("model in force"));
    }
  }

  private void track(IndicatorPoint point) {
    if (!point.isMeasured()) {
      return;
    }
    Instant end = point.periodStart().plus(point.grain().typical());
    if (newestEnds.merge(point.key().code(), end, (a, b) -> a.isAfter(b) ? a : b) == end
        && meters.find("chengmai.indicator.age").tag("code", point.key().code()).gauge() == null) {
      String code = point.key().code();
      Gauge.builder(
              "chengmai.indicator.age",
              () ->
                  Duration.between(newestEnds.getOrDefault(code, Instant.EPOCH), clock.instant())
                          .toMillis()
                      / 1000.0)
          .tag("code", code)
          .description("seconds since the end of the newest period with a value")
          .register(meters);
    }
  }

  /** Saves what changed since the last time, as of the next record. */
  void save() {
    Instant bandsFrom = clock.instant().minus(config.keepBands());
    if (next != place.snapshot()) {
      if (next < place.alerts()) {
        // in a replay the states lag behind the log; they are saved once they have caught up
        savedAt = nanos.getAsLong();
        return;
      }
      place = book.save(place, next, lastTick, watch.takeChanged(), watch.takeBands(bandsFrom));
      book.pruneBands(bandsFrom);
    }
    savedAt = nanos.getAsLong();
  }

  /** Lets go of everything in memory, as a crash would. */
  void abandon() {
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
