package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;

/**
 * Many analysts at once over City-Fed, each asking again as soon as the answer is there: nine short
 * queries of ten, one long. Blocking.
 */
public final class AnalystsBenchmark {
  private static final int CUSTOMERS = 150_000;
  private static final int LONG_OF = 10;
  private static final List<String> LONG = List.of("Q3m", "Q4", "Q5", "TPC-H Q10");
  private static final List<String> SHORT =
      List.of(
          "select o_orderkey, o_totalprice from b.orders where o_custkey = %d",
          "select count(*), sum(o_totalprice) from b.orders where o_custkey between %1$d and %1$d + 9",
          "select c_name, n_name from a.customer join a.nation on c_nationkey = n_nationkey where c_custkey = %d",
          "select c_name, count(*), sum(o_totalprice) from a.customer join b.orders on c_custkey = o_custkey where c_custkey = %d group by c_name");

  /**
   * The figures.
   *
   * @param alone of the short and long queries of one analyst alone
   * @param together of all analysts together
   * @param p99ToMedianAlone their 99th percentile to the median of one alone
   * @param waitRatio the longest of the users' mean waits to the shortest; a wait is the time until
   *     a query may run, planning included
   * @param errors how many, by code and message
   */
  public record Result(
      int analysts,
      Duration time,
      Times alone,
      Times together,
      double p99ToMedianAlone,
      double meanWaitMs,
      double waitRatio,
      int fewestQueries,
      Map<String, Long> errors,
      Map<String, String> machine) {}

  private final SqlEngine engine;
  private final double scale;
  private final List<String> only;
  private final Map<String, Long> errors = new ConcurrentSkipListMap<>();

  private AnalystsBenchmark(SqlEngine engine, double scale, List<String> only) {
    this.engine = engine;
    this.scale = scale;
    this.only = only;
  }

  /** One analyst's queries, in milliseconds. */
  private record Day(List<Double> times, List<Double> waits) {
    double meanWait() {
      return waits.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
  }

  /**
   * @param time how long all work together; one alone works a third of it before
   * @param only City-Fed's queries that are asked in place of the short and long ones
   */
  public static Result run(
      Path folder,
      double scale,
      int analysts,
      Duration time,
      List<String> only,
      Consumer<String> progress)
      throws IOException, SQLException, InterruptedException {
    Map<String, String> machine = ProcessFigures.machine();
    try (CityFedServers servers = new CityFedServers(folder, scale, progress)) {
      servers.start();
      try (SqlEngine engine = servers.open(Execution.FEDERATED, SqlLimits.defaults(), folder)) {
        AnalystsBenchmark benchmark = new AnalystsBenchmark(engine, scale, only);
        Duration part = time.dividedBy(3);
        progress.accept("warm-up, then one alone, %s each".formatted(part));
        List<Day> unused = benchmark.work(1, part, -2);
        List<Day> alone = benchmark.work(1, part, -1);
        benchmark.errors.clear();
        progress.accept("%d together, %s".formatted(analysts, time));
        return benchmark.result(alone, benchmark.work(analysts, time, 0), time, machine);
      }
    }
  }

  private Result result(
      List<Day> alone, List<Day> days, Duration time, Map<String, String> machine) {
    Times one = times(alone);
    Times all = times(days);
    double[] waits = days.stream().mapToDouble(Day::meanWait).sorted().toArray();
    return new Result(
        days.size(),
        time,
        one,
        all,
        Times.rounded(all.p99() / one.p50()),
        Times.rounded(days.stream().mapToDouble(Day::meanWait).average().orElse(0)),
        Times.rounded(waits[waits.length - 1] / waits[0]),
        days.stream().mapToInt(day -> day.times.size()).min().orElse(0),
        new TreeMap<>(errors),
        machine);
  }

  private static Times times(List<Day> days) {
    return Times.of(days.stream().flatMap(day -> day.times.stream()).toList());
  }

  private List<Day> work(int analysts, Duration time, int seed) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    List<Day> days = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int n = 0; n < analysts; n++) {
      Day day = new Day(new ArrayList<>(), new ArrayList<>());
      Principal who = new Principal("analyst-" + n, Role.ANALYST);
      Random random = new Random(seed + n);
      Thread thread =
          new Thread(
              () -> {
                while (System.nanoTime() < end) {
                  ask(who, next(random), day);
                }
              },
              who.name());
      days.add(day);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return days;
  }

  private String next(Random random) {
    if (!only.isEmpty()) {
      return cityFed(only.get(random.nextInt(only.size())));
    }
    if (random.nextInt(LONG_OF) == 0) {
      return cityFed(LONG.get(random.nextInt(LONG.size())));
    }
    return SHORT
        .get(random.nextInt(SHORT.size()))
        .formatted(1 + random.nextInt((int) (CUSTOMERS * scale)));
  }

  private static String cityFed(String name) {
    return CityFed.QUERIES.stream()
        .filter(query -> query.name().equals(name))
        .map(query -> CityFed.sql(query, "a.", "b."))
        .findFirst()
        .orElseThrow(
            () ->
                new ChengmaiException(
                    ErrorCode.INVALID_INPUT, "no query of City-Fed is named " + name));
  }

  private void ask(Principal who, String sql, Day day) {
    long start = System.nanoTime();
    try (RowStream rows = engine.stream(who, sql)) {
      day.waits.add(Times.since(start));
      while (rows.hasNext()) {
        rows.next();
      }
      day.times.add(Times.since(start));
    } catch (ChengmaiException e) {
      errors.merge(e.code() + ": " + e.getMessage(), 1L, Long::sum);
    }
  }
}
