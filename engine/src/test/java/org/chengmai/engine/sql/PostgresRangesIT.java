package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL's binary copy by two connections, a range of a table's pages each. */
final class PostgresRangesIT extends PostgresReaderIT {
  private static final int ROWS = 300_000;

  @Override
  String application() {
    return "arrow-ranges";
  }

  @Override
  ArrowReader read(String sql, Schema shape) {
    return source.read(sql, shape, memory, new OpenStatements(), 2);
  }

  @BeforeAll
  static void fill() {
    if (URL != null) {
      run("DROP TABLE IF EXISTS arrow_ranges, arrow_ranges_empty");
      run("CREATE TABLE arrow_ranges_empty (id bigint, v bigint)");
      run(
          "CREATE TABLE arrow_ranges AS SELECT i AS id, i %% 7 AS v FROM generate_series(CAST(0 AS bigint), %d) AS g(i)"
              .formatted(ROWS - 1));
      run("ANALYZE arrow_ranges");
    }
  }

  @AfterAll
  static void drop() {
    if (URL != null) {
      run("DROP TABLE arrow_ranges, arrow_ranges_empty");
    }
  }

  private Set<Long> ids(ArrowReader reader) throws IOException {
    Set<Long> ids = new HashSet<>();
    while (reader.loadNextBatch()) {
      BigIntVector vector = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
      for (int i = 0; i < vector.getValueCount(); i++) {
        assertThat(ids.add(vector.get(i))).isTrue();
      }
    }
    return ids;
  }

  private static Schema id() {
    return shape(row().add("id", SqlTypeName.BIGINT));
  }

  @Test
  void aTableComesByTwoConnectionsAndEveryRowOnce() throws IOException, SQLException {
    try (ArrowReader reader = read("SELECT \"id\" FROM \"public\".\"arrow_ranges\"", id())) {
      assertThat(running()).isEqualTo(2);
      assertThat(ids(reader)).hasSize(ROWS);
    }
  }

  @Test
  void rowsThatChangeMeanwhileAreOfOneMoment() throws IOException {
    // an update writes each row to another page
    try (ArrowReader reader = read("SELECT \"id\" FROM \"public\".\"arrow_ranges\"", id())) {
      run("UPDATE arrow_ranges SET v = v");
      run("INSERT INTO arrow_ranges VALUES (-1, 0)");
      assertThat(ids(reader)).hasSize(ROWS).doesNotContain(-1L);
    } finally {
      run("DELETE FROM arrow_ranges WHERE id = -1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT \"t\".\"id\" FROM \"public\".\"arrow_ranges\" AS \"t\" WHERE \"t\".\"v\" = 3",
        "SELECT \"arrow_ranges\".\"id\" FROM \"public\".\"arrow_ranges\" WHERE \"v\" = 3",
        "SELECT \"id\" FROM (SELECT \"id\", \"v\" FROM \"public\".\"arrow_ranges\") AS \"t0\" WHERE \"v\" = 3",
        "SELECT \"id\" FROM \"public\".\"arrow_ranges\" WHERE \"v\" = 3 AND '\"public\".\"arrow_ranges\"' <> 'x'",
        "SELECT \"id\" FROM \"public\".\"arrow_ranges\" WHERE \"v\" = 3 ORDER BY \"id\"",
        "SELECT \"id\" FROM \"public\".\"arrow_ranges\" WHERE \"v\" = (SELECT max(\"v\") FROM \"public\".\"arrow_ranges\") - 3",
        "SELECT max(\"id\") FROM \"public\".\"arrow_ranges\" WHERE \"v\" = 3 GROUP BY \"id\""
      })
  void whateverIsAskedTheRowsAreTheSame(String sql) throws IOException {
    try (ArrowReader reader = read(sql, id())) {
      assertThat(ids(reader)).hasSize(ROWS / 7).contains(3L, 10L);
    }
  }

  @Test
  void anEmptyTableHasNoRows() throws IOException {
    try (ArrowReader reader = read("SELECT \"id\" FROM \"public\".\"arrow_ranges_empty\"", id())) {
      assertThat(ids(reader)).isEmpty();
    }
  }
}
