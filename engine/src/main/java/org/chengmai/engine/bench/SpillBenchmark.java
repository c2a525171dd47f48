package org.chengmai.engine.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.jspecify.annotations.Nullable;

/**
 * A grouping of more rows and groups than fit into DuckDB's memory, over two servers: one makes the
 * rows while they are read, the other has a small table to join. Blocking.
 */
public final class SpillBenchmark {
  private static final int NATIONS = 25;
  private static final int VALUES = 1_000;
  private static final double SCALE = 0.01;
  private static final String MEMORY = "1GB";

  /** By {@code %1$d} rows and {@code %2$d} groups; rows leave PostgreSQL as they are made. */
  private static final String ROWS =
      """
      CREATE OR REPLACE VIEW many AS
      SELECT i %% %2$d AS k, i %% 25 AS nation, i %% 1000 AS v FROM (SELECT generate_series(0, %1$d - 1)::bigint AS i) AS s""";

  private static final String QUERY =
      """
      select count(*) as groups, sum(n) as row_count, sum(n * n) as squares, sum(s) as total, max(k) as last
      from (select k, count(*) as n, sum(v * (n_regionkey + 1)) as s from b.many join a.nation on nation = n_nationkey group by k) as g""";

  /**
   * The figures.
   *
   * @param peakTempMb of DuckDB's temporary files, looked at ten times a second
   * @param peakRssMb of this process, the most since its start
   * @param isRight whether number of groups, rows, the sum over all rows and the sum of the groups'
   *     squared sizes are those that arithmetic gives
   */
  public record Result(
      long rows,
      long groups,
      String memoryLimit,
      double seconds,
      double peakTempMb,
      double peakRssMb,
      boolean isRight,
      List<@Nullable Object> answer,
      List<Long> expected,
      String plan,
      Map<String, String> machine) {}

  private SpillBenchmark() {}

  /**
   * @param rows each of which has its group and its value by its number
   */
  public static Result run(Path folder, long rows, long groups, Consumer<String> progress)
      throws IOException, SQLException, InterruptedException {
    Map<String, String> machine = ProcessFigures.machine();
    SqlLimits usual = SqlLimits.defaults();
    SqlLimits limits =
        new SqlLimits(usual.rows(), Duration.ofHours(1), usual.queries(), MEMORY, usual.queue());
    Path work = folder.resolve("spill");
    try (CityFedServers servers = new CityFedServers(work, SCALE, progress)) {
      servers.start();
      try (Connection connection = servers.connect("b");
          Statement statement = connection.createStatement()) {
        statement.execute(ROWS.formatted(rows, groups));
      }
      try (SqlEngine engine = servers.open(Execution.FEDERATED, limits, work)) {
        String plan = engine.explain(SqlEngine.INTERNAL, QUERY);
        progress.accept(plan);
        Peak peak = new Peak(CityFedServers.spill(work));
        peak.start();
        long start = System.nanoTime();
        List<@Nullable Object> answer = engine.query(SqlEngine.INTERNAL, QUERY).rows().get(0);
        double seconds = Times.rounded(Times.since(start) / 1000);
        peak.end();
        List<Long> expected = expected(rows, groups);
        return new Result(
            rows,
            groups,
            MEMORY,
            seconds,
            Times.rounded(peak.bytes.get() / 1e6),
            Times.rounded(ProcessFigures.peakMb(ProcessHandle.current().pid())),
            answer.stream()
                .map(value -> Long.valueOf(String.valueOf(value)))
                .toList()
                .equals(expected),
            answer,
            expected,
            plan,
            machine);
      }
    }
  }

  private static List<Long> expected(long rows, long groups) {
    long size = rows / groups;
    long larger = rows % groups;
    long total = 0;
    // TPC-H's nations in five regions, by their keys
    int[] regions = {0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1};
    for (long i = 0; i < rows; i++) {
      total += i % VALUES * (regions[(int) (i % NATIONS)] + 1);
    }
    return List.of(
        Math.min(rows, groups),
        rows,
        larger * (size + 1) * (size + 1) + (groups - larger) * size * size,
        total,
        Math.min(rows, groups) - 1);
  }

  /** The largest size of a folder. */
  private static final class Peak {
    private final Path folder;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Thread thread = new Thread(this::look, "peak");

    Peak(Path folder) {
      this.folder = folder;
    }

    void start() {
      thread.setDaemon(true);
      thread.start();
    }

    void end() throws InterruptedException {
      isOver.set(true);
      thread.join();
    }

    private void look() {
      try {
        while (!isOver.get()) {
          bytes.accumulateAndGet(size(), Math::max);
          TimeUnit.MILLISECONDS.sleep(100);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private long size() {
      try (Stream<Path> files = Files.walk(folder)) {
        return files.map(Path::toFile).mapToLong(file -> file.isFile() ? file.length() : 0).sum();
      } catch (IOException | UncheckedIOException e) {
        // a file went away while it was looked at
        return 0;
      }
    }
  }
}
