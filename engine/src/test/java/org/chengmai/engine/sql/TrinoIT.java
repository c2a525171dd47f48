package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.connectors.process.Ports;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.connectors.process.Servers;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.bench.TrinoServer;
import org.chengmai.engine.sql.RandomTables.Data;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Queries on a real single-node Trino over two PostgreSQL servers, against the same queries in our
 * own engine. Only with the profile {@code trino}, since the download is large.
 */
@Tag("trino")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TrinoIT {
  private static final int QUERIES = 200;

  private final List<Data> tables = RandomTables.create(List.of("la", "lb"), List.of("la", "lb"));
  private final Map<String, PostgresServer> servers = new LinkedHashMap<>();
  private Servers together;
  private TrinoServer trino;
  private SqlEngine onTrino;
  private SqlEngine here;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    for (String library : List.of("la", "lb")) {
      Path data = RealServers.emptyFolder("trino-" + library);
      servers.put(
          library, new PostgresServer(data, new Ports(data.resolve("ports.properties"), Map.of())));
    }
    together = new Servers(List.copyOf(servers.values()));
    together.start(event -> {});
    for (Map.Entry<String, PostgresServer> server : servers.entrySet()) {
      fill(server.getKey(), server.getValue());
    }
    Path build = RealServers.root().resolve("engine/target");
    Path peers = build.resolve("chengmai/peers");
    trino =
        TrinoServer.start(
            peers,
            Files.createDirectories(build.resolve("it/trino")),
            "1500m",
            servers,
            System.out::println);
    Path drivers = Files.createDirectories(folder.resolve("drivers"));
    try (Stream<Path> jars = Files.list(peers)) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        Files.copy(jar, drivers.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Source cluster =
        new JdbcConfig(trino.url(), "test", null, null, 4, 1000, Duration.ofSeconds(10), drivers)
            .open("trino", folder);
    here = engine(Execution.FEDERATED, folder.resolve("here"));
    onTrino =
        engine(
            new TrinoCluster(cluster, Map.of("la", "la.public", "lb", "lb.public")),
            folder.resolve("trino"));
  }

  private void fill(String library, PostgresServer server) throws Exception {
    List<String> statements = new ArrayList<>(List.of("SET TIME ZONE 'UTC'"));
    for (Data table : tables) {
      if (table.library().equals(library)) {
        statements.addAll(
            DifferentialLibraries.create(table.table(), table, " COLLATE \"und-x-icu\""));
      }
    }
    statements.add(
        "CREATE TABLE moments (id bigint, at timestamptz, money numeric(18, 4), code char(4))");
    statements.add(
        "INSERT INTO moments VALUES (1, '2026-01-01 23:59:59.123456+08', 12345678901234.5678, 'ab'), (2, NULL, -0.0001, NULL), (3, '1969-12-31 23:59:59.9Z', NULL, '㐂')");
    DifferentialLibraries.run(
        DriverManager.getConnection(server.address(), server.user(), server.password()),
        statements);
  }

  private SqlEngine engine(Execution execution, Path work) {
    List<Source> sources = new ArrayList<>();
    servers.forEach((library, server) -> sources.add(open(library, server, work)));
    sources.add(open("unmapped", servers.get("lb"), work));
    return new SqlEngine(
        sources,
        List.of(),
        new SqlLimits(200_000, Duration.ofSeconds(60), 4, "256MB", Duration.ofSeconds(5)),
        execution,
        work.resolve("spill"),
        InstantSource.fixed(Instant.parse("2026-01-15T04:05:06.789Z")));
  }

  private static Source open(String library, PostgresServer server, Path work) {
    return JdbcConfig.of(server.address(), server.user(), server.password()).open(library, work);
  }

  @AfterAll
  void stop() {
    if (onTrino != null) {
      onTrino.close();
      here.close();
    }
    if (trino != null) {
      trino.close();
    }
    if (together != null) {
      together.close();
    }
  }

  private void isTheSame(String sql) {
    assertThat(onTrino.explain(SqlEngine.INTERNAL, sql)).startsWith("-- f0: trino");
    assertThat(onTrino.query(SqlEngine.INTERNAL, sql).rows())
        .isEqualTo(here.query(SqlEngine.INTERNAL, sql).rows());
  }

  @Test
  void aJoinOfTwoServersIsOneQuestion() {
    isTheSame(
        "select r.region, count(*), sum(e.amount), max(e.ts), min(e.kind) from la.events e join lb.regions r on e.qty = r.qty group by r.region order by r.region desc");
    assertThat(onTrino.fragments(SqlEngine.INTERNAL, "select count(*) from la.events, lb.regions"))
        .singleElement()
        .satisfies(
            question ->
                assertThat(question.getValue())
                    .contains("\"la\".\"public\".\"events\"", "\"lb\".\"public\".\"regions\""));
  }

  @Test
  void textsAreOrderedByTheirBytesAndNullsAreTheLargest() {
    isTheSame("select region from la.events where region > 'ABC' order by region, id");
    isTheSame("select region, id from lb.events order by region desc, id desc limit 7 offset 2");
  }

  @Test
  void timesDecimalsAndPaddedTextsComeAsTheyAre() {
    isTheSame("select id, at, money, code from la.moments order by id");
    isTheSame("select sum(money), min(at), max(at) from lb.moments");
    isTheSame("select id from la.moments where at < '2026-01-01T16:00:00Z' order by id");
  }

  @Test
  void localPeriodsAreOurs() {
    for (String grain : List.of("PT1M", "PT15M", "PT6H", "P1D", "P1W", "P1M", "P1Y")) {
      for (String zone : List.of("UTC", "Asia/Shanghai", "Asia/Kathmandu")) {
        isTheSame(
            "select id, time_floor(ts, '%1$s', '%2$s') from la.events order by id"
                .formatted(grain, zone));
        isTheSame(
            "select id, time_floor(at, '%1$s', '%2$s') from la.moments order by id"
                .formatted(grain, zone));
      }
    }
  }

  @Test
  void whatTrinoCannotTakeRunsHereAndSaysWhy() {
    String unmapped = "select count(*) from unmapped.events u join la.events e on u.id = e.id";
    assertThat(onTrino.explain(SqlEngine.INTERNAL, unmapped))
        .startsWith("-- not on Trino: library unmapped has no catalogue there\n");
    assertThat(onTrino.query(SqlEngine.INTERNAL, "explain " + unmapped).rows().get(0).toString())
        .contains("not on Trino");
    assertThat(onTrino.query(SqlEngine.INTERNAL, unmapped).rows())
        .isEqualTo(here.query(SqlEngine.INTERNAL, unmapped).rows());
    assertThat(onTrino.explain(SqlEngine.INTERNAL, "select left(region, 1) from la.events"))
        .startsWith("-- not on Trino: it does not take Project");
  }

  @Test
  void theClustersStateIsShown() {
    assertThat(onTrino.health()).containsEntry("trino", "");
  }

  @Test
  void randomQueriesHaveTheSameAnswer() {
    Differential differential = new Differential(tables, List.of(onTrino), here, null);
    List<Differential.Verdict> verdicts =
        LongStream.range(0, QUERIES).mapToObj(seed -> differential.check(seed, true)).toList();
    assertThat(
            verdicts.stream()
                .filter(
                    verdict ->
                        verdict.outcome() != Differential.Outcome.EQUAL
                            && verdict.outcome() != Differential.Outcome.REFUSED)
                .map(Differential.Verdict::text)
                .collect(Collectors.joining("\n\n--------\n")))
        .isEmpty();
    long there =
        LongStream.range(0, QUERIES)
            .filter(
                seed ->
                    !onTrino
                        .explain(SqlEngine.INTERNAL, new RandomQueries(tables, seed).query().sql())
                        .startsWith("-- not"))
            .count();
    assertThat(there).as("queries that ran on Trino").isGreaterThan(QUERIES / 2);
  }
}
