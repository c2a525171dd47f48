package org.chengmai.engine.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.connectors.duckdb.DuckDbSource;
import org.chengmai.connectors.duckdb.DuckDbTable;
import org.jspecify.annotations.Nullable;

/**
 * One table's newest snapshot, as DuckDB reads it, and when the next one is due. One thread
 * refreshes; any may read.
 */
final class SnapshotTable implements DuckDbTable {
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final SnapshotConfig config;
  private final SnapshotFiles files;

  /** Older files that a query may still read, and when each lost its place. */
  private final Map<Path, Instant> replaced = new HashMap<>();

  private volatile SnapshotFiles.@Nullable Kept kept;
  private volatile String problem = "";
  private SnapshotFiles.@Nullable Kept loaded;
  private @Nullable Instant attempted;

  SnapshotTable(SnapshotConfig config, Path folder) throws IOException {
    this.config = config;
    this.files = new SnapshotFiles(folder, config);
    SnapshotFiles.Kept found = files.newest().orElse(null);
    if (found != null) {
      files.deleteOthers(found);
    }
    this.kept = found;
  }

  SnapshotConfig config() {
    return config;
  }

  @Override
  public String name() {
    return config.table();
  }

  @Override
  public boolean isStale() {
    SnapshotFiles.Kept current = kept;
    return current != null && !current.equals(loaded);
  }

  @Override
  public void load(Statement duckDb, Path work) throws SQLException {
    SnapshotFiles.Kept current = kept;
    if (current != null) {
      duckDb.execute(
          "CREATE OR REPLACE VIEW %s AS SELECT * FROM read_parquet(%s)"
              .formatted(
                  DuckDbSource.quoted(name()), DuckDbSource.literal(current.path().toString())));
      loaded = current;
    }
  }

  /** The snapshot if it is young enough. */
  SnapshotFiles.@Nullable Kept fresh(Instant now) {
    SnapshotFiles.Kept current = kept;
    return current == null || current.takenAt().plus(config.usableFor()).isBefore(now)
        ? null
        : current;
  }

  /** What is wrong with the last refresh; empty when nothing is. */
  String problem() {
    return problem;
  }

  /** Whether the next refresh is due; one that failed is tried again soon. */
  boolean isDue(Instant now) {
    SnapshotFiles.Kept current = kept;
    Instant last = attempted;
    boolean isOld = current == null || !current.takenAt().plus(config.every()).isAfter(now);
    Duration pause = RETRY.compareTo(config.every()) < 0 ? RETRY : config.every();
    return isOld && (last == null || !last.plus(pause).isAfter(now));
  }

  /** Where the rows are written before {@link #replace}. */
  Path begin(Instant now) {
    attempted = now;
    return files.part();
  }

  void replace(Instant takenAt, Schema columns, Instant now) throws IOException {
    SnapshotFiles.Kept before = kept;
    kept = files.keep(takenAt, columns);
    if (before != null) {
      replaced.put(before.path(), now);
    }
    problem = "";
  }

  void failed(String reason) {
    problem = reason;
  }

  /**
   * Deletes what nobody reads any more.
   *
   * @param longest how long a query may go on reading a snapshot that was replaced
   */
  void tidy(Instant now, Duration longest) throws IOException {
    for (Map.Entry<Path, Instant> one : List.copyOf(replaced.entrySet())) {
      if (one.getValue().plus(longest).isBefore(now)) {
        Files.deleteIfExists(one.getKey());
        replaced.remove(one.getKey());
      }
    }
  }
}
