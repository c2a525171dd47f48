package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.indicators.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A database whose times we floor ourselves; all else is the contract. */
final class H2SourceTest extends SourceContract {
  private static final String URL = "jdbc:h2:mem:source;CASE_INSENSITIVE_IDENTIFIERS=TRUE";

  private Connection keeper;

  @Override
  Source open(Path work) throws Exception {
    keeper = DriverManager.getConnection(URL);
    try (Statement statement = keeper.createStatement()) {
      statement.execute(
          "CREATE TABLE \"sql_readings\" (\"ts\" TIMESTAMP(3) NOT NULL, \"region\" VARCHAR, \"v\" DOUBLE PRECISION, \"n\" INTEGER)");
      statement.execute("INSERT INTO \"sql_readings\" VALUES " + String.join(", ", ROWS));
    }
    return new JdbcConfig(URL, null, null, "PUBLIC", 4, 1000, Duration.ofSeconds(10))
        .open(LIBRARY, work);
  }

  @AfterAll
  void drop() throws SQLException {
    keeper.close();
  }

  @Override
  String floorText() {
    return "SELECT";
  }

  @Override
  @Test
  void localPeriodsReachTheSource() {
    String sql =
        "select time_floor(ts, 'P1D', 'Asia/Shanghai') as d, count(*) from lib.sql_readings group by 1 order by 1";
    Table table = engine.query(SqlEngine.INTERNAL, sql);
    assertThat(table.rows()).extracting(row -> (Object) row.get(1)).containsExactly(3L, 2L);
  }

  @Override
  @Test
  void partsOfTimesReachTheSource() {
    Table table =
        engine.query(
            SqlEngine.INTERNAL,
            "select datepart('hour', ts), extract(minute from ts) from lib.sql_readings where n = 2");
    assertThat(table.rows()).isEqualTo(List.of(List.of(0L, 40L)));
  }
}
