package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many queries at a time over two databases of two connections each. */
@Timeout(120)
final class RunningQueriesTest {
  private static final Principal ANA = new Principal("ana", Role.ANALYST);
  private static final Principal BEN = new Principal("ben", Role.ANALYST);

  /** UPPER is not for this kind of database, so each table is a fragment of its own. */
  private static final String TWO =
      "select count(*) from (select * from %1$s.t where n > -1) a join (select * from %2$s.t where n > -2) b on upper(a.s) = upper(b.s)";

  private static final String THREE =
      TWO + " join (select * from %1$s.t where n > -3) c on upper(b.s) = upper(c.s)";

  private final List<Connection> keepers = new ArrayList<>();
  @TempDir Path folder;
  private SqlEngine engine;

  @BeforeEach
  void open() throws Exception {
    engine =
        engine(new SqlLimits(1000, Duration.ofSeconds(60), 8, "256MB", Duration.ofSeconds(60)));
  }

  /** Four queries at a time, and these limits. */
  private static SqlLimits limits(String memory, String spill, long sourceRows, long userRows) {
    return new SqlLimits(
        1000,
        Duration.ofSeconds(60),
        4,
        4,
        Duration.ofSeconds(1),
        memory,
        spill,
        sourceRows,
        Long.MAX_VALUE,
        userRows,
        Long.MAX_VALUE);
  }

  private SqlEngine engine(SqlLimits limits) throws Exception {
    return new SqlEngine(
        List.of(source("east"), source("west")),
        List.of(),
        limits,
        Execution.FEDERATED,
        folder.resolve("spill"),
        InstantSource.system());
  }

  private Source source(String name) throws Exception {
    String url = "jdbc:h2:mem:running_" + name + ";CASE_INSENSITIVE_IDENTIFIERS=TRUE";
    Connection keeper = DriverManager.getConnection(url);
    keepers.add(keeper);
    try (Statement statement = keeper.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS \"t\"");
      statement.execute(
          "CREATE TABLE \"t\" AS SELECT X AS \"n\", 'k' || X AS \"s\" FROM SYSTEM_RANGE(1, 20000)");
    }
    return new JdbcConfig(url, null, null, "PUBLIC", 2, 1000, Duration.ofSeconds(5))
        .open(name, folder.resolve(name));
  }

  @AfterEach
  void close() throws Exception {
    engine.close();
    for (Connection keeper : keepers) {
      keeper.close();
    }
  }

  @Test
  void queriesOfManyFragmentsDoNotStarveEachOtherOfConnections() throws Exception {
    assertThat(engine.fragments(ANA, TWO.formatted("east", "east"))).hasSize(2);
    assertThat(engine.fragments(ANA, THREE.formatted("east", "west"))).hasSize(3);
    assertThat(engine.fragments(ANA, THREE.formatted("east", "east"))).hasSize(3);
    List<String> queries =
        List.of(
            TWO.formatted("east", "east"),
            THREE.formatted("east", "west"),
            THREE.formatted("west", "east"),
            THREE.formatted("east", "east"));
    ExecutorService threads = Executors.newFixedThreadPool(12);
    try {
      List<Future<?>> answers = new ArrayList<>();
      for (int i = 0; i < 48; i++) {
        Principal user = new Principal("user" + i % 5, Role.ANALYST);
        String sql = queries.get(i % queries.size());
        answers.add(threads.submit(() -> engine.query(user, sql).rows().toString()));
      }
      for (Future<?> answer : answers) {
        assertThat(answer.get(100, TimeUnit.SECONDS)).isEqualTo("[[20000]]");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(engine.queries(SqlEngine.INTERNAL)).isEmpty();
  }

  @Test
  void aUserSeesAndCancelsOnlyHisOwn() {
    List<String> ids = new ArrayList<>();
    try (RowStream anas =
            engine.stream(
                QueryRequest.of(ANA, Via.HTTP, "select a.n from east.t a, east.t b order by a.n"),
                ids::add);
        RowStream bens = engine.stream(QueryRequest.of(BEN, Via.HTTP, "select 1"), ids::add)) {
      assertThat(engine.queries(BEN)).extracting(RunningQuery::sql).containsExactly("select 1");
      assertThat(engine.queries(SqlEngine.INTERNAL)).hasSize(2);
      assertThat(engine.running(ANA, ids.get(0)).steps()).isNotEmpty();
      assertThatThrownBy(() -> engine.cancel(BEN, ids.get(0)))
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
      engine.cancel(ANA, ids.get(0));
      assertThatThrownBy(anas::hasNext)
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(bens.hasNext()).isTrue();
    }
    assertThat(engine.queries(SqlEngine.INTERNAL)).isEmpty();
  }

  @Test
  void progressCountsRowsOfEachFragment() {
    try (RowStream rows =
        engine.stream(ANA, "select a.n from east.t a join west.t b on upper(a.s) = upper(b.s)")) {
      while (rows.hasNext()) {
        rows.next();
      }
      RunningQuery query = engine.queries(ANA).get(0);
      assertThat(query.state()).isEqualTo(RunningQuery.State.RUNNING);
      assertThat(query.rows()).isEqualTo(40_000);
      assertThat(query.bytes()).isGreaterThan(40_000);
      assertThat(query.steps())
          .extracting(RunningQuery.Step::source, RunningQuery.Step::rows, RunningQuery.Step::isDone)
          .contains(
              org.assertj.core.groups.Tuple.tuple("east", 20_000L, true),
              org.assertj.core.groups.Tuple.tuple("west", 20_000L, true));
    }
  }

  @Test
  void limitsOnSourcesNameThemselves() throws Exception {
    engine.close();
    engine = engine(limits("256MB", "1GB", 30_000, Long.MAX_VALUE));
    assertThatThrownBy(() -> engine.query(ANA, TWO.formatted("east", "west")))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES))
        .hasMessageContaining("30,000 rows")
        .hasMessageContaining("limits.source_rows");
    assertThat(engine.query(ANA, "select count(*) from east.t").rows())
        .containsExactly(List.of(20_000L));
  }

  @Test
  void theRunningQueriesOfAUserHaveALimitTogether() throws Exception {
    engine.close();
    engine = engine(limits("256MB", "1GB", 50_000, 50_000));
    try (RowStream running = engine.stream(ANA, TWO.formatted("east", "west"))) {
      assertThat(running.hasNext()).isTrue();
      assertThatThrownBy(() -> engine.query(ANA, TWO.formatted("west", "east")))
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES))
          .hasMessageContaining("your running queries")
          .hasMessageContaining("limits.user_source_rows");
      assertThat(engine.query(BEN, TWO.formatted("west", "east")).rows()).hasSize(1);
    }
    assertThat(engine.query(ANA, TWO.formatted("west", "east")).rows()).hasSize(1);
  }

  @Test
  void memoryAndDiskOfTheResidualAreALimit() throws Exception {
    engine.close();
    engine = engine(limits("60MB", "20MB", Long.MAX_VALUE, Long.MAX_VALUE));
    assertThatThrownBy(
            () ->
                engine.query(
                    ANA,
                    "select upper(a.s) || upper(b.s) as x from east.t a join west.t b on b.n <= 600 order by x"))
        .hasMessageContaining("limits.duckdb_memory")
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES));
  }

  @Test
  void whatDuckDbCannotComputeIsToldWheneverItFails() {
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(
              () ->
                  engine.query(
                      ANA,
                      "select cast(upper(a.s) as integer) from east.t a join west.t b on upper(a.s) = upper(b.s)"))
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessageContaining("K");
    }
  }

  @Test
  void aQueryWithoutATurnIsToldItsPlaceInTheQueue() throws Exception {
    engine.close();
    engine =
        engine(new SqlLimits(1000, Duration.ofSeconds(60), 1, "256MB", Duration.ofMillis(300)));
    try (RowStream rows = engine.stream(ANA, "select 1")) {
      assertThat(rows.hasNext()).isTrue();
      assertThatThrownBy(() -> engine.query(BEN, "select 2"))
          .hasMessageContaining("limits.queries")
          .hasMessageContaining("limits.queue_time");
    }
  }
}
