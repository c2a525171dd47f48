package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * How long after a cancel the caller has its answer and no source works any more: for queries that
 * a source computes, and for such that DuckDB computes from two sources. Blocking.
 */
public final class CancelBenchmark {
  private static final int RUNS = 20;
  private static final long PATIENCE_SECONDS = 60;

  /** Computed by one source, for minutes. */
  private static final String IN_SOURCE =
      "select count(*) from b.lineitem x join b.lineitem y on x.l_suppkey = y.l_suppkey and x.l_comment < y.l_comment";

  /** Computed by DuckDB, for minutes. */
  private static final String IN_DUCKDB =
      "select count(*), max(char_length(x.c_comment) + char_length(y.c_comment)) from a.customer x join b.orders on x.c_comment < o_comment join a.customer y on y.c_address < o_comment";

  /**
   * The figures, from the cancel in milliseconds.
   *
   * @param all until both are free
   * @param caller until the caller has its answer, of queries in a source and in DuckDB
   */
  public record Result(
      Times all, Times caller, Times inSource, Times inDuckDb, Map<String, String> machine) {}

  private record Sample(double caller, double all) {}

  private CancelBenchmark() {}

  public static Result run(Path folder, double scale, Consumer<String> progress)
      throws IOException, SQLException, InterruptedException {
    Map<String, String> machine = ProcessFigures.machine();
    List<Sample> inSource = new ArrayList<>();
    List<Sample> inDuckDb = new ArrayList<>();
    try (CityFedServers servers = new CityFedServers(folder, scale, progress)) {
      servers.start();
      try (SqlEngine engine = servers.open(Execution.FEDERATED, SqlLimits.defaults(), folder);
          Connection a = servers.connect("a");
          Connection b = servers.connect("b")) {
        // the first query of an engine loads classes and native code
        engine.query(
            SqlEngine.INTERNAL,
            "select count(*) from a.nation join b.orders on n_nationkey = o_orderkey");
        for (int run = 0; run < RUNS; run++) {
          boolean isSource = run % 2 == 0;
          Sample sample = cancelled(engine, isSource ? IN_SOURCE : IN_DUCKDB, 100 + run * 20, a, b);
          (isSource ? inSource : inDuckDb).add(sample);
          progress.accept("%s %s".formatted(isSource ? "source" : "DuckDB", sample));
        }
      }
    }
    List<Sample> both = new ArrayList<>(inSource);
    both.addAll(inDuckDb);
    return new Result(
        Times.of(both.stream().map(Sample::all).toList()),
        Times.of(both.stream().map(Sample::caller).toList()),
        Times.of(inSource.stream().map(Sample::all).toList()),
        Times.of(inDuckDb.stream().map(Sample::all).toList()),
        machine);
  }

  /**
   * @param after how long it runs before, in milliseconds
   */
  private static Sample cancelled(SqlEngine engine, String sql, int after, Connection... sources)
      throws SQLException, InterruptedException {
    RowStream rows = engine.stream(SqlEngine.INTERNAL, sql);
    CompletableFuture<Long> freeAt = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try (rows) {
                boolean unused = rows.hasNext();
                freeAt.completeExceptionally(new IllegalStateException("it ended by itself"));
              } catch (ChengmaiException e) {
                if (e.code() == ErrorCode.CANCELLED) {
                  freeAt.complete(System.nanoTime());
                } else {
                  freeAt.completeExceptionally(e);
                }
              }
            },
            "caller");
    caller.start();
    TimeUnit.MILLISECONDS.sleep(after);
    long start = System.nanoTime();
    rows.cancel();
    long end = start + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (isBusy(sources) && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    double sourcesMs = Times.since(start);
    try {
      double callerMs = (freeAt.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - start) / 1e6;
      caller.join();
      return new Sample(callerMs, Math.max(callerMs, sourcesMs));
    } catch (ExecutionException | TimeoutException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "a query was not cancelled: " + e, e);
    }
  }

  private static boolean isBusy(Connection... sources) throws SQLException {
    for (Connection source : sources) {
      try (Statement statement = source.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "select count(*) from pg_stat_activity where state = 'active' and backend_type = 'client backend' and pid <> pg_backend_pid()")) {
        row.next();
        if (row.getLong(1) > 0) {
          return true;
        }
      }
    }
    return false;
  }
}
