package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.connectors.process.Ports;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a query tells of sources that fail: {@code east} and {@code west} are schemas of one
 * PostgreSQL, {@code silent} is a port that accepts and never answers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class SourceFaultsIT {
  private static final String JOIN =
      "select count(*) from east.t a join west.t b on upper(a.s) = upper(b.s)";

  private PostgresServer server;
  private ServerSocket silent;
  private SqlEngine engine;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    server = new PostgresServer(folder, new Ports(folder.resolve("ports.properties"), Map.of()));
    server.start(event -> {});
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    engine =
        new SqlEngine(
            List.of(
                source("east", server.address(), folder),
                source("west", server.address(), folder),
                source("silent", "jdbc:postgresql://127.0.0.1:%d/x".formatted(port()), folder)),
            List.of(),
            new SqlLimits(10_000_000, Duration.ofSeconds(60), 8, "256MB", Duration.ofSeconds(30)),
            Execution.FEDERATED,
            folder.resolve("spill"),
            InstantSource.system());
  }

  private int port() {
    return silent.getLocalPort();
  }

  private Source source(String library, String url, Path folder) {
    return new JdbcConfig(
            url + "?ApplicationName=" + library,
            server.user(),
            server.password(),
            library,
            2,
            1000,
            Duration.ofSeconds(1))
        .open(library, folder);
  }

  @AfterAll
  void stop() throws IOException {
    engine.close();
    silent.close();
    server.stop();
  }

  @BeforeEach
  void fill() throws SQLException {
    for (String schema : List.of("east", "west")) {
      run(
          "DROP SCHEMA IF EXISTS %s CASCADE".formatted(schema),
          "CREATE SCHEMA " + schema,
          "CREATE TABLE %s.t AS SELECT CAST(n AS int) AS n, 'k' || n AS s FROM generate_series(1, 1000) AS g(n)"
              .formatted(schema),
          "CREATE TABLE %s.big AS SELECT n, repeat('x', 100) AS s FROM generate_series(1, 1000000) AS g(n)"
              .formatted(schema),
          "CREATE VIEW %s.broken AS SELECT n / (n - 500) AS q, s FROM %s.t"
              .formatted(schema, schema),
          "ANALYZE");
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(server.address(), server.user(), server.password());
  }

  private void run(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private long sessions(String condition) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name IN ('east', 'west') AND "
                    + condition)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private Table query(String sql) {
    return engine.query(SqlEngine.INTERNAL, sql);
  }

  @Test
  void fragmentsAreAskedAtTheSameTime() throws Exception {
    assertThat(query(JOIN).rows()).containsExactly(List.of(1000L));
    CompletableFuture<Table> answer;
    try (Connection locking = connect();
        Statement statement = locking.createStatement()) {
      locking.setAutoCommit(false);
      statement.execute("LOCK TABLE east.t, west.t IN ACCESS EXCLUSIVE MODE");
      answer = CompletableFuture.supplyAsync(() -> query(JOIN));
      ArrowReaderContract.await(
          Duration.ofSeconds(20), () -> sessions("wait_event_type = 'Lock'") == 2);
      assertThat(answer).isNotDone();
    }
    assertThat(answer.get(30, TimeUnit.SECONDS).rows()).containsExactly(List.of(1000L));
  }

  @Test
  void theFirstFailureIsToldAndStopsTheOthers() throws Exception {
    String sql = "select s, n from east.t union all select s, q from west.broken";
    assertThatThrownBy(() -> query(sql)).hasMessageContaining("division by zero");
    try (Connection locking = connect();
        Statement statement = locking.createStatement()) {
      locking.setAutoCommit(false);
      statement.execute("LOCK TABLE east.t IN ACCESS EXCLUSIVE MODE");
      assertThatThrownBy(() -> query(sql))
          .isInstanceOf(ChengmaiException.class)
          .hasMessageContaining("west")
          .hasMessageContaining("division by zero");
      ArrowReaderContract.await(
          Duration.ofSeconds(20), () -> sessions("wait_event_type = 'Lock'") == 0);
    }
    assertThat(query(JOIN).rows()).containsExactly(List.of(1000L));
  }

  @Test
  void aConnectionThatDropsHalfWayIsAnErrorAndNeverAShortAnswer() throws Exception {
    for (String sql :
        List.of(
            "select n, s from east.big",
            "select a.n, a.s from east.big a join west.t b on upper(b.s) < upper(a.s)")) {
      try (RowStream rows = engine.stream(SqlEngine.INTERNAL, sql)) {
        assertThat(rows.hasNext()).isTrue();
        run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'east'");
        assertThatThrownBy(
                () -> {
                  while (rows.hasNext()) {
                    rows.next();
                  }
                })
            .as(sql)
            .isInstanceOfSatisfying(
                ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXTERNAL))
            .hasMessageContaining("source east");
      }
    }
    assertThat(query(JOIN).rows()).containsExactly(List.of(1000L));
  }

  @Test
  void deadConnectionsInThePoolAreReplaced() throws Exception {
    assertThat(query(JOIN).rows()).containsExactly(List.of(1000L));
    run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('east', 'west')");
    assertThat(query(JOIN).rows()).containsExactly(List.of(1000L));
  }

  @Test
  void aTableThatChangedIsPlannedAnew() throws Exception {
    String counting = "select count(*) from east.t where n = 5";
    assertThat(query(counting).rows()).containsExactly(List.of(1L));
    run("DROP VIEW east.broken", "ALTER TABLE east.t ALTER n TYPE text");
    assertThat(query(counting).rows()).containsExactly(List.of(1L));
    run("ALTER TABLE east.t ALTER n TYPE int USING CAST(n AS int)");
    assertThat(query(counting).rows()).containsExactly(List.of(1L));
  }

  @Test
  void aColumnThatIsGoneIsAnErrorThatNamesIt() throws Exception {
    assertThat(query("select max(n) from west.t").rows()).containsExactly(List.of(1000L));
    run("DROP VIEW west.broken", "ALTER TABLE west.t RENAME n TO m");
    assertThatThrownBy(() -> query("select max(n) from west.t"))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("'n'");
    assertThat(query("select max(m) from west.t").rows()).containsExactly(List.of(1000L));
  }

  @Test
  void anErrorOfTheDataIsToldAsItIs() {
    assertThatThrownBy(() -> query("select sum(cast(s as integer)) from east.t"))
        .hasMessageContaining("east")
        .hasMessageContaining("k1");
  }

  @Test
  void aSourceThatNeverAnswersIsSoonLeftAloneAndOthersAreUnaffected() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> query("select * from silent.t"))
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXTERNAL))
          .hasMessageContaining("silent");
    }
    assertThatThrownBy(() -> query("select * from silent.t"))
        .hasMessageContaining("silent could not be reached")
        .hasMessageContaining("times in a row")
        .hasMessageContaining("tried again in");
    assertThat(engine.health().get("silent")).contains("times in a row");
    assertThat(engine.health()).containsEntry("east", "").containsEntry("west", "");
    assertThat(query(JOIN).rows()).containsExactly(List.of(1000L));
  }

  @Test
  void cancellingDoesNotWaitForSourcesThatAreBusy() throws Exception {
    assertThat(query(JOIN).rows()).containsExactly(List.of(1000L));
    try (Connection locking = connect();
        Statement statement = locking.createStatement()) {
      locking.setAutoCommit(false);
      statement.execute("LOCK TABLE east.t, west.t IN ACCESS EXCLUSIVE MODE");
      CompletableFuture<Table> answer = CompletableFuture.supplyAsync(() -> query(JOIN));
      ArrowReaderContract.await(
          Duration.ofSeconds(20), () -> sessions("wait_event_type = 'Lock'") == 2);
      List<RunningQuery> queries = engine.queries(SqlEngine.INTERNAL);
      assertThat(queries).hasSize(1);
      engine.cancel(SqlEngine.INTERNAL, queries.get(0).id());
      assertThat(answer)
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableThat()
          .withMessageContaining("cancelled");
      ArrowReaderContract.await(
          Duration.ofSeconds(20), () -> sessions("wait_event_type = 'Lock'") == 0);
    }
    assertThat(query(JOIN).rows()).containsExactly(List.of(1000L));
  }
}
