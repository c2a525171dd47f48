package org.chengmai.engine.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.druid.DruidConfig;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.engine.Engine;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;

/**
 * Queries of a city over real Druid, PostgreSQL and Parquet, by our engine and by Calcite's own,
 * alternating; and what a query that Druid computes entirely costs beyond Druid. Blocking.
 */
public final class CityBenchmark {
  private static final Map<String, String> QUERIES = new LinkedHashMap<>();

  static {
    QUERIES.put(
        "Druid, population, entities",
        """
        select d.name, d.residents, o.pm, count(*) as factories, sum(e.staff) as staff
        from (select region, avg(val) as pm, count(*) as n from indicators.observations where "measure" = 'air.pm25' group by region) o
        join population.district d on d.code = o.region
        join entities.enterprise e on e.region = o.region
        where e.kind = 'factory' group by d.name, d.residents, o.pm order by 1""");
    QUERIES.put(
        "Parquet, PostgreSQL",
        """
        select r.district, count(*) as n, sum(v.minutes) as minutes
        from visits.visit v join population.resident r on v.resident = r.id
        where v.minutes >= 30 and r.age < 60 group by r.district order by 1""");
    QUERIES.put(
        "late rows of Druid",
        """
        select time_floor(o.ts, 'P1D', 'Asia/Shanghai') as period, d.name, count(*) as n, sum(o.val) as total
        from indicators.observations o join population.district d on o.region = d.code group by 1, 2 order by 1, 2""");
  }

  private static final String COUNT = "select count(*) from indicators.observations";
  private static final String DRUID_ONLY =
      "select region, time_floor(ts, 'PT1H', 'Asia/Shanghai') as period, count(*) as n, max(val) as highest from indicators.observations where \"measure\" = 'air.pm25' group by 1, 2";

  private static final int WARM_UP = 5;

  /** Code that has run less often is not compiled yet. */
  private static final int PLANS = 200;

  /** Samples of the query by Druid alone for one round of the others. */
  private static final int SAMPLES = 20;

  /** A query's figures; times are of all runs after the warm-up. */
  public record Figures(String name, Times ours, Times enumerable, boolean isEqual) {}

  /**
   * All figures.
   *
   * @param arrived observations that a query sees, the late ones included; {@code sent} were sent
   * @param direct the Druid query's own SQL sent to Druid by HTTP
   * @param throughUs the query by our engine, its text new each time
   * @param again the same text a second time
   * @param limit what {@code throughUs.p50} shall not exceed: 1.2 times Druid's plus 5 ms
   */
  public record Result(
      List<Figures> queries,
      long sent,
      long arrived,
      Times direct,
      Times throughUs,
      Times again,
      double limit,
      Map<String, String> machine) {}

  private CityBenchmark() {}

  /**
   * @param home distribution folder with Kafka and Druid
   */
  public static Result run(Path home, int rounds, Consumer<String> progress) throws IOException {
    Map<String, String> machine = ProcessFigures.machine();
    Path folder = Files.createTempDirectory("chengmai-city");
    List<LibraryConfig> departments = new ArrayList<>();
    try (BenchEngine started =
        BenchEngine.start(
            home,
            BenchEngine.Contents.of(
                servers -> {
                  departments.addAll(CityData.departments(servers, folder));
                  return departments;
                }),
            progress)) {
      Engine engine = started.engine();
      progress.accept("sending observations");
      CityData.observe(engine.ingestion(), Instant.now());
      try (SqlEngine enumerable = enumerable(engine, departments, folder)) {
        SqlEngine ours = engine.libraries().sql();
        List<Figures> queries = new ArrayList<>();
        QUERIES.forEach(
            (name, sql) -> {
              Figures figures = compare(name, sql, ours, enumerable, rounds);
              progress.accept(figures.toString());
              queries.add(figures);
            });
        long arrived =
            Long.parseLong(
                String.valueOf(ours.query(SqlEngine.INTERNAL, COUNT).rows().get(0).get(0)));
        return druidOnly(ours, engine.ingestion().druid(), rounds, queries, arrived, machine);
      }
    } finally {
      FileTree.delete(folder);
    }
  }

  private static SqlEngine enumerable(Engine engine, List<LibraryConfig> departments, Path folder) {
    List<Source> sources = new ArrayList<>();
    sources.add(
        new DruidConfig(engine.servers().druidBroker(), engine.servers().druidCoordinator())
            .open("druid", folder.resolve("druid")));
    String memory = EngineConfig.defaults().limits().duckdbMemory();
    departments.forEach(
        library -> sources.add(library.open(folder, folder, folder.resolve("drivers"), memory)));
    return new SqlEngine(
        sources,
        List.of(),
        SqlLimits.defaults(),
        Execution.ENUMERABLE,
        folder.resolve("spill"),
        InstantSource.system());
  }

  private static Figures compare(
      String name, String sql, SqlEngine ours, SqlEngine enumerable, int rounds) {
    List<Double> first = new ArrayList<>();
    List<Double> second = new ArrayList<>();
    boolean isEqual = true;
    for (int round = 0; round <= rounds; round++) {
      String text = sql + "\n-- " + round;
      String hash = run(ours, text, first);
      isEqual &= hash.equals(run(enumerable, text, second));
    }
    // the first run warms up
    return new Figures(
        name,
        Times.of(first.subList(1, first.size())),
        Times.of(second.subList(1, second.size())),
        isEqual);
  }

  private static String run(SqlEngine engine, String sql, List<Double> times) {
    RowHash hash = new RowHash(true);
    long start = System.nanoTime();
    try (RowStream rows = engine.stream(SqlEngine.INTERNAL, sql)) {
      while (rows.hasNext()) {
        hash.add(rows.next());
      }
    }
    times.add(Times.since(start));
    return hash.toString();
  }

  private static Result druidOnly(
      SqlEngine ours,
      DruidClient druid,
      int rounds,
      List<Figures> queries,
      long arrived,
      Map<String, String> machine)
      throws IOException {
    String own = ours.fragments(SqlEngine.INTERNAL, DRUID_ONLY).get(0).getValue();
    List<Double> direct = new ArrayList<>();
    List<Double> throughUs = new ArrayList<>();
    List<Double> again = new ArrayList<>();
    for (int plan = 0; plan < PLANS; plan++) {
      String unused = ours.explain(SqlEngine.INTERNAL, DRUID_ONLY);
    }
    for (int run = 0; run < WARM_UP + rounds * SAMPLES; run++) {
      if (run == WARM_UP) {
        List.of(direct, throughUs, again).forEach(List::clear);
      }
      long start = System.nanoTime();
      try (InputStream rows = druid.sql(own, Map.of())) {
        byte[] unused = rows.readAllBytes();
      }
      direct.add(Times.since(start));
      String sql = DRUID_ONLY + "\n-- " + run;
      String unused = run(ours, sql, throughUs) + run(ours, sql, again);
    }
    Times alone = Times.of(direct);
    return new Result(
        queries,
        CityData.OBSERVATIONS + CityData.LATE,
        arrived,
        alone,
        Times.of(throughUs),
        Times.of(again),
        Times.rounded(alone.p50() * 1.2 + 5),
        machine);
  }
}
