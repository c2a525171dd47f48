package org.chengmai.engine.querylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.engine.sql.EndedQuery;
import org.chengmai.engine.sql.EndedQuery.Outcome;
import org.chengmai.engine.sql.QueryReport;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.Via;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class QueryLogIT {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  private static final Principal ANA = new Principal("ana", Role.ANALYST);
  private static final Principal ROOT = new Principal("root", Role.ADMIN);

  private static TestDatabase database;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private QueryLog log;

  @BeforeAll
  static void open() {
    database = new TestDatabase();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void start() {
    log = log(QueryLogConfig.defaults());
  }

  private QueryLog log(QueryLogConfig config) {
    return new QueryLog(config, database.dataSource(), InstantSource.fixed(NOW), metrics);
  }

  @AfterEach
  void forget() throws Exception {
    log.close();
    run("DELETE FROM chengmai.query_log");
  }

  private static void run(String sql) throws Exception {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static EndedQuery query(String user, String sql, Outcome outcome, boolean isSlow) {
    return query(user, sql, outcome, isSlow, NOW);
  }

  private static EndedQuery query(
      String user, String sql, Outcome outcome, boolean isSlow, Instant at) {
    return new EndedQuery(
        UUID.randomUUID(),
        user,
        Via.HTTP,
        at,
        at.plusSeconds(3),
        sql,
        "0123456789abcdef",
        isSlow ? "-- f0: east" : null,
        List.of("east", "west"),
        new QueryReport(20, 160),
        7,
        new EndedQuery.Times(1, 2, 7, 3L, 4),
        isSlow,
        outcome,
        outcome == Outcome.DONE ? null : new EndedQuery.Failure(ErrorCode.EXTERNAL, "it broke"));
  }

  private void keep(EndedQuery... queries) {
    for (EndedQuery query : queries) {
      log.ended(query);
    }
    log.write();
  }

  private static LoggedQuery.Search search(
      @Nullable String text, @Nullable Outcome outcome, boolean isSlow) {
    return new LoggedQuery.Search(null, text, outcome, isSlow, null, null, null, 100);
  }

  @Test
  void whatIsKeptIsWhatWasTold() {
    EndedQuery query = query("ana", "select '天气' || 1", Outcome.FAILED, true);
    keep(query);
    LoggedQuery found = log.find(ANA, query.id());
    assertThat(found)
        .isEqualTo(
            new LoggedQuery(
                found.seq(),
                query.id(),
                "ana",
                Via.HTTP,
                NOW,
                NOW.plusSeconds(3),
                "select '天气' || 1",
                "0123456789abcdef",
                List.of("east", "west"),
                20,
                160,
                7,
                1,
                2,
                7,
                3L,
                4L,
                Outcome.FAILED,
                ErrorCode.EXTERNAL,
                "it broke",
                true,
                "-- f0: east"));
  }

  @Test
  void anAnalystSeesHisOwnAndAnAdministratorAll() {
    EndedQuery bens = query("ben", "select 2", Outcome.DONE, false);
    keep(query("ana", "select 1", Outcome.DONE, false), bens);
    assertThat(log.search(ANA, LoggedQuery.Search.newest(10)))
        .extracting(LoggedQuery::user)
        .containsExactly("ana");
    assertThat(log.search(ROOT, LoggedQuery.Search.newest(10)))
        .extracting(LoggedQuery::user)
        .containsExactly("ben", "ana");
    assertThat(log.find(ROOT, bens.id()).sql()).isEqualTo("select 2");
    assertThatThrownBy(() -> log.find(ANA, bens.id())).hasMessageContaining("no query");
    assertThatThrownBy(
            () ->
                log.search(
                    ANA, new LoggedQuery.Search("ben", null, null, false, null, null, null, 10)))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
  }

  @Test
  void itIsSearchedByTextOutcomeSlownessAndTime() {
    keep(
        query("ana", "select 100% FROM Rain", Outcome.DONE, false),
        query("ana", "select * from snow", Outcome.CANCELLED, false, NOW.plusSeconds(60)),
        query("ana", "select * from wind", Outcome.DONE, true, NOW.plusSeconds(120)));
    assertThat(log.search(ANA, search("0% from rain", null, false)))
        .extracting(LoggedQuery::sql)
        .containsExactly("select 100% FROM Rain");
    assertThat(log.search(ANA, search("_", null, false))).isEmpty();
    assertThat(log.search(ANA, search(null, Outcome.CANCELLED, false)))
        .extracting(LoggedQuery::sql)
        .containsExactly("select * from snow");
    List<LoggedQuery> slow = log.search(ANA, search(null, null, true));
    assertThat(slow).extracting(LoggedQuery::sql).containsExactly("select * from wind");
    assertThat(slow.get(0).plan()).as("lists are short").isNull();
    assertThat(
            log.search(
                ANA,
                new LoggedQuery.Search(
                    null, null, null, false, NOW.plusSeconds(60), NOW.plusSeconds(120), null, 100)))
        .extracting(LoggedQuery::sql)
        .containsExactly("select * from snow");
  }

  @Test
  void partsOfWordsAreFoundInAnyWriting() {
    String sql = "select avg(v) as 平均值 from Base_Env.air where region = '𠮷野站'";
    keep(
        query("ana", sql, Outcome.DONE, false),
        query("ana", "select '均平', '野𠮷' from base.env", Outcome.DONE, false),
        query("ana", "s", Outcome.DONE, false));
    for (String text : List.of("平均", "均值 f", "𠮷野", "e_E", "ASE_ENV.A", "g(v)")) {
      assertThat(log.search(ANA, search(text, null, false)))
          .as(text)
          .extracting(LoggedQuery::sql)
          .containsExactly(sql);
    }
    assertThat(log.search(ANA, search("𠮷", null, false))).hasSize(2);
    assertThat(log.search(ANA, search("S", null, false))).hasSize(3);
  }

  @Test
  void entriesFromBeforeTimesWereKeptApartAreReadToo() throws Exception {
    EndedQuery query = query("ana", "select 1", Outcome.DONE, false);
    keep(query);
    run("UPDATE chengmai.query_log SET first_row_ms = NULL, client_ms = NULL");
    assertThat(log.find(ANA, query.id()).firstRowMillis()).isNull();
    assertThat(log.find(ANA, query.id()).clientMillis()).isNull();
  }

  @Test
  void pagesFollowEachOther() {
    IntStream.range(0, 7).forEach(n -> keep(query("ana", "select " + n, Outcome.DONE, false)));
    List<LoggedQuery> first = log.search(ANA, LoggedQuery.Search.newest(4));
    List<LoggedQuery> second =
        log.search(
            ANA,
            new LoggedQuery.Search(null, null, null, false, null, null, first.get(3).seq(), 4));
    assertThat(first)
        .extracting(LoggedQuery::sql)
        .containsExactly("select 6", "select 5", "select 4", "select 3");
    assertThat(second)
        .extracting(LoggedQuery::sql)
        .containsExactly("select 2", "select 1", "select 0");
  }

  @Test
  void anIdThatIsUsedAgainHidesNothing() {
    EndedQuery first = query("ana", "select 1", Outcome.DONE, false);
    keep(first);
    EndedQuery again =
        new EndedQuery(
            first.id(),
            "ben",
            first.via(),
            NOW,
            NOW,
            "select 2",
            null,
            null,
            List.of(),
            first.moved(),
            0,
            first.times(),
            false,
            Outcome.DONE,
            null);
    keep(again);
    assertThat(log.search(ROOT, LoggedQuery.Search.newest(10))).hasSize(2);
    assertThat(log.find(ANA, first.id()).sql()).isEqualTo("select 1");
  }

  @Test
  void textsThatPostgresqlRefusesAreKeptWithoutWhatItRefuses() {
    EndedQuery query =
        query("ana", "select 'a\0b\ud83d'" + "x".repeat(20_000), Outcome.DONE, false);
    keep(query);
    assertThat(log.find(ANA, query.id()).sql())
        .startsWith("select 'a\uFFFDb?'xxx")
        .endsWith("x…")
        .hasSize(10_001);
  }

  @Test
  void textsAreNotKeptWhereTheyMayNot() {
    log = log(new QueryLogConfig(true, false, Duration.ofSeconds(2), Duration.ofDays(30)));
    EndedQuery query = query("ana", "select 'secret'", Outcome.FAILED, true);
    keep(query);
    LoggedQuery found = log.find(ANA, query.id());
    assertThat(found.sql()).isNull();
    assertThat(found.message()).isNull();
    assertThat(found.plan()).isNull();
    assertThat(found.code()).isEqualTo(ErrorCode.EXTERNAL);
    assertThat(found.planHash()).isNotNull();
  }

  @Test
  void aLogThatIsOffKeepsNothing() {
    log = log(new QueryLogConfig(false, true, Duration.ofSeconds(2), Duration.ofDays(30)));
    keep(query("ana", "select 1", Outcome.DONE, false));
    assertThat(log.search(ROOT, LoggedQuery.Search.newest(10))).isEmpty();
  }

  @Test
  void ofTheEnginesOwnQueriesOnlySlowAndFailedOnesAreKept() {
    String engine = SqlEngine.INTERNAL.name();
    keep(
        query(engine, "select 1", Outcome.DONE, false),
        query(engine, "select 2", Outcome.DONE, true),
        query(engine, "select 3", Outcome.FAILED, false));
    assertThat(log.search(ROOT, LoggedQuery.Search.newest(10)))
        .extracting(LoggedQuery::sql)
        .containsExactly("select 3", "select 2");
  }

  @Test
  void whatIsTooOldIsForgotten() {
    Instant old = NOW.minus(Duration.ofDays(30)).minusSeconds(10);
    keep(
        query("ana", "select 1", Outcome.DONE, false, old),
        query("ana", "select 2", Outcome.DONE, false, old.plusSeconds(60)));
    log.sweep();
    assertThat(log.search(ANA, LoggedQuery.Search.newest(10)))
        .extracting(LoggedQuery::sql)
        .containsExactly("select 2");
  }

  @Test
  void aFullQueueDropsAndCounts() {
    EndedQuery query = query("ana", "select 1", Outcome.DONE, false);
    for (int i = 0; i < QueryLog.CAPACITY + 5; i++) {
      log.ended(query);
    }
    assertThat(log.dropped()).isEqualTo(5);
    assertThat(metrics.counter("chengmai.querylog.drop").count()).isEqualTo(5);
    log.write();
    assertThat(log.search(ROOT, LoggedQuery.Search.newest(2000))).hasSize(QueryLog.CAPACITY);
  }

  @Test
  void whatCouldNotBeWrittenIsWrittenLater() throws Exception {
    run("ALTER TABLE chengmai.query_log RENAME TO gone");
    try {
      keep(query("ana", "select 1", Outcome.DONE, false));
    } finally {
      run("ALTER TABLE chengmai.gone RENAME TO query_log");
    }
    keep(query("ana", "select 2", Outcome.DONE, false));
    assertThat(log.search(ANA, LoggedQuery.Search.newest(10)))
        .extracting(LoggedQuery::sql)
        .containsExactly("select 2", "select 1");
    assertThat(log.dropped()).isZero();
  }

  @Test
  void closingWritesWhatWaits() {
    try (QueryLog running =
        QueryLog.start(
            QueryLogConfig.defaults(), database.dataSource(), InstantSource.fixed(NOW), metrics)) {
      running.ended(query("ana", "select 1", Outcome.DONE, false));
    }
    assertThat(log.search(ANA, LoggedQuery.Search.newest(10))).hasSize(1);
  }

  @Test
  void everyAnalystMaySeeFiguresButNeitherNamesNorTexts() throws Exception {
    keep(query("ana", "select 1", Outcome.DONE, true));
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT * FROM operations.query_run")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString("sources")).isEqualTo("east,west");
      assertThat(rows.getLong("answer_rows")).isEqualTo(7);
      assertThat(rows.getLong("run_ms")).isEqualTo(7);
      assertThat(rows.getLong("first_row_ms")).isEqualTo(3);
      assertThat(rows.getLong("client_ms")).isEqualTo(4);
      assertThat(rows.getMetaData().getColumnCount()).isEqualTo(17);
    }
  }
}
