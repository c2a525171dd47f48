package org.chengmai.engine.alerts;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertLog;
import org.chengmai.indicators.AlertSink;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the alert log to the sinks: each sink has a thread and a cursor of its own in PostgreSQL,
 * so a slow or failing one holds up nobody and is served again, after a pause and after a restart,
 * from where it stood. In order, at least once.
 */
public final class AlertDispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertDispatcher.class);
  private static final int BATCH = 200;

  private final AlertLog log;
  private final Jdbi jdbi;
  private final Duration shortestPause;
  private final Duration longestPause;
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private volatile boolean isClosed;

  public AlertDispatcher(AlertBook book, DataSource database) {
    this(book, database, Duration.ofSeconds(1), Duration.ofMinutes(1));
    book.onCommit(this::wake);
  }

  AlertDispatcher(
      AlertLog log, DataSource database, Duration shortestPause, Duration longestPause) {
    this.log = log;
    this.jdbi = Jdbi.create(database);
    this.shortestPause = shortestPause;
    this.longestPause = longestPause;
  }

  /**
   * Starts serving a sink under a name that stays the same over restarts; a new name starts at the
   * log's present head.
   */
  public void add(String name, AlertSink sink) {
    Lane lane = new Lane(name, sink, cursor(name));
    lanes.add(lane);
    lane.start();
  }

  /** Tells the sinks' threads that there may be something new. Never blocks. */
  void wake() {
    lanes.forEach(Lane::wake);
  }

  @Override
  public void close() {
    isClosed = true;
    lanes.forEach(Lane::interrupt);
    for (Lane lane : lanes) {
      try {
        lane.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private long cursor(String name) {
    long head = log.head();
    @Nullable Cursor saved =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery("SELECT epoch, seq FROM chengmai.alert_sink WHERE name = :name")
                    .bind("name", name)
                    .map((row, context) -> new Cursor(row.getObject(1, UUID.class), row.getLong(2)))
                    .findOne()
                    .orElse(null));
    if (saved == null) {
      save(name, head);
      return head;
    }
    // after a restore the log may be shorter than what the sink has seen
    return saved.epoch().equals(log.epoch()) ? saved.seq() : Math.min(saved.seq(), head);
  }

  private void save(String name, long seq) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO chengmai.alert_sink (name, epoch, seq) VALUES (:name, :epoch, :seq)"
                        + " ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq")
                .bind("name", name)
                .bind("epoch", log.epoch())
                .bind("seq", seq)
                .execute());
  }

  private record Cursor(UUID epoch, long seq) {}

  /** One sink's thread. */
  private final class Lane extends Thread {
    private final AlertSink sink;
    private final String sinkName;
    private long seq;
    private boolean isWoken;

    Lane(String name, AlertSink sink, long seq) {
      super("alert-sink-" + name);
      setDaemon(true);
      this.sinkName = name;
      this.sink = sink;
      this.seq = seq;
    }

    synchronized void wake() {
      isWoken = true;
      notifyAll();
    }

    /**
     * Waits for a wake-up, at most as long as the pause: another engine may have written to the
     * log.
     */
    private synchronized void await(Duration pause) throws InterruptedException {
      if (!isWoken) {
        wait(Math.max(1, pause.toMillis()));
      }
      isWoken = false;
    }

    @Override
    public void run() {
      Duration pause = shortestPause;
      try {
        while (!isClosed) {
          try {
            List<AlertEvent> events = log.after(seq, BATCH);
            if (events.isEmpty()) {
              pause = shortestPause;
              await(pause);
              continue;
            }
            sink.accept(events);
            seq = events.get(events.size() - 1).seq();
            save(sinkName, seq);
            pause = shortestPause;
          } catch (RuntimeException e) {
            LOG.atWarn()
                .addKeyValue("sink", sinkName)
                .addKeyValue("seq", seq)
                .addKeyValue("pause", pause)
                .log("alerts did not get through, trying again: {}", e.toString());
            Thread.sleep(pause.toMillis());
            pause =
                pause.multipliedBy(2).compareTo(longestPause) > 0
                    ? longestPause
                    : pause.multipliedBy(2);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
