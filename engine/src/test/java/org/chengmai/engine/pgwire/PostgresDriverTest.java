package org.chengmai.engine.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.engine.sql.RunningQuery;
import org.chengmai.engine.sql.SqlEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What programs do with the PostgreSQL JDBC driver. */
final class PostgresDriverTest {
  /** More rows than anybody reads: many copies of a table joined. */
  private static final String ENDLESS =
      "select a.v from env.air a, "
          + IntStream.range(0, 22).mapToObj(i -> "env.air x" + i).collect(Collectors.joining(", "));

  @TempDir Path folder;
  private PostgresServer server;

  @BeforeEach
  void start() throws Exception {
    server = new PostgresServer(folder);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private Connection connect(String... properties) throws SQLException {
    return server.connect(properties);
  }

  private static List<Object> column(ResultSet result) throws SQLException {
    try (result) {
      List<Object> values = new ArrayList<>();
      while (result.next()) {
        values.add(result.getObject(1));
      }
      return values;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
  void everyModeOfTheDriverReadsRows(String mode) throws Exception {
    try (Connection connection = connect("preferQueryMode=" + mode);
        Statement statement = connection.createStatement();
        PreparedStatement prepared =
            connection.prepareStatement("select v from env.air where region = ?")) {
      assertThat(column(statement.executeQuery("select region from env.air order by ts")))
          .containsExactly("城东", "城西", "O'Neil");
      assertThat(column(statement.executeQuery(" ; select 1; "))).hasSize(1);
      for (int i = 0; i < 7; i++) {
        // from the fifth on the statement has a name on the server, and rows come in binary
        prepared.setString(1, i % 2 == 0 ? "城东" : "O'Neil");
        assertThat(column(prepared.executeQuery()))
            .hasSize(1)
            .first()
            .isEqualTo(i % 2 == 0 ? 10L : null);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyTypeArrivesInTextAndBinary(boolean isBinary) throws Exception {
    try (Connection connection =
            connect("prepareThreshold=" + (isBinary ? "-1" : "0"), "binaryTransfer=" + isBinary);
        PreparedStatement statement =
            connection.prepareStatement(
                "select good, cast(v as smallint), cast(v as integer), v, cast(price as real), price,"
                    + " cast(-12345678.0090 as decimal(20, 4)), region, cast(ts as date), cast(ts as time), ts,"
                    + " cast(0 as decimal(9, 2)), cast(null as integer), x'00ff'"
                    + " from env.air where region = '城东'");
        ResultSet row = statement.executeQuery()) {
      assertThat(row.next()).isTrue();
      assertThat(row.getObject(1)).isEqualTo(true);
      assertThat(row.getShort(2)).isEqualTo((short) 10);
      assertThat(row.getObject(3)).isEqualTo(10);
      assertThat(row.getObject(4)).isEqualTo(10L);
      assertThat(row.getObject(5)).isEqualTo(1.25f);
      assertThat(row.getObject(6)).isEqualTo(1.25);
      assertThat(row.getObject(7)).isEqualTo(new BigDecimal("-12345678.0090"));
      assertThat(row.getObject(8)).isEqualTo("城东");
      assertThat(row.getObject(9, LocalDate.class)).isEqualTo("2026-01-01");
      assertThat(row.getObject(10, LocalTime.class)).isEqualTo("00:10:00.5");
      assertThat(row.getObject(11, OffsetDateTime.class).toInstant())
          .isEqualTo("2026-01-01T00:10:00.5Z");
      assertThat(row.getTimestamp(11).toInstant()).isEqualTo("2026-01-01T00:10:00.5Z");
      assertThat(row.getBigDecimal(12)).isEqualByComparingTo("0");
      assertThat(row.getObject(13)).isNull();
      assertThat(row.getBytes(14)).containsExactly(0, 0xff);
      assertThat(row.getMetaData().getColumnTypeName(11)).isEqualTo("timestamptz");
    }
  }

  @Test
  void parametersOfEveryTypeAreTaken() throws Exception {
    try (Connection connection = connect("prepareThreshold=-1");
        PreparedStatement statement =
            connection.prepareStatement(
                "select region from env.air where ts = ? and cast(ts as date) = ? and good = ? and price = ?"
                    + " and v = ? and v = ? and cast(price as decimal(10, 4)) = ? and region = ?"
                    + " and cast(ts as time) = ? and x'00ff' = ? and v in (?, ?) limit ?")) {
      statement.setObject(
          1,
          OffsetDateTime.ofInstant(
              Instant.parse("2026-01-01T00:10:00.500Z"), ZoneOffset.ofHours(8)));
      statement.setObject(2, LocalDate.parse("2026-01-01"));
      statement.setBoolean(3, true);
      statement.setDouble(4, 1.25);
      statement.setInt(5, 10);
      statement.setLong(6, 10);
      statement.setBigDecimal(7, new BigDecimal("1.2500"));
      statement.setString(8, "城东");
      statement.setObject(9, LocalTime.parse("00:10:00.5"));
      statement.setBytes(10, new byte[] {0, (byte) 0xff});
      statement.setShort(11, (short) 10);
      statement.setNull(12, java.sql.Types.BIGINT);
      statement.setInt(13, 7);
      assertThat(column(statement.executeQuery())).containsExactly("城东");
      statement.setTimestamp(1, java.sql.Timestamp.from(Instant.parse("2026-01-01T00:10:00.500Z")));
      statement.setDate(2, java.sql.Date.valueOf("2026-01-01"));
      assertThat(column(statement.executeQuery())).containsExactly("城东");
    }
  }

  @Test
  void resultsOfAnySizeAreReadInParts() throws Exception {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(100);
        try (ResultSet result = statement.executeQuery(ENDLESS)) {
          for (int i = 0; i < 250; i++) {
            assertThat(result.next()).isTrue();
          }
        }
        // both cursors of the engine are free again, although neither was read to its end
        try (ResultSet result = statement.executeQuery(ENDLESS)) {
          assertThat(result.next()).isTrue();
        }
        connection.commit();
        assertThat(column(statement.executeQuery("select count(*) from env.air")))
            .containsExactly(3L);
        assertThat(server.engine().queries(SqlEngine.INTERNAL)).isEmpty();
      }
    }
  }

  @Test
  void aQueryIsCancelledByItsStatement() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      CompletableFuture<Void> cancelling =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (server.engine().queries(SqlEngine.INTERNAL).stream()
                      .noneMatch(query -> query.state() == RunningQuery.State.RUNNING)) {
                    Thread.onSpinWait();
                  }
                  statement.cancel();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThatThrownBy(() -> statement.executeQuery("select count(*) from (" + ENDLESS + ") t"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      cancelling.get(20, TimeUnit.SECONDS);
      assertThat(column(statement.executeQuery("select 1"))).containsExactly(1);
    }
  }

  @Test
  void aClientThatLeavesEndsItsQuery() throws Exception {
    for (int i = 0; i < 4; i++) {
      Connection connection = connect();
      connection.setAutoCommit(false);
      Statement statement = connection.createStatement();
      statement.setFetchSize(10);
      assertThat(statement.executeQuery(ENDLESS).next()).isTrue();
      connection.abort(Runnable::run);
    }
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(column(statement.executeQuery("select 1"))).containsExactly(1);
    }
  }

  @Test
  void errorsHaveTheirStateAndPlace() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("select 1,\n nope from env.air"))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("42703");
                ServerErrorMessage told = e.getServerErrorMessage();
                assertThat(told.getPosition()).isEqualTo(12);
              });
      assertState(statement, "select 1 from nothing.such", "42P01");
      assertState(statement, "selec 1", "42601");
      assertState(statement, "delete from env.air", "42601");
      assertState(statement, "select v / 0 from env.air where v = 10", "22012");
      assertState(statement, "select nothing_such(1)", "42883");
      assertState(statement, "show nothing_such", "42704");
      String deep = "select " + "(".repeat(50_000) + "1" + ")".repeat(50_000);
      assertThatThrownBy(() -> statement.executeQuery(deep)).isInstanceOf(SQLException.class);
      assertThat(column(statement.executeQuery("select 1"))).containsExactly(1);
    }
  }

  private static void assertState(Statement statement, String sql, String state) {
    assertThatThrownBy(() -> statement.executeQuery(sql))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  @Test
  void transactionsKeepTheirState() throws Exception {
    try (Connection connection = connect("autosave=always")) {
      connection.setAutoCommit(false);
      assertThatThrownBy(() -> connection.createStatement().executeQuery("select nope"))
          .isInstanceOf(SQLException.class);
      assertThat(column(connection.createStatement().executeQuery("select 1"))).hasSize(1);
      connection.rollback();
    }
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      Statement statement = connection.createStatement();
      assertThatThrownBy(() -> statement.executeQuery("select nope"))
          .isInstanceOf(SQLException.class);
      assertState(statement, "select 1", "25P02");
      connection.rollback();
      assertThat(column(statement.executeQuery("select 1"))).hasSize(1);
      connection.rollback();
      connection.setReadOnly(true);
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
    }
  }

  @Test
  void whatHasNoEffectIsSaid() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("set statement_timeout = 5000");
      assertThat(statement.getWarnings().getMessage()).contains("limits.query_time");
      statement.clearWarnings();
      statement.execute("set time zone 'Asia/Shanghai'");
      assertThat(statement.getWarnings().getMessage()).contains("times stay in UTC");
      statement.clearWarnings();
      statement.execute("set application_name = 'x'");
      assertThat((Throwable) statement.getWarnings()).isNull();
    }
  }

  @Test
  void onlyAnalystsWithTheirTokenComeIn() {
    assertRefused("28P01", "password=wrong");
    assertRefused("28P01", "user=bo");
    assertRefused("42501", "user=vi", "password=viewer");
  }

  private void assertRefused(String state, String... properties) {
    assertThatThrownBy(() -> connect(properties).close())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
  }
}
