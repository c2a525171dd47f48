package org.chengmai.engine.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.druid.DruidTimes;
import org.chengmai.connectors.feed.BadRecord;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.json.Json;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Corrected values: queued in PostgreSQL when the sender is answered, written into Druid a day at a
 * time in the background, and told to a listener once a query shows them. Blocking; safe for
 * several threads; one thread of its own applies them.
 *
 * <p>A correction replaces the value of every observation with its series, time and, when given,
 * id. A row that is still in a realtime task cannot be overwritten; its correction waits until the
 * row was handed over. One that meets no row at all is given up.
 */
public final class Corrections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Corrections.class);
  static final String FEED = "correction";
  private static final int MAX_PER_TASK = 1_000;
  private static final int ATTEMPTS_WITHOUT_ROW = 5;
  private static final Duration TASK_PATIENCE = Duration.ofMinutes(30);
  private static final Duration ANNOUNCE_PATIENCE = Duration.ofSeconds(8);
  private static final Duration LOAD_PATIENCE = Duration.ofSeconds(60);

  /**
   * What is or was being corrected: the observations of a measure in a region from one time to
   * another (exclusive).
   */
  public record Interval(String measure, String region, Instant from, Instant to) {}

  private final CorrectionQueue queue;
  private final ObservationGateway gateway;
  private final DruidClient druid;
  private final InstantSource clock;
  private final String dataSource;
  private final Duration retry;
  private final Consumer<List<Interval>> listener;
  private final Semaphore work = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "chengmai-corrections");

  /**
   * @param dataSource Druid's name for the observations
   * @param retry how long to wait before a second attempt; it doubles up to 20 times this
   * @param listener is told what was corrected, at least once, also after a crash; the indicators
   *     over it need a new revision
   */
  public Corrections(
      Jdbi jdbi,
      SeriesRegistry registry,
      ObservationGateway gateway,
      DruidClient druid,
      InstantSource clock,
      String dataSource,
      Duration retry,
      Consumer<List<Interval>> listener) {
    this.queue = new CorrectionQueue(jdbi, registry);
    this.gateway = gateway;
    this.druid = druid;
    this.clock = clock;
    this.dataSource = dataSource;
    this.retry = retry;
    this.listener = listener;
    thread.setDaemon(true);
  }

  /** Begins to apply what is queued. */
  public void start() {
    thread.start();
  }

  /** Queues a batch; durable when this returns. Bad rows go to the dead letters. */
  public Receipt submit(Principal sender, @Nullable String idempotencyKey, Batch batch) {
    if (batch.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "%s: the batch holds no observation".formatted(batch.feed()));
    }
    List<String> errors = batch.bad().stream().map(BadRecord::reason).toList();
    if (!batch.bad().isEmpty()) {
      try {
        Batch bad = new Batch(FEED, batch.reading(), List.of(), batch.bad());
        gateway
            .submit(sender, idempotencyKey == null ? null : FEED + "/" + idempotencyKey, bad)
            .toCompletableFuture()
            .join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof ChengmaiException known ? known : e;
      }
    }
    Receipt receipt =
        queue.add(sender.name(), idempotencyKey, batch.observations(), errors, clock.instant());
    work.release();
    return receipt;
  }

  /** Where corrections are under way: indicators over it are to be trusted partially. */
  public List<Interval> pendingIntervals() {
    return queue.pending();
  }

  @Override
  public void close() {
    closing.countDown();
    work.release();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (closing.getCount() > 0) {
      try {
        if (!applyDue()) {
          work.tryAcquire(Math.min(retry.toMillis(), 5_000), TimeUnit.MILLISECONDS);
          work.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.atWarn().setCause(e).log("corrections wait: they could not be applied");
        pause(retry);
      }
    }
  }

  /** Applies the corrections of one day; false when none is due. */
  boolean applyDue() {
    tell();
    List<Correction> due = queue.due(clock.instant(), MAX_PER_TASK);
    if (due.isEmpty()) {
      return false;
    }
    Instant day = due.get(0).day();
    List<Correction> open = unsettled(due);
    List<Row> rows = open.isEmpty() ? List.of() : rows(open);
    List<Correction> met =
        open.stream().filter(one -> rows.stream().anyMatch(row -> row.isOf(one))).toList();
    if (!met.isEmpty() && hasPublished(day)) {
      overwrite(day, met);
      awaitLoaded(day, met);
      open = unsettled(open);
    }
    tell();
    giveUpOrPostpone(open);
    return true;
  }

  /**
   * Waits until the new segments can be queried; not for realtime rows, which need their task to
   * end.
   */
  private void awaitLoaded(Instant day, List<Correction> corrections) {
    long start = System.nanoTime();
    List<Correction> open = unsettled(corrections);
    // Druid needs a moment to know its new segments; until then it says that all are loaded.
    while (!open.isEmpty()
        && (System.nanoTime() - start < ANNOUNCE_PATIENCE.toNanos()
            || System.nanoTime() - start < LOAD_PATIENCE.toNanos() && !isLoaded(day))
        && pause(Duration.ofMillis(250))) {
      open = unsettled(open);
    }
  }

  private void giveUpOrPostpone(List<Correction> open) {
    Map<Boolean, List<Correction>> byRow =
        open.stream()
            .collect(
                Collectors.partitioningBy(
                    one ->
                        one.attempts() + 1 >= ATTEMPTS_WITHOUT_ROW
                            && rows(List.of(one)).stream().noneMatch(row -> row.isOf(one))));
    List<Correction> lost = byRow.getOrDefault(true, List.of());
    if (!lost.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("count", lost.size())
          .addKeyValue("first", lost.get(0).series())
          .log("corrections of observations that do not exist");
      queue.settle(lost, "not_found");
    }
    for (Correction one : byRow.getOrDefault(false, List.of())) {
      queue.postpone(
          List.of(one),
          clock.instant(),
          retry.multipliedBy(Math.min(20, 1L << Math.min(one.attempts(), 5))));
    }
  }

  /** Tells the listener what was applied; what a crash kept from being told is told now. */
  private void tell() {
    List<Correction> applied = queue.applied();
    if (applied.isEmpty()) {
      return;
    }
    Map<List<Object>, Interval> intervals = new HashMap<>();
    for (Correction one : applied) {
      intervals.merge(
          List.of(one.measure(), one.region(), one.day()),
          new Interval(one.measure(), one.region(), one.time(), one.time().plusMillis(1)),
          (a, b) ->
              new Interval(
                  a.measure(),
                  a.region(),
                  a.from().isBefore(b.from()) ? a.from() : b.from(),
                  a.to().isAfter(b.to()) ? a.to() : b.to()));
    }
    listener.accept(List.copyOf(intervals.values()));
    queue.settle(applied, "told");
  }

  /** Marks those that Druid shows as applied and answers the others. */
  private List<Correction> unsettled(List<Correction> corrections) {
    if (corrections.isEmpty()) {
      return corrections;
    }
    List<Row> rows = rows(corrections);
    List<Correction> done = new ArrayList<>();
    List<Correction> open = new ArrayList<>();
    for (Correction one : corrections) {
      List<Row> own = rows.stream().filter(row -> row.isOf(one)).toList();
      boolean isDone = !own.isEmpty() && own.stream().allMatch(row -> row.value() == one.value());
      (isDone ? done : open).add(one);
    }
    queue.settle(done, "applied");
    return open;
  }

  private record Row(String series, long time, @Nullable String id, double value) {
    boolean isOf(Correction one) {
      return one.concerns(series, time, id);
    }
  }

  private List<Row> rows(List<Correction> corrections) {
    String series =
        corrections.stream()
            .map(one -> "'" + one.series() + "'")
            .distinct()
            .collect(Collectors.joining(","));
    String times = DruidTimes.oneOf(corrections.stream().map(Correction::time).toList());
    String sql =
        """
        SELECT "series", TIMESTAMP_TO_MILLIS("__time"), "id", "value" FROM "%s"
        WHERE "series" IN (%s) AND %s"""
            .formatted(dataSource, series, times);
    List<Row> rows = new ArrayList<>();
    try (InputStream answer = druid.sql(sql, Map.of());
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8))) {
      lines.readLine();
      lines.readLine();
      for (String line = lines.readLine();
          line != null && !line.isBlank();
          line = lines.readLine()) {
        JsonNode row = Json.mapper().readTree(line);
        rows.add(
            new Row(
                row.get(0).asText(),
                row.get(1).asLong(),
                row.get(2).asText(null),
                row.get(3).asDouble()));
      }
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "Druid's answer broke off: " + e.getMessage(), e);
    }
    return rows;
  }

  private boolean hasPublished(Instant day) {
    return segments(day, "is_published = 1 AND is_overshadowed = 0") > 0;
  }

  /** Whether every published segment of the day can be queried. */
  private boolean isLoaded(Instant day) {
    return segments(day, "is_published = 1 AND is_overshadowed = 0 AND is_available = 0") == 0;
  }

  private long segments(Instant day, String condition) {
    return druid.count(
        """
        SELECT COUNT(*) FROM sys.segments WHERE "datasource" = '%s' AND "start" < '%s' AND "end" > '%s' AND %s"""
            .formatted(dataSource, day.plus(1, ChronoUnit.DAYS), day, condition));
  }

  private void overwrite(Instant day, List<Correction> corrections) {
    String task =
        druid
            .post("/druid/indexer/v1/task", OverwriteTask.of(dataSource, day, corrections))
            .path("task")
            .asText();
    LOG.atInfo()
        .addKeyValue("day", day)
        .addKeyValue("corrections", corrections.size())
        .addKeyValue("task", task)
        .log("a day is written again");
    long deadline = System.nanoTime() + TASK_PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode status = druid.get("/druid/indexer/v1/task/" + task + "/status").path("status");
      String state = status.path("statusCode").asText();
      if (state.equals("SUCCESS")) {
        return;
      }
      if (state.equals("FAILED")) {
        throw new ChengmaiException(
            ErrorCode.EXTERNAL,
            "Druid task %s failed: %s".formatted(task, status.path("errorMsg").asText()));
      }
      if (!pause(Duration.ofMillis(250))) {
        throw new ChengmaiException(ErrorCode.CANCELLED, "the engine is going down");
      }
    }
    throw new ChengmaiException(
        ErrorCode.EXTERNAL, "Druid task %s takes longer than %s".formatted(task, TASK_PATIENCE));
  }

  /** Waits; false when the engine is going down. */
  private boolean pause(Duration time) {
    try {
      return !closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
