package org.chengmai.connectors;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source's table statistics, read all together and kept for some minutes. Safe for use by several
 * threads.
 *
 * <p>The first reading is waited for, because a plan without figures is a bad one; later ones
 * happen beside the queries, which meanwhile plan with the old figures. A failure is no error: the
 * tables are unknown, or stay as they were.
 */
public final class StatisticsCache {
  private static final Logger LOG = LoggerFactory.getLogger(StatisticsCache.class);
  private static final long FRESH_NANOS = Duration.ofMinutes(5).toNanos();
  private static final long RETRY_NANOS = Duration.ofSeconds(30).toNanos();

  private record Known(Map<String, TableStatistics> tables, long dueAt) {}

  private final String library;
  private final Callable<Map<String, TableStatistics>> reader;
  private final Executor executor;
  private final LongSupplier nanos;
  private final AtomicBoolean isReading = new AtomicBoolean();
  private volatile @Nullable Known known;

  /**
   * @param library for messages
   * @param reader reads the statistics of all tables, by name
   */
  public StatisticsCache(String library, Callable<Map<String, TableStatistics>> reader) {
    this(library, reader, task -> daemon(library, task), System::nanoTime);
  }

  StatisticsCache(
      String library,
      Callable<Map<String, TableStatistics>> reader,
      Executor executor,
      LongSupplier nanos) {
    this.library = library;
    this.reader = reader;
    this.executor = executor;
    this.nanos = nanos;
  }

  private static void daemon(String library, Runnable task) {
    Thread thread = new Thread(task, "statistics-" + library);
    thread.setDaemon(true);
    thread.start();
  }

  /** What is known of a table; never throws. */
  public Optional<TableStatistics> of(String table) {
    Known current = known;
    if (current == null) {
      current = first();
    } else if (nanos.getAsLong() - current.dueAt > 0 && !isReading.getAndSet(true)) {
      Known old = current;
      executor.execute(
          () -> {
            known = read(old.tables);
            isReading.set(false);
          });
    }
    return Optional.ofNullable(current.tables.get(table));
  }

  /** Reads all anew, now, for who knows that the tables have changed. */
  public void renew() {
    Known old = known;
    known = read(old == null ? Map.of() : old.tables);
  }

  private synchronized Known first() {
    Known current = known;
    if (current == null) {
      current = read(Map.of());
      known = current;
    }
    return current;
  }

  private Known read(Map<String, TableStatistics> old) {
    try {
      return new Known(Map.copyOf(reader.call()), nanos.getAsLong() + FRESH_NANOS);
    } catch (Exception e) {
      LOG.atDebug()
          .addKeyValue("library", library)
          .log("statistics cannot be read: {}", e.getMessage());
      return new Known(old, nanos.getAsLong() + RETRY_NANOS);
    }
  }
}
