package org.chengmai.engine.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the PostgreSQL JDBC driver tells tools of our catalogue. */
final class PostgresMetadataTest {
  private static PostgresServer server;
  private static Connection connection;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = new PostgresServer(folder);
    connection = server.connect();
  }

  @AfterAll
  static void stop() throws Exception {
    connection.close();
    server.close();
  }

  private static List<String> rows(ResultSet result, String... columns) throws SQLException {
    try (result) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (String column : columns) {
          row.add(result.getString(column));
        }
        rows.add(String.join(" ", row));
      }
      return rows;
    }
  }

  private static DatabaseMetaData metadata() throws SQLException {
    return connection.getMetaData();
  }

  @Test
  void librariesAreSchemasOfOneCatalog() throws Exception {
    assertThat(rows(metadata().getSchemas(), "TABLE_SCHEM"))
        .containsExactly("env", "information_schema", "pg_catalog");
    assertThat(rows(metadata().getCatalogs(), "TABLE_CAT")).containsExactly("chengmai");
    assertThat(connection.getCatalog()).isEqualTo("chengmai");
    assertThat(connection.getSchema()).isEqualTo("indicators");
  }

  @Test
  void tablesAndTheirColumnsAreTold() throws Exception {
    assertThat(
            rows(
                metadata().getTables(null, "env", "ai_", new String[] {"TABLE", "VIEW"}),
                "TABLE_CAT",
                "TABLE_SCHEM",
                "TABLE_NAME",
                "TABLE_TYPE"))
        .containsExactly("chengmai env air TABLE");
    assertThat(
            rows(
                metadata().getColumns(null, "env", "air", "%"),
                "ORDINAL_POSITION",
                "COLUMN_NAME",
                "TYPE_NAME",
                "DATA_TYPE",
                "IS_NULLABLE"))
        .containsExactly(
            "1 ts timestamptz 93 YES",
            "2 region text 12 YES",
            "3 v int8 -5 YES",
            "4 price float8 8 YES",
            "5 good bool -7 YES");
  }

  @Test
  void thereAreNoKeysIndexesAndFunctionsAndNobodyFails() throws Exception {
    assertThat(metadata().getPrimaryKeys(null, "env", "air").next()).isFalse();
    assertThat(metadata().getIndexInfo(null, "env", "air", false, false).next()).isFalse();
    assertThat(metadata().getImportedKeys(null, "env", "air").next()).isFalse();
    assertThat(metadata().getExportedKeys(null, "env", "air").next()).isFalse();
    assertThat(metadata().getBestRowIdentifier(null, "env", "air", 0, true).next()).isFalse();
    assertThat(metadata().getFunctions(null, null, "%").next()).isFalse();
    assertThat(metadata().getProcedures(null, null, "%").next()).isFalse();
    assertThat(metadata().getUDTs(null, null, "%", null).next()).isFalse();
  }

  @Test
  void tablesThatAreAlwaysEmptyCostNoPlanning() throws Exception {
    String keys =
        "select c.relname, k.conkey from pg_catalog.pg_class c join pg_catalog.pg_constraint k on k.conrelid = c.oid";
    assertThat(rows(connection.createStatement().executeQuery("explain " + keys), "plan"))
        .isNotEmpty()
        .noneMatch(line -> line.contains("row by row") || line.contains("pg_class"));
    assertThat(connection.createStatement().executeQuery(keys).next()).isFalse();
    assertThat(
            rows(
                connection
                    .createStatement()
                    .executeQuery(
                        "select c.relname, (select count(*) from pg_catalog.pg_index i where i.indrelid = c.oid) as n, d.description as d"
                            + " from pg_catalog.pg_class c left join pg_catalog.pg_description d on d.objoid = c.oid where c.relname = 'air'"),
                "relname",
                "n",
                "d"))
        .containsExactly("air 0 null");
  }

  @Test
  void theCatalogueIsAskedAsTheQuestionIsWritten() throws Exception {
    String columns =
        "select a.attname, t.typname from pg_catalog.pg_type t, pg_catalog.pg_attribute a, pg_catalog.pg_class c, pg_catalog.pg_namespace n"
            + " left join pg_catalog.pg_description d on d.objoid = n.oid"
            + " where a.attrelid = c.oid and a.atttypid = t.oid and c.relnamespace = n.oid and n.nspname = 'env' and c.relname = 'air' and a.attnum > 2 order by a.attnum";
    assertThat(rows(connection.createStatement().executeQuery("explain " + columns), "plan"))
        .first()
        .isEqualTo("-- row by row: tables of the engine itself are in no source");
    assertThat(rows(connection.createStatement().executeQuery(columns), "attname", "typname"))
        .containsExactly("v int8", "price float8", "good bool");
    assertThat(
            rows(
                connection
                    .createStatement()
                    .executeQuery(
                        "select a.region, t.table_type from env.air a join information_schema.tables t on t.table_name = 'air' where a.v = 20"),
                "region",
                "table_type"))
        .containsExactly("城西 BASE TABLE");
  }

  @Test
  void typesAndWordsAreTold() throws Exception {
    assertThat(rows(metadata().getTypeInfo(), "TYPE_NAME"))
        .contains("int8", "numeric", "timestamptz", "text");
    assertThat(metadata().getSQLKeywords()).contains("ilike");
    assertThat(metadata().getDatabaseProductName()).isEqualTo("PostgreSQL");
  }

  @Test
  void usersCastAsInPostgres() throws Exception {
    try (ResultSet row =
        connection
            .createStatement()
            .executeQuery(
                "select '5'::int4 + 1, v::text || '!', 1 + '2'::pg_catalog.int8 * 3, E'a\\n\\'b'"
                    + " from env.air where v = '10'::int and region ~ '^城' and good"
                    + " and 'env.air'::regclass::int > 0")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getInt(1)).isEqualTo(6);
      assertThat(row.getString(2)).isEqualTo("10!");
      assertThat(row.getLong(3)).isEqualTo(7);
      assertThat(row.getString(4)).isEqualTo("a\n'b");
      assertThat(row.next()).isFalse();
    }
  }

  @Test
  void everybodyIsToldWhoTheyAre() throws Exception {
    String question = "select current_user, current_schema, current_database(), version()";
    try (ResultSet row = connection.createStatement().executeQuery(question)) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("ana");
      assertThat(row.getString(2)).isEqualTo("indicators");
      assertThat(row.getString(3)).isEqualTo("chengmai");
      assertThat(row.getString(4)).startsWith("PostgreSQL 14");
    }
    // the same plan for somebody else
    try (Connection other = server.connect("user=bo", "password=other");
        ResultSet row = other.createStatement().executeQuery(question)) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("bo");
    }
  }

  @Test
  void namesWithoutASchemaAreFoundInTheCatalogue() throws Exception {
    assertThat(
            rows(
                connection
                    .createStatement()
                    .executeQuery(
                        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                            + " where n.nspname = 'env' and c.relname = 'air'"),
                "relname"))
        .containsExactly("air");
    assertThat(server.engine().catalog().toString()).doesNotContain("pg_catalog");
  }
}
