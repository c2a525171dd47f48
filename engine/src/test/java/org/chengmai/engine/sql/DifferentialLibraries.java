package org.chengmai.engine.sql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.sql.RandomTables.Data;
import org.chengmai.engine.sql.RandomTables.Kind;
import org.jspecify.annotations.Nullable;

/** The libraries of a differential test, filled with {@link RandomTables}. */
final class DifferentialLibraries implements AutoCloseable {
  private static final String DATABASE = "differential_it";

  /** What PostgreSQL lacks of our functions. */
  private static final String TIME_FLOOR =
      """
      CREATE FUNCTION time_floor(t timestamp, grain text, zone text) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE
          WHEN grain LIKE 'PT%' THEN
            date_bin(grain::interval, t AT TIME ZONE 'UTC' AT TIME ZONE zone, timestamp '2000-01-03')
          ELSE
            date_trunc(CASE grain WHEN 'P1D' THEN 'day' WHEN 'P1W' THEN 'week' WHEN 'P1M' THEN 'month' ELSE 'year' END,
              t AT TIME ZONE 'UTC' AT TIME ZONE zone)
        END AT TIME ZONE zone AT TIME ZONE 'UTC'
      $$
      """;

  private final List<Data> tables;
  private final List<SqlEngine> ours;
  private final SqlEngine oracle;
  private final @Nullable Connection postgres;

  private DifferentialLibraries(
      List<Data> tables, Path folder, Opener opener, @Nullable Connection postgres)
      throws IOException {
    this.tables = tables;
    this.ours =
        List.of(
            engine(opener.open(folder.resolve("ours")), Execution.FEDERATED, folder),
            engine(opener.open(folder.resolve("early")), Execution.GROUPED_EARLY, folder));
    this.oracle = engine(opener.open(folder.resolve("oracle")), Execution.ENUMERABLE, folder);
    this.postgres = postgres;
  }

  private interface Opener {
    List<Source> open(Path work) throws IOException;
  }

  private static SqlEngine engine(List<Source> sources, Execution execution, Path folder) {
    return new SqlEngine(
        sources,
        List.of(),
        new SqlLimits(200_000, Duration.ofSeconds(60), 4, "256MB", Duration.ofSeconds(5)),
        execution,
        folder.resolve("spill-" + execution),
        InstantSource.fixed(Instant.parse("2026-01-15T04:05:06.789Z")));
  }

  SqlEngine engine() {
    return ours.get(0);
  }

  RandomQueries.Query query(long seed) {
    return new RandomQueries(tables, seed).query();
  }

  Differential differential() {
    return new Differential(tables, ours, oracle, postgres);
  }

  /** Two libraries of files. */
  static DifferentialLibraries ofFiles(Path folder) throws IOException {
    List<Data> tables = RandomTables.create(List.of("lf", "lg"), List.of("lf", "lg"));
    return new DifferentialLibraries(
        tables,
        folder,
        work -> List.of(files("lf", tables, work), files("lg", tables, work)),
        null);
  }

  /** PostgreSQL, MariaDB and files; each database with a collation that is not by bytes. */
  static DifferentialLibraries onServers(
      Path folder,
      String postgresUrl,
      String user,
      String password,
      String mariaDbUrl,
      String mariaDbUser,
      String mariaDbPassword)
      throws IOException, SQLException {
    List<Data> tables = RandomTables.create(List.of("lp", "lm", "lf"), List.of("lp", "lf"));
    run(
        DriverManager.getConnection(postgresUrl, user, password),
        List.of(
            "DROP DATABASE IF EXISTS " + DATABASE,
            "CREATE DATABASE " + DATABASE + " TEMPLATE template0"));
    String url = postgresUrl.substring(0, postgresUrl.lastIndexOf('/') + 1) + DATABASE;
    List<String> statements = new ArrayList<>(List.of("SET TIME ZONE 'UTC'", TIME_FLOOR));
    statements.add("CREATE SCHEMA source");
    for (Data table : tables) {
      statements.add("CREATE SCHEMA IF NOT EXISTS " + table.library());
      statements.addAll(create(table.name(), table, " COLLATE \"C\""));
      if (table.library().equals("lp")) {
        statements.addAll(create("source." + table.table(), table, " COLLATE \"und-x-icu\""));
      }
    }
    run(DriverManager.getConnection(url, user, password), statements);
    List<String> mariaDb =
        new ArrayList<>(
            List.of(
                "DROP DATABASE IF EXISTS " + DATABASE,
                "CREATE DATABASE " + DATABASE + " CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
                "USE " + DATABASE,
                "SET sql_mode = 'NO_BACKSLASH_ESCAPES'"));
    for (Data table : tables) {
      if (table.library().equals("lm")) {
        create(table.table(), table, "").stream()
            .map(sql -> sql.replace("timestamp(3)", "datetime(3)"))
            .forEach(mariaDb::add);
      }
    }
    run(DriverManager.getConnection(mariaDbUrl, mariaDbUser, mariaDbPassword), mariaDb);
    Connection third = DriverManager.getConnection(url, user, password);
    try (Statement statement = third.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'");
    }
    return new DifferentialLibraries(
        tables,
        folder,
        work ->
            List.of(
                new JdbcConfig(url, user, password, "source", 8, 1000, Duration.ofSeconds(10))
                    .open("lp", work),
                new JdbcConfig(
                        mariaDbUrl,
                        mariaDbUser,
                        mariaDbPassword,
                        DATABASE,
                        8,
                        1000,
                        Duration.ofSeconds(10))
                    .open("lm", work),
                files("lf", tables, work)),
        third);
  }

  /** Takes away what {@link #onServers} made. */
  static void drop(Connection postgres, Connection mariaDb) throws SQLException {
    run(postgres, List.of("DROP DATABASE IF EXISTS " + DATABASE + " WITH (FORCE)"));
    run(mariaDb, List.of("DROP DATABASE IF EXISTS " + DATABASE));
  }

  static void run(Connection connection, List<String> statements) throws SQLException {
    try (connection;
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static List<String> create(String name, Data table, String collation) {
    return List.of(
        "CREATE TABLE %s (%s)"
            .formatted(
                name,
                table.columns().stream()
                    .map(
                        column ->
                            column.name()
                                + " "
                                + column.kind().type
                                + (column.kind() == Kind.TEXT ? collation : ""))
                    .collect(Collectors.joining(", "))),
        "INSERT INTO %s VALUES %s".formatted(name, RandomTables.values(table)));
  }

  private static Source files(String library, List<Data> tables, Path work) throws IOException {
    Path folder = Files.createDirectories(work.resolve(library));
    List<FileTable> files = new ArrayList<>();
    for (Data table : tables) {
      if (table.library().equals(library)) {
        Path file = folder.resolve(table.table() + ".csv");
        Files.write(file, RandomTables.csv(table).getBytes(StandardCharsets.UTF_8));
        Map<String, String> types =
            table.columns().stream()
                .collect(
                    Collectors.toMap(
                        RandomTables.Column::name,
                        column -> column.kind().type.replace("timestamp(3)", "timestamp")));
        files.add(new FileTable(table.table(), file, "UTF-8", ",", List.of(), types, "UTC"));
      }
    }
    return new FileConfig(files, "128MB").open(library, folder.resolve("work"));
  }

  @Override
  public void close() throws SQLException {
    ours.forEach(SqlEngine::close);
    oracle.close();
    if (postgres != null) {
      postgres.close();
    }
  }
}
