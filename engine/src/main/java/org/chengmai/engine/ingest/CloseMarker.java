package org.chengmai.engine.ingest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Tells when Druid shows everything that was acknowledged before a moment: a marker record goes
 * through the same writer into every partition, and Druid reads each partition in order. Blocking;
 * safe for several threads.
 *
 * <p>Druid is asked only while someone waits, and several waiters share one question: whoever comes
 * first asks, the others wait for the answer.
 */
public final class CloseMarker {
  static final String SERIES = "__marker";
  static final byte[] KEY = SERIES.getBytes(StandardCharsets.US_ASCII);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * A marker's number is its time in milliseconds or a little more; its row lies no further before
   * it than this, whatever the clock does. Keeps the question to the newest segments.
   */
  private static final Duration SPAN = Duration.ofMinutes(15);

  private final ObservationGateway gateway;
  private final DruidClient druid;
  private final String dataSource;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition answered = lock.newCondition();
  // Guarded by the lock:
  private boolean isAsking;
  private long visible;

  /**
   * @param dataSource Druid's name for the observations
   */
  public CloseMarker(ObservationGateway gateway, DruidClient druid, String dataSource) {
    this.gateway = gateway;
    this.druid = druid;
    this.dataSource = dataSource;
  }

  /**
   * Puts a marker behind everything acknowledged so far and answers its number; UNAVAILABLE when it
   * cannot be stored.
   */
  public long send() {
    try {
      return gateway.mark().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ChengmaiException known
          ? known
          : new ChengmaiException(ErrorCode.INTERNAL, "no marker: " + e.getMessage(), e);
    }
  }

  /**
   * Whether Druid shows the marker, and so all that was acknowledged before it, within the time.
   */
  public boolean awaitVisible(long marker, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    lock.lock();
    try {
      while (visible < marker) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        if (isAsking) {
          answered.awaitNanos(left);
        } else {
          ask(marker);
          if (visible < marker) {
            answered.awaitNanos(Math.min(PAUSE_NANOS, left));
          }
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "waiting for a marker was interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private void ask(long marker) {
    isAsking = true;
    lock.unlock();
    long newest = 0;
    try {
      newest = newestVisible(marker - SPAN.toMillis());
    } catch (ChengmaiException e) {
      // Druid restarts, or has no observation yet: the waiter's time decides.
      newest = 0;
    } finally {
      lock.lock();
      isAsking = false;
      visible = Math.max(visible, newest);
      answered.signalAll();
    }
  }

  /** The newest of the markers since then that every partition shows. */
  private long newestVisible(long since) {
    return druid.count(
        """
        SELECT CAST(CASE WHEN COUNT(*) >= %d THEN MIN("newest") ELSE 0 END AS BIGINT) FROM (
          SELECT "id", MAX("value") AS "newest" FROM "%s"
          WHERE "series" = '%s' AND "id" LIKE '%s/%%' AND "__time" >= MILLIS_TO_TIMESTAMP(%d) GROUP BY 1)"""
            .formatted(
                gateway.partitions(),
                dataSource,
                SERIES,
                gateway.engineId().replace("'", "''"),
                since));
  }

  static byte[] record(long marker, String engineId, int partition, Instant now) {
    return "{\"v\":1,\"series\":\"%s\",\"measure\":\"%s\",\"region\":\"0\",\"time\":%d,\"value\":%d,\"received\":%d,\"id\":\"%s/%d\"}"
        .formatted(
            SERIES, SERIES, now.toEpochMilli(), marker, now.toEpochMilli(), engineId, partition)
        .getBytes(StandardCharsets.UTF_8);
  }
}
