package org.chengmai.connectors.jdbc;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlKind;
import org.chengmai.connectors.pushdown.Pushdown;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one kind of database, found by the beginning of its JDBC URL.
 *
 * @param prefix of the URL, such as {@code jdbc:postgresql:}
 * @param driver the class of the driver; empty where any driver that takes the URL will do
 * @param artifact the driver's Maven coordinate; empty for those that we ship
 * @param session SQL for a new session, such as to put it into UTC; empty where there is none
 * @param properties settings for the driver; {@code %d} stands for the fetch size
 * @param copies whether the server may be asked for PostgreSQL's binary copy
 */
record JdbcKind(
    String prefix,
    String driver,
    String artifact,
    Place place,
    Supplier<SqlDialect> dialect,
    Supplier<Pushdown> pushdown,
    String session,
    Map<String, String> properties,
    boolean copies) {

  /** What the configured schema is to JDBC, and what it is when nothing is configured. */
  enum Place {
    /** A schema, {@code public} by default. */
    PUBLIC,
    /** A schema, named like the user in capitals by default. */
    USER,
    /** A schema; all that the connection shows by default. */
    SCHEMA,
    /** A catalogue, as MariaDB's databases are. */
    CATALOG;

    @Nullable String catalog(JdbcConfig config) {
      return this == CATALOG ? config.schema() : null;
    }

    @Nullable String schema(JdbcConfig config) {
      String given = config.schema();
      return switch (this) {
        case PUBLIC -> given == null ? "public" : given;
        case USER ->
            given == null && config.user() != null ? config.user().toUpperCase(Locale.ROOT) : given;
        case SCHEMA -> given;
        case CATALOG -> null;
      };
    }
  }

  private static final Set<SqlKind> COUNT = Set.of(SqlKind.COUNT);

  private static final Map<String, String> MYSQL_CURSOR =
      Map.of("useCursorFetch", "true", "defaultFetchSize", "%d");

  private static final List<JdbcKind> KNOWN =
      List.of(
          new JdbcKind(
              "jdbc:postgresql:",
              "org.postgresql.Driver",
              "",
              Place.PUBLIC,
              PostgresDialect::new,
              PostgresPushdown::new,
              // rows leave by COPY anyway: parallel workers, where there are any, need not be dear
              "SET TIME ZONE 'UTC'; SELECT set_config(name, '0.01', false) FROM pg_settings WHERE name = 'parallel_tuple_cost'",
              Map.of(
                  "defaultRowFetchSize",
                  "%d",
                  "ApplicationName",
                  "chengmai",
                  "cancelSignalTimeout",
                  "1",
                  "socketFactory",
                  BulkSocketFactory.class.getName()),
              true),
          new JdbcKind(
              "jdbc:mariadb:",
              "org.mariadb.jdbc.Driver",
              "",
              Place.CATALOG,
              MariaDbDialect::new,
              MariaDbPushdown::new,
              "",
              Map.of(
                  "connectionTimeZone",
                  "+00:00",
                  "forceConnectionTimeZoneToSession",
                  "true",
                  "defaultFetchSize",
                  "%d"),
              false),
          new JdbcKind(
              "jdbc:mysql:",
              "com.mysql.cj.jdbc.Driver",
              "com.mysql:mysql-connector-j:9.7.0",
              Place.CATALOG,
              MariaDbDialect::new,
              MariaDbPushdown::new,
              "SET time_zone = '+00:00'",
              MYSQL_CURSOR,
              false),
          new JdbcKind(
              "jdbc:oceanbase:",
              "com.oceanbase.jdbc.Driver",
              "com.oceanbase:oceanbase-client:2.4.16",
              Place.CATALOG,
              MariaDbDialect::new,
              MariaDbPushdown::new,
              "SET time_zone = '+00:00'",
              MYSQL_CURSOR,
              false),
          new JdbcKind(
              "jdbc:opengauss:",
              "org.opengauss.Driver",
              "org.opengauss:opengauss-jdbc:6.0.2-og",
              Place.PUBLIC,
              OpenGaussDialect::new,
              PlainPushdown::new,
              "SET TIME ZONE 'UTC'",
              Map.of("defaultRowFetchSize", "%d"),
              true),
          new JdbcKind(
              "jdbc:kingbase8:",
              "com.kingbase8.Driver",
              "cn.com.kingbase:kingbase8:9.0.1",
              Place.PUBLIC,
              KingbaseDialect::new,
              PlainPushdown::new,
              "SET TIME ZONE 'UTC'",
              Map.of("defaultRowFetchSize", "%d"),
              true),
          new JdbcKind(
              "jdbc:dm:",
              "dm.jdbc.driver.DmDriver",
              "com.dameng:DmJdbcDriver18:8.1.3.140",
              Place.USER,
              DamengDialect::new,
              PlainPushdown::new,
              "",
              Map.of(),
              false),
          new JdbcKind(
              "jdbc:oracle:",
              "oracle.jdbc.OracleDriver",
              "com.oracle.database.jdbc:ojdbc11:23.26.4.0.0",
              Place.USER,
              OracleDialect::new,
              PlainPushdown::new,
              "ALTER SESSION SET TIME_ZONE = '+00:00'",
              Map.of(),
              false),
          new JdbcKind(
              "jdbc:trino:",
              "io.trino.jdbc.TrinoDriver",
              "io.trino:trino-jdbc:476",
              Place.SCHEMA,
              TrinoDialect::new,
              TrinoPushdown::new,
              "",
              Map.of(
                  "timezone",
                  "UTC",
                  "source",
                  "chengmai",
                  "assumeNullCatalogMeansCurrentCatalog",
                  "true"),
              false),
          clickHouse("jdbc:clickhouse:"),
          clickHouse("jdbc:ch:"),
          new JdbcKind(
              "jdbc:h2:",
              "org.h2.Driver",
              "com.h2database:h2:2.5.252",
              Place.SCHEMA,
              H2Dialect::new,
              PlainPushdown::new,
              "SET TIME ZONE 'UTC'",
              Map.of(),
              false));

  private static JdbcKind clickHouse(String prefix) {
    return new JdbcKind(
        prefix,
        "com.clickhouse.jdbc.ClickHouseDriver",
        "com.clickhouse:clickhouse-jdbc:0.11.0",
        Place.SCHEMA,
        ClickHouseDialect::new,
        // its sum of nothing is 0, and its joins fill in zeros where SQL has nulls
        () -> new NarrowPushdown(true, COUNT),
        "",
        Map.of("jdbc_ignore_unsupported_values", "true"),
        false);
  }

  /** The kind of a URL; one that nothing is known of gets plain SQL, and little of it. */
  static JdbcKind of(String url) {
    for (JdbcKind kind : KNOWN) {
      if (url.startsWith(kind.prefix)) {
        return kind;
      }
    }
    int end = url.indexOf(':', "jdbc:".length());
    return new JdbcKind(
        end < 0 ? url : url.substring(0, end + 1),
        "",
        "",
        Place.SCHEMA,
        AnsiDialect::new,
        () -> new NarrowPushdown(false, Set.of()),
        "",
        Map.of(),
        false);
  }

  /** Whether one answer may come by several connections. */
  boolean divides() {
    return copies && isShipped();
  }

  /** Whether its driver is part of the product. */
  boolean isShipped() {
    return artifact.isEmpty() && !driver.isEmpty();
  }
}
