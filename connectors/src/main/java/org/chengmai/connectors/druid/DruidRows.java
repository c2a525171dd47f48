package org.chengmai.connectors.druid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.ChengmaiException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Druid SQL answer as they arrive. An answer without its closing empty line broke
 * off, which is an error and not an end.
 */
final class DruidRows implements Closeable {
  private static final ObjectReader ARRAYS = new ObjectMapper().readerFor(Object[].class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BufferedReader lines;
  private final List<String> names = new ArrayList<>();
  private final List<String> types = new ArrayList<>();

  DruidRows(InputStream body) throws SQLException {
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8), 1 << 16);
    try {
      for (JsonNode name : JSON.readTree(line())) {
        names.add(name.asText());
      }
      for (JsonNode type : JSON.readTree(line())) {
        types.add(type.asText());
      }
    } catch (IOException e) {
      throw brokeOff(e);
    }
  }

  List<String> names() {
    return names;
  }

  /** The SQL type names of the columns. */
  List<String> types() {
    return types;
  }

  /** The next row, or null after the last. */
  @Nullable Object @Nullable [] next() throws SQLException {
    try {
      String line = line();
      return line.isEmpty() ? null : ARRAYS.readValue(line);
    } catch (IOException e) {
      throw brokeOff(e);
    }
  }

  private String line() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the end is missing");
    }
    return line;
  }

  private static SQLException brokeOff(IOException e) {
    return new SQLException("Druid's answer broke off: " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  static List<@Nullable Object[]> all(DruidClient client, String sql) throws SQLException {
    try (DruidRows rows = new DruidRows(client.sql(sql, Map.of()))) {
      List<@Nullable Object[]> all = new ArrayList<>();
      for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
      return all;
    } catch (IOException e) {
      throw brokeOff(e);
    } catch (ChengmaiException e) {
      throw new SQLException(e.getMessage(), e);
    }
  }

  static int jdbcType(String sqlType) {
    return switch (sqlType) {
      case "TIMESTAMP" -> Types.TIMESTAMP;
      case "DATE" -> Types.DATE;
      case "VARCHAR", "CHAR" -> Types.VARCHAR;
      case "BIGINT" -> Types.BIGINT;
      case "INTEGER" -> Types.INTEGER;
      case "DOUBLE", "DECIMAL" -> Types.DOUBLE;
      case "FLOAT" -> Types.REAL;
      case "BOOLEAN" -> Types.BOOLEAN;
      default -> Types.OTHER;
    };
  }
}
