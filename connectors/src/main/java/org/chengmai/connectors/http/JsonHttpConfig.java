package org.chengmai.connectors.http;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.SourceConfig;
import org.chengmai.connectors.duckdb.DuckDbSource;

/**
 * JSON documents over HTTP as a library, one table each.
 *
 * @param memoryLimit what DuckDB may use before it spills
 */
public record JsonHttpConfig(List<JsonTable> tables, String memoryLimit) implements SourceConfig {
  public JsonHttpConfig {
    tables = List.copyOf(tables);
  }

  /**
   * One document.
   *
   * @param pointer the JSON pointer to the array of rows; empty when the document is the array
   * @param cache how long a fetched document is used
   * @param timeout how long the fetch of a page may take, and again its body
   * @param headers sent along, such as {@code Authorization}
   * @param types DuckDB types of columns by name; when given, these columns are read and no others
   * @param zone the zone of times that state none
   * @param maxBytes a document with more, all pages together, is an error
   */
  public record JsonTable(
      String name,
      URI address,
      String pointer,
      Duration cache,
      Duration timeout,
      Map<String, String> headers,
      Map<String, String> types,
      String zone,
      Paging paging,
      long maxBytes) {
    /** What a page becomes in memory is several times as much. */
    public static final long MAX_BYTES = 64L << 20;

    public JsonTable {
      headers = Map.copyOf(headers);
      types = Map.copyOf(types);
    }

    /** Cached for a minute, fetched within ten seconds, times in UTC. */
    public static JsonTable of(String name, URI address, String pointer) {
      return new JsonTable(
          name,
          address,
          pointer,
          Duration.ofMinutes(1),
          Duration.ofSeconds(10),
          Map.of(),
          Map.of(),
          "UTC",
          Paging.defaults(),
          MAX_BYTES);
    }
  }

  @Override
  public Source open(String library, Path work) {
    return new DuckDbSource(
        library, tables.stream().map(JsonHttpTable::new).toList(), work, memoryLimit);
  }
}
