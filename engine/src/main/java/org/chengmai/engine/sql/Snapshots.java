package org.chengmai.engine.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.chengmai.connectors.duckdb.DuckDbSource;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of tables in Parquet, taken again and again. Safe for use by several threads.
 *
 * <p>A snapshot is written beside the last one and takes its place whole; a refresh that fails
 * leaves the last one as it is.
 */
final class Snapshots implements AutoCloseable {
  static final String LIBRARY = "snapshots";

  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** More than one, so that a source that hangs does not delay all the others. */
  private static final int THREADS = 2;

  private final List<SnapshotTable> tables = new ArrayList<>();
  private final Function<SnapshotConfig, Fragment> wholes;
  private final Duration longest;
  private final DuckDb duckDb;
  private final BufferAllocator memory;
  private final SchemaPlus root;
  private final InstantSource clock;
  private final DuckDbSource source;
  private final ScheduledExecutorService workers =
      Executors.newScheduledThreadPool(THREADS, Snapshots::thread);
  private final ScheduledExecutorService limits =
      Executors.newSingleThreadScheduledExecutor(Snapshots::thread);
  private final Set<OpenStatements> reading = ConcurrentHashMap.newKeySet();

  /** Made anew after each refresh, because a schema knows its tables for a while. */
  private volatile Schema schema;

  /**
   * @param folder of the files, which are found again
   * @param wholes asks a source for all rows of a table
   * @param longest how long a query may run
   */
  Snapshots(
      List<SnapshotConfig> configs,
      Path folder,
      String memoryLimit,
      Function<SnapshotConfig, Fragment> wholes,
      Duration longest,
      DuckDb duckDb,
      BufferAllocator memory,
      SchemaPlus root,
      InstantSource clock) {
    this.wholes = wholes;
    this.longest = longest;
    this.duckDb = duckDb;
    this.memory = memory;
    this.root = root;
    this.clock = clock;
    try {
      for (SnapshotConfig config : configs) {
        tables.add(new SnapshotTable(config, folder));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.source = new DuckDbSource(LIBRARY, tables, folder.resolve("work"), memoryLimit);
    this.schema = source.schema(root);
  }

  List<SnapshotTable> tables() {
    return List.copyOf(tables);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "sql-snapshots");
    thread.setDaemon(true);
    return thread;
  }

  /** Begins to refresh what is due, and goes on. */
  void start() {
    for (SnapshotTable table : tables) {
      Future<?> unused =
          workers.scheduleWithFixedDelay(
              () -> look(table), 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void look(SnapshotTable table) {
    try {
      table.tidy(clock.instant(), longest);
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("table", table.name())
          .log("an old snapshot cannot be deleted: {}", e.getMessage());
    }
    refreshIfDue(table);
  }

  /** Refreshes what is due, now. */
  void refreshDue() {
    tables.forEach(this::refreshIfDue);
  }

  private void refreshIfDue(SnapshotTable table) {
    Instant now = clock.instant();
    if (!table.isDue(now)) {
      return;
    }
    Path part = table.begin(now);
    try {
      Fragment whole = wholes.apply(table.config());
      long rows = write(whole, part, table.config().usableFor());
      table.replace(now, whole.shape(), clock.instant());
      source.renewStatistics();
      schema = source.schema(root);
      LOG.atInfo()
          .addKeyValue("table", table.name())
          .addKeyValue("rows", rows)
          .log("a snapshot was taken");
    } catch (IOException | SQLException | RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      if (!reason.equals(table.problem())) {
        LOG.atWarn().addKeyValue("table", table.name()).log("no new snapshot: {}", reason);
      }
      table.failed(reason);
    }
  }

  private long write(Fragment whole, Path part, Duration limit) throws IOException, SQLException {
    Files.deleteIfExists(part);
    OpenStatements statements = new OpenStatements();
    Future<?> expiry = limits.schedule(statements::cancel, limit.toMillis(), TimeUnit.MILLISECONDS);
    reading.add(statements);
    try (BufferAllocator own = memory.newChildAllocator("snapshot", 0, Long.MAX_VALUE);
        ArrowReader rows = whole.source().read(whole.sql(), whole.shape(), own, statements);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(own);
        DuckDBConnection connection = duckDb.connect();
        Statement statement = connection.createStatement()) {
      Data.exportArrayStream(own, rows, stream);
      connection.registerArrowStream(whole.name(), stream);
      return statement.executeUpdate(
          "COPY (SELECT * FROM %s) TO %s (FORMAT parquet, COMPRESSION zstd)"
              .formatted(whole.name(), DuckDbSource.literal(part.toString())));
    } catch (SQLException e) {
      if (statements.isCancelled()) {
        throw new ChengmaiException(
            ErrorCode.RESOURCES, "reading took longer than usable_for, %s".formatted(limit), e);
      }
      // DuckDB tells only the message of what failed while it read a source's rows
      throw statements.failure().orElseThrow(() -> e);
    } finally {
      expiry.cancel(false);
      reading.remove(statements);
    }
  }

  FreshSnapshots fresh(Instant now) {
    Map<String, FreshSnapshots.One> fresh = new HashMap<>();
    Schema current = schema;
    for (SnapshotTable table : tables) {
      SnapshotFiles.Kept kept = table.fresh(now);
      // a file that cannot be read has no table, and the source is asked
      Table read = kept == null ? null : current.tables().get(table.name());
      if (kept != null && read != null) {
        fresh.put(table.name(), new FreshSnapshots.One(kept, read));
      }
    }
    return fresh.isEmpty() ? FreshSnapshots.NONE : new FreshSnapshots(fresh, source, now);
  }

  /** Each snapshot's state: empty text when the last refresh went well, else the reason. */
  Map<String, String> health() {
    Map<String, String> health = new LinkedHashMap<>();
    tables.forEach(table -> health.put("snapshot of " + table.name(), table.problem()));
    return health;
  }

  @Override
  public void close() {
    workers.shutdown();
    limits.shutdownNow();
    reading.forEach(OpenStatements::cancel);
    try {
      if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("a snapshot does not stop being read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    source.close();
  }
}
