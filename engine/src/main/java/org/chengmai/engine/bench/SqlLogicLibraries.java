package org.chengmai.engine.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.flight.FlightSqlEndpoint;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.engine.sql.ViewFile;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one file of the corpus, in PostgreSQL and in MariaDB, and our engine over them.
 * Every statement goes to both databases; the engine reads the file's first table from one, the
 * second from the other and so on, so that joins cross. The file's views are views of the engine.
 * Not thread-safe.
 */
final class SqlLogicLibraries implements AutoCloseable {
  /** Each fragment of a running query holds one, and some queries join thirty tables. */
  private static final int CONNECTIONS = 24;

  private static final String TOKEN = "sql-logic-test";
  private static final Pattern DEFINITION =
      Pattern.compile(
          "\\s*(CREATE|DROP)\\s+(TABLE|VIEW)\\s+(?:IF\\s+EXISTS\\s+)?(\\w+).*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final String name;
  private final JdbcConfig postgres;
  private final JdbcConfig mariaDb;
  private final Driver driver;
  private final Path folder;
  private final Connection postgresOwner;
  private final Connection mariaDbOwner;
  private final Map<String, String> tables = new LinkedHashMap<>();
  private final Map<String, String> views = new LinkedHashMap<>();
  private final Map<Execution, Session> sessions = new LinkedHashMap<>();
  private int created;

  /** An engine over the file's tables, as a client of Flight SQL sees it. */
  private record Session(SqlEngine engine, FlightSqlEndpoint endpoint, Connection connection)
      implements AutoCloseable {
    @Override
    public void close() throws SQLException {
      try (engine;
          endpoint) {
        connection.close();
      }
    }
  }

  /**
   * @param name of a schema and a database that are made anew
   * @param driver Arrow's for Flight SQL
   */
  SqlLogicLibraries(
      String name, JdbcConfig postgres, JdbcConfig mariaDb, Driver driver, Path folder)
      throws SQLException {
    this.name = name;
    this.postgres = postgres;
    this.mariaDb = mariaDb;
    this.driver = driver;
    this.folder = folder;
    this.postgresOwner = owner(postgres);
    this.mariaDbOwner = owner(mariaDb);
    run(
        postgresOwner,
        List.of(
            "DROP SCHEMA IF EXISTS %s CASCADE".formatted(name),
            "CREATE SCHEMA " + name,
            "SET search_path = " + name));
    run(
        mariaDbOwner,
        List.of(
            "DROP DATABASE IF EXISTS " + name,
            "CREATE DATABASE %s CHARACTER SET utf8mb4".formatted(name),
            "USE " + name));
  }

  private static Connection owner(JdbcConfig config) throws SQLException {
    Connection connection =
        DriverManager.getConnection(config.url(), config.user(), config.password());
    connection.setAutoCommit(false);
    return connection;
  }

  private static void run(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.addBatch(sql);
      }
      statement.executeBatch();
    }
  }

  /** Runs DDL and DML in both databases; the engine has views of its own. */
  void execute(List<String> statements) throws SQLException {
    for (String sql : statements) {
      Matcher definition = DEFINITION.matcher(sql);
      if (!definition.matches()) {
        continue;
      }
      reset();
      boolean isView = definition.group(2).equalsIgnoreCase("view");
      String name = definition.group(3);
      if (definition.group(1).equalsIgnoreCase("drop")) {
        (isView ? views : tables).remove(name);
      } else if (isView) {
        views.put(name, sql);
      } else {
        tables.put(name, created++ % 2 == 0 ? "base_postgres" : "base_mariadb");
      }
    }
    // some files drop views in an order that PostgreSQL refuses
    List<String> known =
        statements.stream()
            .map(sql -> sql.replaceAll("(?i)^DROP VIEW (\\w+)$", "DROP VIEW IF EXISTS $1 CASCADE"))
            .toList();
    run(postgresOwner, known);
    run(mariaDbOwner, known.stream().map(SqlLogicLibraries::forMariaDb).toList());
    postgresOwner.commit();
    mariaDbOwner.commit();
  }

  /** Its FLOAT has 24 bits, its TEXT no index. */
  private static String forMariaDb(String sql) {
    return DEFINITION.matcher(sql).matches()
        ? sql.replaceAll("(?i)\\bFLOAT\\b", "DOUBLE").replaceAll("(?i)\\bTEXT\\b", "VARCHAR(500)")
        : sql;
  }

  /** The state with which PostgreSQL itself refuses a query; null when it answers. */
  @Nullable String refusal(String sql) throws SQLException {
    try (Statement statement = postgresOwner.createStatement()) {
      statement.executeQuery(sql).close();
      return null;
    } catch (SQLException e) {
      return "SQLSTATE " + e.getSQLState();
    } finally {
      postgresOwner.rollback();
    }
  }

  /** Connects to the engine; the same connection until tables or views change. */
  Connection connect(Execution execution) throws SQLException {
    Session session = sessions.get(execution);
    if (session == null) {
      session = open(execution);
      sessions.put(execution, session);
    }
    return session.connection;
  }

  private Session open(Execution execution) throws SQLException {
    StringBuilder text = new StringBuilder();
    tables.forEach(
        (table, library) ->
            text.append(
                "CREATE VIEW %s AS SELECT * FROM %s.%s;\n".formatted(table, library, table)));
    views.values().forEach(view -> text.append(view).append(";\n"));
    Path work = folder.resolve(name + "-" + execution);
    SqlEngine engine =
        new SqlEngine(
            List.of(
                own(postgres).open("base_postgres", work), own(mariaDb).open("base_mariadb", work)),
            List.of(new ViewFile("indicators", name + ".sql", text.toString())),
            new SqlLimits(1_000_000, Duration.ofSeconds(60), 4, "512MB", Duration.ofSeconds(30)),
            execution,
            work.resolve("spill"),
            InstantSource.system());
    FlightSqlEndpoint endpoint =
        new FlightSqlEndpoint(
            "127.0.0.1",
            0,
            engine,
            token ->
                token.equals(TOKEN)
                    ? Optional.of(new Principal("corpus", Role.ANALYST))
                    : Optional.empty(),
            null);
    Properties properties = new Properties();
    properties.setProperty("useEncryption", "false");
    properties.setProperty("token", TOKEN);
    return new Session(
        engine,
        endpoint,
        Objects.requireNonNull(
            driver.connect("jdbc:arrow-flight-sql://127.0.0.1:" + endpoint.port(), properties)));
  }

  private JdbcConfig own(JdbcConfig config) {
    return new JdbcConfig(
        config.url(),
        config.user(),
        config.password(),
        name,
        CONNECTIONS,
        config.fetchSize(),
        config.connectTimeout());
  }

  private void reset() throws SQLException {
    List<Session> closing = new ArrayList<>(sessions.values());
    sessions.clear();
    for (Session session : closing) {
      session.close();
    }
  }

  @Override
  public void close() throws SQLException {
    try (postgresOwner;
        mariaDbOwner) {
      reset();
      postgresOwner.rollback();
      run(postgresOwner, List.of("DROP SCHEMA IF EXISTS %s CASCADE".formatted(name)));
      postgresOwner.commit();
      run(mariaDbOwner, List.of("DROP DATABASE IF EXISTS " + name));
    }
  }
}
