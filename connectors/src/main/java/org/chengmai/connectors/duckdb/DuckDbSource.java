package org.chengmai.connectors.duckdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.StatisticsCache;
import org.chengmai.connectors.TableStatistics;
import org.chengmai.connectors.arrow.BatchReader;
import org.chengmai.connectors.pushdown.Connections;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.connectors.pushdown.SourceSchema;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A library whose tables embedded DuckDB reads: files, fetched documents. Safe for use by several
 * threads.
 *
 * <p>Before each query the tables that may have changed are loaded again. One that cannot be loaded
 * disappears and is listed by {@link #problems()}, so that old data are never shown as new.
 */
public final class DuckDbSource implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(DuckDbSource.class);

  /** So that a dead server does not hold up every query with its time-out. */
  private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

  private final String library;
  private final List<DuckDbTable> tables;
  private final Path work;
  private final Map<String, String> problems = new ConcurrentHashMap<>();
  private final Map<String, Long> failedAt = new ConcurrentHashMap<>();
  private final DuckDBConnection root;

  /** What DuckDB itself has beside the tables, such as {@code duckdb_columns}. */
  private final Set<String> own;

  private final StatisticsCache statistics;

  /**
   * @param memoryLimit what DuckDB may use before it spills to {@code work}, such as {@code 256MB}
   */
  public DuckDbSource(
      String library, List<? extends DuckDbTable> tables, Path work, String memoryLimit) {
    this.library = library;
    this.tables = List.copyOf(tables);
    this.work = work;
    this.root = open(library, work, memoryLimit);
    this.own = ownViews();
    this.statistics = new StatisticsCache(library, this::readStatistics);
  }

  private static DuckDBConnection open(String library, Path work, String memoryLimit) {
    try {
      Files.createDirectories(work);
      Path file = work.resolve(library + ".duckdb");
      // only a cache of what the files hold: made anew, so that nothing outlives its source
      Files.deleteIfExists(file);
      Files.deleteIfExists(work.resolve(library + ".duckdb.wal"));
      Properties settings = new Properties();
      settings.setProperty("memory_limit", memoryLimit);
      settings.setProperty("threads", String.valueOf(Runtime.getRuntime().availableProcessors()));
      settings.setProperty("temp_directory", work.resolve("spill").toString());
      settings.setProperty("integer_division", "true");
      // without it a big result is held in native memory that memory_limit does not count
      settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
      settings.setProperty("autoinstall_known_extensions", "false");
      settings.setProperty("autoload_known_extensions", "false");
      return (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL,
          "source %s: DuckDB does not open: %s".formatted(library, e.getMessage()),
          e);
    }
  }

  private Set<String> ownViews() {
    try (Statement statement = root.createStatement();
        ResultSet views =
            statement.executeQuery(
                "SELECT view_name FROM duckdb_views() WHERE internal AND schema_name = 'main'")) {
      Set<String> names = new HashSet<>();
      while (views.next()) {
        names.add(views.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL,
          "source %s: DuckDB does not tell its own views: %s".formatted(library, e.getMessage()),
          e);
    }
  }

  @Override
  public String library() {
    return library;
  }

  @Override
  public Schema schema(SchemaPlus parent) {
    return SourceSchema.create(
        parent,
        library,
        new Connections(this::connect),
        new DuckDbDialect(),
        new DuckDbPushdown(),
        null,
        "main",
        own);
  }

  @Override
  public ArrowReader read(
      String sql,
      org.apache.arrow.vector.types.pojo.Schema shape,
      BufferAllocator memory,
      OpenStatements query) {
    return BatchReader.open(
        library, sql, shape, memory, query, () -> new DuckDbAnswer(this::connect, sql, memory));
  }

  private Connection connect() throws SQLException {
    refresh();
    Connection connection = root.duplicate();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
    }
    return connection;
  }

  private synchronized void refresh() throws SQLException {
    for (DuckDbTable table : tables) {
      Long failure = failedAt.get(table.name());
      boolean isDue = failure == null || System.nanoTime() - failure > RETRY_NANOS;
      if (isDue && table.isStale()) {
        try (Statement statement = root.createStatement()) {
          statement.execute("SET TimeZone = 'UTC'");
          load(table, statement);
        }
      }
    }
  }

  private void load(DuckDbTable table, Statement statement) {
    try {
      table.load(statement, work);
      problems.remove(table.name());
      failedAt.remove(table.name());
    } catch (IOException | SQLException | ChengmaiException e) {
      failedAt.put(table.name(), System.nanoTime());
      String reason =
          e instanceof NoSuchFileException
              ? "there is no file " + e.getMessage()
              : String.valueOf(e.getMessage());
      if (!reason.equals(problems.put(table.name(), reason))) {
        LOG.atWarn()
            .addKeyValue("library", library)
            .addKeyValue("table", table.name())
            .log("table cannot be read: {}", reason);
      }
      drop(table.name());
    }
  }

  /** A table or a view; the statement that failed is closed by now. */
  private void drop(String name) {
    for (String kind : List.of("TABLE", "VIEW")) {
      try (Statement statement = root.createStatement()) {
        statement.execute("DROP %s IF EXISTS %s".formatted(kind, quoted(name)));
      } catch (SQLException e) {
        // it is of the other kind
      }
    }
  }

  /**
   * Makes a loaded table's times UTC without a zone: naive times are taken for times of {@code
   * zone}.
   *
   * @param table a table, not a view
   */
  public static void toUtc(Statement statement, String table, String zone) throws SQLException {
    for (Map.Entry<String, String> column : columns(statement, quoted(table)).entrySet()) {
      String change = utc(column, zone);
      if (!change.isEmpty()) {
        statement.execute(
            "ALTER TABLE %s ALTER %s TYPE TIMESTAMP USING %s"
                .formatted(quoted(table), quoted(column.getKey()), change));
      }
    }
  }

  /**
   * Turns columns of texts that all are times into times in UTC; a text without an offset is a time
   * of {@code zone}.
   */
  public static void textTimesToUtc(Statement statement, String table, String zone)
      throws SQLException {
    statement.execute("SET TimeZone = " + literal(zone));
    try {
      for (Map.Entry<String, String> column : columns(statement, quoted(table)).entrySet()) {
        String name = quoted(column.getKey());
        if (column.getValue().equals("VARCHAR") && areTimes(statement, quoted(table), name)) {
          statement.execute(
              "ALTER TABLE %s ALTER %s TYPE TIMESTAMP USING timezone('UTC', CAST(%s AS TIMESTAMPTZ))"
                  .formatted(quoted(table), name, name));
        }
      }
    } finally {
      statement.execute("SET TimeZone = 'UTC'");
    }
  }

  private static boolean areTimes(Statement statement, String table, String column)
      throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT count(%1$s) > 0 AND bool_and(%1$s IS NULL OR (regexp_matches(%1$s, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}') AND TRY_CAST(%1$s AS TIMESTAMPTZ) IS NOT NULL)) FROM %2$s"
                .formatted(column, table))) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** The columns of a relation as a select list in which times are UTC without a zone. */
  public static String utcColumns(Statement statement, String relation, String zone)
      throws SQLException {
    List<String> list = new ArrayList<>();
    for (Map.Entry<String, String> column : columns(statement, relation).entrySet()) {
      String change = utc(column, zone);
      list.add(
          change.isEmpty() ? quoted(column.getKey()) : change + " AS " + quoted(column.getKey()));
    }
    return String.join(", ", list);
  }

  private static String utc(Map.Entry<String, String> column, String zone) {
    return switch (column.getValue()) {
      case "TIMESTAMP WITH TIME ZONE" -> "timezone('UTC', %s)".formatted(quoted(column.getKey()));
      case "TIMESTAMP" ->
          zone.equals("UTC")
              ? ""
              : "timezone('UTC', timezone(%s, %s))"
                  .formatted(literal(zone), quoted(column.getKey()));
      case "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S" ->
          "CAST(%s AS TIMESTAMP)".formatted(quoted(column.getKey()));
      default -> "";
    };
  }

  private static Map<String, String> columns(Statement statement, String relation)
      throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + relation)) {
      while (rows.next()) {
        columns.put(rows.getString(1), rows.getString(2));
      }
    }
    return columns;
  }

  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Texts by name as DuckDB writes a struct. */
  public static String struct(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> literal(field.getKey()) + ": " + literal(field.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  @Override
  public Optional<TableStatistics> statistics(String table) {
    return statistics.of(table);
  }

  /** Loads what has changed and looks through the tables, now. */
  public void renewStatistics() {
    statistics.renew();
  }

  private Map<String, TableStatistics> readStatistics() throws SQLException {
    try (Connection connection = connect()) {
      return DuckDbStatistics.read(connection);
    }
  }

  @Override
  public Map<String, String> problems() {
    return Map.copyOf(problems);
  }

  @Override
  public void check() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "source %s: %s".formatted(library, e.getMessage()), e);
    }
    if (!problems.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "source %s cannot read %s".formatted(library, problems));
    }
  }

  @Override
  public void close() {
    try {
      root.close();
    } catch (SQLException e) {
      LOG.atWarn().addKeyValue("library", library).log("DuckDB does not close: {}", e.getMessage());
    }
  }
}
