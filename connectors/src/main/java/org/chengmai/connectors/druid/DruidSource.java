package org.chengmai.connectors.druid;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.chengmai.connectors.Breaker;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.StatisticsCache;
import org.chengmai.connectors.TableStatistics;
import org.chengmai.connectors.arrow.BatchReader;
import org.chengmai.connectors.pushdown.Connections;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.connectors.pushdown.SourceSchema;
import org.chengmai.indicators.ChengmaiException;
import org.jspecify.annotations.Nullable;

/**
 * Druid's data sources as a library, those that only have real-time rows included. Safe for use by
 * several threads.
 *
 * <p>Druid SQL over HTTP behind a small JDBC facade, because that lets Calcite's JDBC adapter do
 * the work, and HTTP is faster than Druid's own JDBC.
 */
public final class DruidSource implements Source {
  private final String library;
  private final DruidClient client;
  private final DruidCatalog catalog;
  private final Breaker breaker;
  private final StatisticsCache statistics;

  /**
   * @param expected tables that are in the library before Druid knows them; until then they are
   *     empty
   */
  public DruidSource(String library, DruidClient client, List<DruidTable> expected) {
    this.library = library;
    this.client = client;
    this.breaker = new Breaker(library, System::nanoTime);
    this.catalog = new DruidCatalog(client, List.copyOf(expected), breaker);
    this.statistics = new StatisticsCache(library, this::readStatistics);
  }

  /** Whether an error means that Druid was not there, as against an answer that refuses. */
  static boolean isUnreached(SQLException error) {
    Throwable cause = error.getCause();
    return (cause instanceof ChengmaiException call ? call.getCause() : cause)
        instanceof IOException;
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
        new Connections(() -> DruidConnection.open(client, catalog)),
        new DruidDialect(),
        new DruidPushdown(),
        null,
        "druid");
  }

  @Override
  public ArrowReader read(
      String sql,
      org.apache.arrow.vector.types.pojo.Schema shape,
      BufferAllocator memory,
      OpenStatements query) {
    return BatchReader.open(
        library, sql, shape, memory, query, () -> new DruidAnswer(client, catalog, breaker, sql));
  }

  @Override
  public Optional<TableStatistics> statistics(String table) {
    return statistics.of(table);
  }

  /** Rows that tasks still hold in memory are not in it. */
  private Map<String, TableStatistics> readStatistics() throws SQLException {
    Map<String, TableStatistics> tables = new HashMap<>();
    for (@Nullable Object[] row :
        DruidRows.all(
            client,
            "SELECT \"datasource\", SUM(\"num_rows\") FROM sys.segments WHERE is_active = 1 GROUP BY 1")) {
      if (row[1] instanceof Number rows && rows.doubleValue() > 0) {
        tables.put(String.valueOf(row[0]), new TableStatistics(rows.doubleValue(), Map.of()));
      }
    }
    return tables;
  }

  @Override
  public void check() {
    client.count("SELECT COUNT(*) FROM INFORMATION_SCHEMA.SCHEMATA");
  }

  @Override
  public void close() {
    // the client holds no connection of its own
  }
}
