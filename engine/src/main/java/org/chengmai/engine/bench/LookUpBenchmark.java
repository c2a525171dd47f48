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
import java.util.Random;
import java.util.function.Consumer;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** What looking up one customer's orders costs beyond what PostgreSQL itself takes. Blocking. */
public final class LookUpBenchmark {
  private static final long SEED = 1;
  private static final int CUSTOMERS = 150_000;

  /** Samples of each kind for one round of the other benchmarks. */
  private static final int SAMPLES = 40;

  private static final int WARM_UP = 500;

  /**
   * The figures.
   *
   * @param direct the same SQL by PostgreSQL's driver
   * @param ours each text new
   * @param again the same text a second time
   * @param aboveP50 the medians' difference, each text new, in milliseconds
   * @param againAboveP50 the same for a text that was seen before
   */
  public record Result(
      Times direct,
      Times ours,
      Times again,
      double aboveP50,
      double againAboveP50,
      Map<String, String> machine) {}

  private LookUpBenchmark() {}

  public static Result run(Path folder, double scale, int rounds, Consumer<String> progress)
      throws IOException, SQLException {
    Map<String, String> machine = ProcessFigures.machine();
    List<Double> direct = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    List<Double> again = new ArrayList<>();
    try (CityFedServers servers = new CityFedServers(folder, scale, progress)) {
      servers.start();
      Random random = new Random(SEED);
      try (SqlEngine engine = servers.open(Execution.FEDERATED, SqlLimits.defaults(), folder);
          Connection connection = servers.connect("b")) {
        for (int run = 0; run < WARM_UP + rounds * SAMPLES; run++) {
          if (run == WARM_UP) {
            List.of(direct, ours, again).forEach(List::clear);
          }
          long key = 1 + random.nextInt((int) (CUSTOMERS * scale));
          String sql =
              "select o_orderkey, o_totalprice, o_orderdate from %sorders where o_custkey = " + key;
          long start = System.nanoTime();
          int rows = rows(connection, sql.formatted(""));
          direct.add(Times.since(start));
          for (List<Double> samples : List.of(ours, again)) {
            start = System.nanoTime();
            int own = engine.query(SqlEngine.INTERNAL, sql.formatted("b.")).rows().size();
            samples.add(Times.since(start));
            if (own != rows) {
              throw new ChengmaiException(
                  ErrorCode.INTERNAL, "key %d: %d rows in place of %d".formatted(key, own, rows));
            }
          }
        }
      }
    }
    Times source = Times.of(direct);
    Times first = Times.of(ours);
    Times second = Times.of(again);
    return new Result(
        source,
        first,
        second,
        Times.rounded(first.p50() - source.p50()),
        Times.rounded(second.p50() - source.p50()),
        machine);
  }

  private static int rows(Connection connection, String sql) throws SQLException {
    int rows = 0;
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows++;
      }
    }
    return rows;
  }
}
