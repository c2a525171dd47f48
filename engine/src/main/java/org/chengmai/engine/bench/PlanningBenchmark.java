package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;

/** How long planning City-Fed's queries takes; none of them runs. Blocking. */
public final class PlanningBenchmark {
  private static final int WARM_UP = 30;

  /**
   * A query's times.
   *
   * @param newText from a text that was never seen to its plan
   * @param again from a text of a form that was seen before
   */
  public record Figures(String name, Times newText, Times again) {}

  /** The same of all queries together, then of each. */
  public record Result(
      Times newText, Times again, List<Figures> queries, Map<String, String> machine) {}

  private record Samples(List<Double> newText, List<Double> again) {
    static Samples empty() {
      return new Samples(new ArrayList<>(), new ArrayList<>());
    }

    void add(Samples other) {
      newText.addAll(other.newText);
      again.addAll(other.again);
    }

    Figures figures(String name) {
      return new Figures(name, Times.of(newText), Times.of(again));
    }
  }

  private PlanningBenchmark() {}

  /**
   * @param rounds timed ones, after thirty that warm up
   */
  public static Result run(Path folder, double scale, int rounds, Consumer<String> progress)
      throws IOException, SQLException {
    Map<String, String> machine = ProcessFigures.machine();
    try (CityFedServers servers = new CityFedServers(folder, scale, progress)) {
      servers.start();
      try (SqlEngine engine = servers.open(Execution.FEDERATED, SqlLimits.defaults(), folder)) {
        for (int run = 0; run < WARM_UP; run++) {
          for (CityFed.Query query : CityFed.QUERIES) {
            sample(engine, query, -run, Samples.empty());
          }
        }
        Samples all = Samples.empty();
        List<Figures> queries = new ArrayList<>();
        for (CityFed.Query query : CityFed.QUERIES) {
          Samples samples = Samples.empty();
          for (int run = 1; run <= rounds; run++) {
            sample(engine, query, run, samples);
          }
          all.add(samples);
          Figures figures = samples.figures(query.name());
          progress.accept(figures.toString());
          queries.add(figures);
        }
        Figures together = all.figures("all");
        return new Result(together.newText(), together.again(), queries, machine);
      }
    }
  }

  private static void sample(SqlEngine engine, CityFed.Query query, int run, Samples samples) {
    String sql = CityFed.neverSeen(CityFed.sql(query, "a.", "b."), run + WARM_UP);
    samples.newText.add(planned(engine, sql));
    samples.again.add(planned(engine, sql));
  }

  /**
   * A stream asks its sources when the first row is wanted, so what it takes until then is plan.
   */
  private static double planned(SqlEngine engine, String sql) {
    long start = System.nanoTime();
    try (RowStream unread = engine.stream(SqlEngine.INTERNAL, sql)) {
      return Times.since(start);
    }
  }
}
