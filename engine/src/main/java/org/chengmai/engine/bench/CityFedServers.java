package org.chengmai.engine.bench;

import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.connectors.process.Ports;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.connectors.process.Servers;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * The two PostgreSQL servers of City-Fed, filled with TPC-H's tables when they are empty. The
 * settings are those of a machine that has nothing to lose: much memory, no fsync.
 */
final class CityFedServers implements AutoCloseable {
  private static final List<String> SETTINGS =
      List.of(
          "shared_buffers=1GB",
          "work_mem=64MB",
          "maintenance_work_mem=256MB",
          "fsync=off",
          "synchronous_commit=off",
          "full_page_writes=off",
          "max_wal_size=8GB");

  private static final int BUFFER = 1 << 20;

  private final Map<String, PostgresServer> servers = new LinkedHashMap<>();
  private final Map<String, Connection> drains = new HashMap<>();
  private final Servers together;
  private final double scale;
  private final Consumer<String> progress;

  /**
   * @param folder kept, so that the next run finds the data
   * @param scale TPC-H's scale factor
   */
  CityFedServers(Path folder, double scale, Consumer<String> progress) {
    this.scale = scale;
    this.progress = progress;
    for (String name : List.of("a", "b")) {
      Path own = folder.resolve(name);
      servers.put(
          name,
          new PostgresServer(own, new Ports(own.resolve("ports.properties"), Map.of()), SETTINGS));
    }
    this.together = new Servers(List.copyOf(servers.values()));
  }

  /** Starts both and fills them where they are empty. */
  void start() throws SQLException, IOException {
    together.start(event -> {});
    for (Map.Entry<String, PostgresServer> server : servers.entrySet()) {
      fill(server.getKey());
    }
  }

  PostgresServer server(String name) {
    return Objects.requireNonNull(servers.get(name));
  }

  long pid(String name) {
    return server(name).pid().orElseThrow();
  }

  /**
   * An engine in this process over both.
   *
   * @param work for what it keeps
   */
  SqlEngine open(Execution execution, SqlLimits limits, Path work) {
    List<Source> sources = new ArrayList<>();
    servers.forEach(
        (name, server) ->
            sources.add(
                JdbcConfig.of(server.address(), server.user(), server.password())
                    .open(name, work)));
    return new SqlEngine(
        sources, List.of(), limits, execution, spill(work), InstantSource.system());
  }

  /** Where such an engine puts what does not fit into memory. */
  static Path spill(Path work) {
    return work.resolve("work").resolve("spill");
  }

  Connection connect(String name) throws SQLException {
    PostgresServer server = server(name);
    return DriverManager.getConnection(server.address(), server.user(), server.password());
  }

  private void fill(String name) throws SQLException, IOException {
    try (Connection connection = connect(name);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS loaded (scale double precision)");
      try (ResultSet loaded = statement.executeQuery("SELECT scale FROM loaded")) {
        if (loaded.next() && loaded.getDouble(1) == scale) {
          progress.accept("server %s has the data already".formatted(name));
          return;
        }
      }
      statement.execute("TRUNCATE loaded");
      for (CityFed.TableSpec table : CityFed.TABLES) {
        if (table.server().equals(name)) {
          progress.accept("server %s: loading %s".formatted(name, table.name()));
          statement.execute("DROP TABLE IF EXISTS " + table.name());
          statement.execute("CREATE TABLE %s (%s)".formatted(table.name(), table.columns()));
          copy(connection, table.name());
        }
      }
      if (name.equals("b")) {
        statement.execute("CREATE INDEX orders_custkey ON orders (o_custkey)");
      }
      progress.accept("server %s: vacuum analyze".formatted(name));
      statement.execute("VACUUM ANALYZE");
      statement.execute("CHECKPOINT");
      statement.execute("INSERT INTO loaded VALUES (%s)".formatted(scale));
    }
  }

  private void copy(Connection connection, String table) throws SQLException {
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY %s FROM STDIN (DELIMITER '|')".formatted(table));
    StringBuilder lines = new StringBuilder();
    long rows = 0;
    for (TpchEntity row : TpchTable.getTable(table).createGenerator(scale, 1, 1)) {
      String line = row.toLine();
      lines.append(line, 0, line.endsWith("|") ? line.length() - 1 : line.length()).append('\n');
      if (lines.length() > BUFFER) {
        send(copy, lines);
      }
      if (++rows % 1_000_000 == 0) {
        progress.accept("  %,d rows".formatted(rows));
      }
    }
    send(copy, lines);
    copy.endCopy();
  }

  private static void send(CopyIn copy, StringBuilder lines) throws SQLException {
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    lines.setLength(0);
  }

  /**
   * Reads a query's rows by COPY in binary form and throws them away; answers the bytes. The
   * server's process for it stays: the CPU time of one that has ended is soon nobody's.
   */
  long drain(String name, String sql) {
    try {
      Connection connection = drains.get(name);
      if (connection == null) {
        connection = connect(name);
        drains.put(name, connection);
      }
      CopyOut copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("COPY (%s) TO STDOUT (FORMAT BINARY)".formatted(sql));
      long bytes = 0;
      for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
        bytes += row.length;
      }
      return bytes;
    } catch (SQLException e) {
      throw new ChengmaiException(ErrorCode.EXTERNAL, "server %s: %s".formatted(name, e), e);
    }
  }

  @Override
  public void close() {
    together.close();
  }
}
