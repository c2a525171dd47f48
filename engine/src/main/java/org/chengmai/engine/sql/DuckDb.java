package org.chengmai.engine.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/** The embedded DuckDB in which residuals run. Safe for use by several threads. */
final class DuckDb implements AutoCloseable {
  private final DuckDBConnection root;

  /**
   * @param spill the folder for what does not fit into memory
   * @param memoryLimit what all queries together may use before they spill, such as {@code 1GB}
   * @param spillLimit what they may use of the folder, such as {@code 10GB}
   */
  DuckDb(Path spill, String memoryLimit, String spillLimit) {
    try {
      Files.createDirectories(spill);
      Properties settings = new Properties();
      settings.setProperty("memory_limit", memoryLimit);
      settings.setProperty("temp_directory", spill.toString());
      // who reads a result computes too, and spins while other threads do
      settings.setProperty(
          "threads", String.valueOf(Math.max(1, Runtime.getRuntime().availableProcessors() - 1)));
      settings.setProperty("integer_division", "true");
      settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
      settings.setProperty("autoinstall_known_extensions", "false");
      settings.setProperty("autoload_known_extensions", "false");
      // it knows nothing of the size of registered streams; the plan's order is better
      settings.setProperty("disabled_optimizers", "join_order,build_side_probe_side");
      this.root = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
      try (Statement statement = root.createStatement()) {
        // among the settings above it would be shown and not kept to
        statement.execute("SET max_temp_directory_size = '%s'".formatted(spillLimit));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "DuckDB does not open: " + e.getMessage(), e);
    }
  }

  /** A connection for one query; its streams and temporary tables are its own. */
  DuckDBConnection connect() throws SQLException {
    DuckDBConnection connection = (DuckDBConnection) root.duplicate();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try (Connection closing = root) {
      closing.isClosed();
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "DuckDB does not close: " + e.getMessage(), e);
    }
  }
}
