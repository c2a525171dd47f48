package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.RootAllocator;
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

/** What is told of a query once it is over. */
@Timeout(120)
final class QueryAuditTest {
  private static final Principal ANA = new Principal("ana", Role.ANALYST);
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  private static final String URL =
      "jdbc:h2:mem:audit;DB_CLOSE_DELAY=-1;CASE_INSENSITIVE_IDENTIFIERS=TRUE";

  private final List<EndedQuery> ended = new CopyOnWriteArrayList<>();
  @TempDir Path folder;
  private Connection keeper;
  private SqlEngine engine;

  @BeforeEach
  void open() throws Exception {
    keeper = DriverManager.getConnection(URL);
    try (Statement statement = keeper.createStatement()) {
      statement.execute(
          "CREATE TABLE \"t\" AS SELECT X AS \"n\", 'k' || X AS \"s\" FROM SYSTEM_RANGE(1, 20000)");
    }
    engine = engine(Duration.ofSeconds(60), Duration.ofSeconds(60));
    tell(Duration.ofDays(1));
  }

  private SqlEngine engine(Duration time, Duration queue) {
    return new SqlEngine(
        List.of(
            new JdbcConfig(URL, null, null, "PUBLIC", 2, 1000, Duration.ofSeconds(5))
                .open("east", folder.resolve("east"))),
        List.of(),
        new SqlLimits(1000, time, 1, "256MB", queue),
        Execution.FEDERATED,
        folder.resolve("spill"),
        InstantSource.fixed(NOW));
  }

  private void tell(Duration slow) {
    engine.tell(
        new QueryAudit() {
          @Override
          public Duration slow() {
            return slow;
          }

          @Override
          public void ended(EndedQuery query) {
            ended.add(query);
          }
        });
  }

  @AfterEach
  void close() throws Exception {
    engine.close();
    try (Statement statement = keeper.createStatement()) {
      statement.execute("SHUTDOWN");
    }
  }

  private void run(Principal principal, Via via, String sql) {
    try (RowStream rows = engine.stream(QueryRequest.of(principal, via, sql), id -> {})) {
      rows.forEachRemaining(row -> {});
    }
  }

  private EndedQuery last() {
    return ended.get(ended.size() - 1);
  }

  @Test
  void aQueryThatWasReadIsDone() {
    QueryRequest request =
        QueryRequest.of(ANA, Via.FLIGHT, "select n from east.t where n <= 7 order by n");
    try (RowStream rows = engine.stream(request, id -> {})) {
      rows.forEachRemaining(row -> {});
      assertThat(ended).isEmpty();
    }
    EndedQuery query = last();
    assertThat(query.id()).isEqualTo(request.id());
    assertThat(query.user()).isEqualTo("ana");
    assertThat(query.via()).isEqualTo(Via.FLIGHT);
    assertThat(query.started()).isEqualTo(NOW);
    assertThat(query.sql()).isEqualTo(request.sql());
    assertThat(query.sources()).containsExactly("east");
    assertThat(query.moved().rows()).isEqualTo(7);
    assertThat(query.moved().bytes()).isPositive();
    assertThat(query.rows()).isEqualTo(7);
    assertThat(query.outcome()).isEqualTo(EndedQuery.Outcome.DONE);
    assertThat(query.error()).isNull();
    assertThat(query.plan()).as("it was not slow").isNull();
  }

  @Test
  void theClientsTimeIsNotTheQuerys() {
    tell(Duration.ofMillis(200));
    try (RowStream rows = engine.stream(ANA, "select n from east.t where n <= 7")) {
      assertThat(rows.hasNext()).isTrue();
      long since = System.nanoTime();
      while (System.nanoTime() - since < Duration.ofMillis(250).toNanos()) {
        Thread.onSpinWait();
      }
      rows.forEachRemaining(row -> {});
    }
    EndedQuery.Times times = last().times();
    assertThat(times.client()).isGreaterThanOrEqualTo(250);
    assertThat(times.firstRow()).isNotNull().isLessThanOrEqualTo(times.run());
    assertThat(last().isSlow()).isEqualTo(times.plan() + times.run() >= 200);
  }

  @Test
  void aQueryThatFailsBeforeItsFirstRowHasNoTimeOfIt() {
    assertThatThrownBy(() -> run(ANA, Via.HTTP, "select 1 / (n - n) from east.t"))
        .isInstanceOf(ChengmaiException.class);
    assertThat(last().times().firstRow()).isNull();
  }

  @Test
  void whatCannotBePreparedIsToldToo() {
    for (String wrong :
        List.of("select nope from east.t", "selec 1", "explain select 1 from", "select ?, ?")) {
      QueryRequest request = QueryRequest.of(ANA, Via.PGWIRE, wrong);
      assertThatThrownBy(() -> engine.prepare(request, List.of("nonsense")))
          .isInstanceOf(ChengmaiException.class);
      assertThat(last().id()).isEqualTo(request.id());
      assertThat(last().via()).isEqualTo(Via.PGWIRE);
      assertThat(last().sql()).isEqualTo(wrong);
      assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.FAILED);
      assertThat(last().error().code()).isEqualTo(ErrorCode.INVALID_INPUT);
    }
    QueryRequest request =
        QueryRequest.of(new Principal("vi", Role.VIEWER), Via.FLIGHT, "select 1");
    assertThatThrownBy(() -> engine.prepare(request, List.of()))
        .isInstanceOf(ChengmaiException.class);
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.REFUSED);
    assertThat(last().user()).isEqualTo("vi");
    int told = ended.size();
    PreparedQuery unused =
        engine.prepare(QueryRequest.of(ANA, Via.FLIGHT, "select n from east.t"), List.of());
    assertThat(ended).as("what was not run yet").hasSize(told);
  }

  @Test
  void valuesThatDoNotFitAreToldToo() {
    PreparedQuery query =
        engine.prepare(
            QueryRequest.of(ANA, Via.FLIGHT, "select n from east.t where n = ?"), List.of());
    for (List<?> values : List.of(List.of("ten"), List.of(1, 2))) {
      assertThatThrownBy(
              () -> engine.stream(QueryRequest.of(ANA, Via.FLIGHT, query, values), id -> {}))
          .isInstanceOf(ChengmaiException.class);
      assertThat(last().sql()).isEqualTo(query.sql());
      assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.FAILED);
      assertThat(last().error().code()).isEqualTo(ErrorCode.INVALID_INPUT);
    }
    assertThat(ended.get(0).error().message()).isEqualTo("parameter 1 is no BIGINT: ten");
  }

  @Test
  void whatIsOnlyExplainedIsToldAsAnExplain() {
    QueryRequest request = QueryRequest.of(ANA, Via.HTTP, "select n from east.t where n < 5");
    tell(Duration.ZERO);
    Explanation explanation = engine.explain(request);
    EndedQuery query = last();
    assertThat(query.id()).isEqualTo(request.id());
    assertThat(query.sql()).isEqualTo("EXPLAIN select n from east.t where n < 5");
    assertThat(query.outcome()).isEqualTo(EndedQuery.Outcome.DONE);
    assertThat(query.sources()).containsExactly("east");
    assertThat(query.moved()).isEqualTo(QueryReport.NOTHING);
    assertThat(query.plan()).isEqualTo(explanation.plan()).contains("-- f0: east");
    run(ANA, Via.HTTP, "select n from east.t where n < 7");
    assertThat(last().planHash()).isEqualTo(query.planHash());
    for (String explain : List.of("explain select n from east.t", "explain select nope")) {
      try {
        assertThat(engine.explain(QueryRequest.of(ANA, Via.HTTP, explain)).fragments()).hasSize(1);
      } catch (ChengmaiException e) {
        assertThat(last().error().message()).contains("nope");
      }
      assertThat(last().sql()).isEqualTo(explain);
    }
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.FAILED);
    assertThatThrownBy(
            () ->
                engine.explain(
                    QueryRequest.of(new Principal("vi", Role.VIEWER), Via.HTTP, "select 1")))
        .hasMessageContaining("ANALYST");
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.REFUSED);
  }

  @Test
  void rowsThatAreTakenAsVectorsAreCounted() {
    try (RootAllocator memory = new RootAllocator();
        RowStream rows = engine.stream(ANA, "select n from east.t");
        ArrowBatches batches = new ArrowBatches(rows, ClientTypes.FEW, memory)) {
      while (batches.next()) {
        assertThat(batches.root().getRowCount()).isPositive();
      }
    }
    assertThat(last().rows()).isEqualTo(20_000);
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.DONE);
  }

  @Test
  void aSlowQueryIsToldWithWhatItsStepsDid() {
    tell(Duration.ZERO);
    run(ANA, Via.HTTP, "select count(*) from east.t where n > 5");
    assertThat(last().plan()).contains("-- f0: east").contains("; was 1 rows").contains("COUNT(*)");
    run(ANA, Via.HTTP, "explain analyze select count(*) from east.t where n > 5");
    assertThat(last().plan()).contains("; was 1 rows");
    assertThat(last().moved().rows()).isEqualTo(1);
    assertThat(last().sources()).containsExactly("east");
  }

  @Test
  void thePlanHashIsTheSameForOtherLiteralsAndNoOther() {
    for (String sql :
        List.of(
            "select n from east.t where n < 5 and s <> 'a'",
            "select n from east.t  where n < 66 and s <> 'it''s 7'",
            "select n from east.t where n in (1, 2, 3)",
            "select n from east.t where n in (4, 5)",
            "select n from east.t where n > 5 and s <> 'a'")) {
      run(ANA, Via.HTTP, sql);
    }
    List<String> hashes = ended.stream().map(EndedQuery::planHash).toList();
    assertThat(hashes.get(0)).matches("[0-9a-f]{16}").isEqualTo(hashes.get(1));
    assertThat(hashes.get(2)).isEqualTo(hashes.get(3)).isNotEqualTo(hashes.get(0));
    assertThat(hashes.get(4)).isNotIn(hashes.subList(0, 4));
  }

  @Test
  void literalsGoAndNamesStay() {
    assertThat(
            PlanHash.withoutLiterals("\"a 1\" = 'it''s' AND t0.`b 2` IN (1, 2.5, 'x') OR c3 > 7"))
        .isEqualTo("\"a 1\" = ? AND t0.`b 2` IN (?) OR c3 > ?");
  }

  @Test
  void aWrongQueryHasFailed() {
    assertThatThrownBy(() -> run(ANA, Via.HTTP, "select nope from east.t"))
        .isInstanceOf(ChengmaiException.class);
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.FAILED);
    assertThat(last().error().code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(last().error().message()).contains("nope");
    assertThat(last().planHash()).isNull();
    assertThat(last().sources()).isEmpty();
  }

  @Test
  void aQueryThatFailsOnTheWayHasFailed() {
    assertThatThrownBy(() -> run(ANA, Via.HTTP, "select 1 / (n - 20000) from east.t"))
        .isInstanceOf(ChengmaiException.class);
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.FAILED);
    assertThat(last().planHash()).isNotNull();
  }

  @Test
  void oneThatIsCancelledOrLeftIsCancelled() {
    try (RowStream rows = engine.stream(ANA, "select n from east.t")) {
      rows.next();
      rows.cancel();
      assertThatThrownBy(() -> rows.forEachRemaining(row -> {}))
          .isInstanceOf(ChengmaiException.class);
    }
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.CANCELLED);
    assertThat(last().error().code()).isEqualTo(ErrorCode.CANCELLED);
    try (RowStream rows = engine.stream(ANA, "select n from east.t")) {
      rows.next();
    }
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.CANCELLED);
    assertThat(last().error()).isNull();
    assertThat(last().rows()).isEqualTo(1);
  }

  @Test
  void oneWhoseTimeIsOverHasExpired() {
    engine.close();
    engine = engine(Duration.ofMillis(300), Duration.ofSeconds(60));
    tell(Duration.ofDays(1));
    assertThatThrownBy(
            () -> run(ANA, Via.HTTP, "select count(*) from east.t a, east.t b, east.t c"))
        .hasMessageContaining("limits.query_time");
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.EXPIRED);
    assertThat(last().error().code()).isEqualTo(ErrorCode.RESOURCES);
  }

  @Test
  void oneWhoseClientDoesNotReadOnHasExpiredToo() throws Exception {
    engine.close();
    engine = engine(Duration.ofSeconds(2), Duration.ofSeconds(60));
    tell(Duration.ofDays(1));
    try (RowStream rows = engine.stream(ANA, "select n from east.t")) {
      rows.next();
      TimeUnit.SECONDS.sleep(4);
    }
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.EXPIRED);
    assertThat(last().rows()).isEqualTo(1);
  }

  @Test
  void oneWithoutATurnOrARightIsRefused() {
    engine.close();
    engine = engine(Duration.ofSeconds(60), Duration.ofMillis(50));
    tell(Duration.ofDays(1));
    try (RowStream first = engine.stream(ANA, "select n from east.t")) {
      assertThatThrownBy(() -> run(ANA, Via.HTTP, "select 2"))
          .hasMessageContaining("limits.queue_time");
      assertThat(first.hasNext()).isTrue();
    }
    assertThat(ended.get(0).outcome()).isEqualTo(EndedQuery.Outcome.REFUSED);
    assertThat(ended.get(0).times().queue()).isGreaterThanOrEqualTo(50);
    assertThatThrownBy(() -> run(new Principal("vi", Role.VIEWER), Via.HTTP, "select 3"))
        .hasMessageContaining("ANALYST");
    assertThat(last().outcome()).isEqualTo(EndedQuery.Outcome.REFUSED);
    assertThat(last().user()).isEqualTo("vi");
    assertThat(last().error().code()).isEqualTo(ErrorCode.FORBIDDEN);
  }

  @Test
  void anIdIsOfOneQueryAtATime() {
    QueryRequest request = QueryRequest.of(ANA, Via.HTTP, "select n from east.t");
    try (RowStream rows = engine.stream(request, id -> {})) {
      assertThatThrownBy(() -> engine.stream(request, id -> {}))
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
      assertThat(rows.hasNext()).isTrue();
    }
    assertThat(ended).hasSize(1);
    run(ANA, Via.HTTP, "select 1");
    assertThat(last().outcome()).as("no place was lost").isEqualTo(EndedQuery.Outcome.DONE);
  }
}
