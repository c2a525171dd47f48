package org.chengmai.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.adapter.jdbc.JdbcImplementor;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.tools.Frameworks;
import org.apache.calcite.tools.Planner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The SQL that databases get on which nothing could be tried: as their manuals ask for it. */
final class DialectTest {
  private static final JavaTypeFactory TYPES = new JavaTypeFactoryImpl();

  private static String sql(String url, String query) throws Exception {
    SqlDialect dialect = JdbcKind.of(url).dialect().get();
    SchemaPlus root = Frameworks.createRootSchema(false);
    root.add(
        "READINGS",
        new AbstractTable() {
          @Override
          public RelDataType getRowType(RelDataTypeFactory types) {
            return types
                .builder()
                .add("TS", types.createSqlType(SqlTypeName.TIMESTAMP, 3))
                .add("REGION", types.createSqlType(SqlTypeName.VARCHAR, 50))
                .add("V", types.createSqlType(SqlTypeName.DOUBLE))
                .add("N", types.createSqlType(SqlTypeName.INTEGER))
                .build();
          }
        });
    try (Planner planner =
        Frameworks.getPlanner(Frameworks.newConfigBuilder().defaultSchema(root).build())) {
      RelNode plan = planner.rel(planner.validate(planner.parse(query))).project();
      return new JdbcImplementor(dialect, TYPES)
          .visitRoot(plan)
          .asStatement()
          .toSqlString(dialect)
          .getSql()
          .replaceAll("\\s+", " ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          jdbc:dm: | SELECT "TS", "N" FROM "READINGS" WHERE "REGION" = '城东''s' AND "TS" >= TO_TIMESTAMP('2026-01-01 00:00:00.500', 'YYYY-MM-DD HH24:MI:SS.FF') ORDER BY "TS" DESC LIMIT 10
          jdbc:oracle: | SELECT "TS", "N" FROM "READINGS" WHERE "REGION" = '城东''s' AND "TS" >= TO_TIMESTAMP('2026-01-01 00:00:00.500', 'YYYY-MM-DD HH24:MI:SS.FF') ORDER BY "TS" DESC FETCH NEXT 10 ROWS ONLY
          jdbc:kingbase8: | SELECT "TS", "N" FROM "READINGS" WHERE "REGION" = '城东''s' AND "TS" >= TIMESTAMP '2026-01-01 00:00:00.500' ORDER BY "TS" DESC FETCH NEXT 10 ROWS ONLY
          jdbc:opengauss: | SELECT "TS", "N" FROM "READINGS" WHERE "REGION" = '城东''s' AND "TS" >= TIMESTAMP '2026-01-01 00:00:00.500' ORDER BY "TS" DESC FETCH NEXT 10 ROWS ONLY
          jdbc:clickhouse: | SELECT `TS`, `N` FROM `READINGS` WHERE `REGION` = '城东''s' AND `TS` >= toDateTime64('2026-01-01 00:00:00.500', 6, 'UTC') ORDER BY `TS` DESC NULLS FIRST LIMIT 10
          jdbc:h2: | SELECT "TS", "N" FROM "READINGS" WHERE "REGION" = '城东''s' AND "TS" >= TIMESTAMP '2026-01-01 00:00:00.500' ORDER BY "TS" DESC FETCH NEXT 10 ROWS ONLY
          jdbc:unknown: | SELECT "TS", "N" FROM "READINGS" WHERE "REGION" = '城东''s' AND "TS" >= TIMESTAMP '2026-01-01 00:00:00.500' ORDER BY "TS" DESC FETCH NEXT 10 ROWS ONLY
          """)
  void filtersAndLimits(String url, String golden) throws Exception {
    assertThat(
            sql(
                url,
                "select ts, n from readings where region = '城东''s' and ts >= timestamp '2026-01-01 00:00:00.5' order by ts desc fetch next 10 rows only"))
        .isEqualTo(golden);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          jdbc:dm: | SELECT "REGION", COUNT(*), SUM(CASE WHEN "V" > 1.0E0 THEN "N" ELSE NULL END), MAX(CAST("N" AS DOUBLE PRECISION)) FROM "READINGS" GROUP BY "REGION"
          jdbc:oracle: | SELECT "REGION", COUNT(*), SUM(CASE WHEN "V" > 1.0E0 THEN "N" ELSE NULL END), MAX(CAST("N" AS DOUBLE PRECISION)) FROM "READINGS" GROUP BY "REGION"
          jdbc:kingbase8: | SELECT "REGION", COUNT(*), SUM("N") FILTER (WHERE "V" > 1.0E0), MAX(CAST("N" AS DOUBLE PRECISION)) FROM "READINGS" GROUP BY "REGION"
          jdbc:opengauss: | SELECT "REGION", COUNT(*), SUM(CASE WHEN "V" > 1.0E0 THEN "N" ELSE NULL END), MAX(CAST("N" AS DOUBLE PRECISION)) FROM "READINGS" GROUP BY "REGION"
          jdbc:clickhouse: | SELECT `REGION`, COUNT(*), SUM(`N`) FILTER (WHERE `V` > 1.0E0), MAX(CAST(`N` AS `Float64`)) FROM `READINGS` GROUP BY `REGION`
          jdbc:h2: | SELECT "REGION", COUNT(*), SUM("N") FILTER (WHERE "V" > 1.0E0), MAX(CAST("N" AS DOUBLE)) FROM "READINGS" GROUP BY "REGION"
          """)
  void aggregates(String url, String golden) throws Exception {
    assertThat(
            sql(
                url,
                "select region, count(*), sum(n) filter (where v > 1), max(cast(n as double)) from readings where v is not null group by region"))
        .isEqualTo(golden);
  }
}
