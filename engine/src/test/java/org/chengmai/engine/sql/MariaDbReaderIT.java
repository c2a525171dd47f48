package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.Source;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** MariaDB's cursor. */
final class MariaDbReaderIT extends ArrowReaderContract {
  private static final String DATABASE = "arrow_reader_it";

  private MariaDbOfTests mariaDb;

  @Override
  Source open(Path work) throws Exception {
    mariaDb = new MariaDbOfTests();
    mariaDb.run(
        "DROP DATABASE IF EXISTS " + DATABASE,
        "CREATE DATABASE " + DATABASE + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        "CREATE TABLE "
            + DATABASE
            + ".seen (at TIMESTAMP(6) NOT NULL, fixed CHAR(5), flag BOOLEAN)",
        "SET time_zone = '+08:00'",
        "INSERT INTO " + DATABASE + ".seen VALUES ('2026-01-01 07:59:59.123456', 'ab', TRUE)");
    return mariaDb.source(LIBRARY, DATABASE, 2, work);
  }

  @AfterAll
  void drop() throws SQLException {
    if (mariaDb != null) {
      mariaDb.run("DROP DATABASE IF EXISTS " + DATABASE);
      mariaDb.close();
    }
  }

  @Override
  String literal(SqlTypeName type, @Nullable String value) {
    if (value == null) {
      return "NULL";
    }
    return switch (type) {
      case BOOLEAN -> value;
      case BIGINT, INTEGER, SMALLINT -> "CAST('%s' AS SIGNED)".formatted(value);
      case DOUBLE, REAL -> "CAST('%s' AS DOUBLE)".formatted(value);
      case DECIMAL -> "CAST('%s' AS DECIMAL(60, 15))".formatted(value);
      case VARCHAR -> "'%s'".formatted(value.replace("'", "''"));
      case VARBINARY -> "x'%s'".formatted(value);
      case TIME -> "CAST('%s' AS TIME(6))".formatted(value);
      case TIMESTAMP -> "CAST('%s' AS DATETIME(6))".formatted(value);
      default -> "CAST('%s' AS %s)".formatted(value, type.getName());
    };
  }

  @Override
  String schema() {
    return DATABASE + ".";
  }

  @Override
  String numbers(long count) {
    return "SELECT seq AS n FROM " + DATABASE + ".seq_0_to_%d".formatted(count - 1);
  }

  @Override
  String slow() {
    return "SELECT count(*) FROM "
        + DATABASE
        + ".seq_0_to_100000 a JOIN "
        + DATABASE
        + ".seq_0_to_100000 b ON a.seq + b.seq > 7";
  }

  @Override
  long running() throws SQLException {
    return sessions().size();
  }

  /** Sessions of the source that work on a statement. */
  private List<Long> sessions() throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (Connection connection = mariaDb.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id FROM information_schema.processlist WHERE info LIKE '%%%s%%' AND id <> connection_id()"
                    .formatted(DATABASE))) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    return ids;
  }

  @Test
  void storedTimestampsAreUtcAndBlanksAreTheDrivers() throws IOException {
    assertThat(
            rows(
                "SELECT at, fixed, flag FROM " + DATABASE + ".seen",
                shape(
                    row()
                        .add("at", SqlTypeName.TIMESTAMP, 3)
                        .add("fixed", SqlTypeName.CHAR, 5)
                        .add("flag", SqlTypeName.BOOLEAN))))
        .containsExactly(List.of(LocalDateTime.parse("2025-12-31T23:59:59.123456"), "ab", true));
  }

  @Test
  void aSumOfIntegersIsAnInteger() throws IOException {
    assertThat(
            rows(
                "SELECT sum(seq), avg(seq) FROM " + DATABASE + ".seq_1_to_4",
                shape(row().add("a", SqlTypeName.BIGINT).add("b", SqlTypeName.DOUBLE))))
        .containsExactly(List.of(10L, 2.5));
  }

  @Test
  void aConnectionThatDropsBetweenBatchesIsAnErrorOfTheLibrary() throws Exception {
    try (ArrowReader reader = read(numbers(endless()), shape(row().add("n", SqlTypeName.BIGINT)))) {
      assertThat(reader.loadNextBatch()).isTrue();
      for (long session : sessions()) {
        mariaDb.run("KILL CONNECTION " + session);
      }
      assertThatThrownBy(
              () -> {
                while (reader.loadNextBatch()) {
                  // what was under way still comes
                }
              })
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXTERNAL))
          .hasMessageContaining(LIBRARY);
    }
    assertThat(rows(numbers(1), shape(row().add("n", SqlTypeName.BIGINT)))).hasSize(1);
  }
}
