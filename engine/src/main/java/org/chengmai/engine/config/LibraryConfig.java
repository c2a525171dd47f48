package org.chengmai.engine.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.SourceConfig;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.flight.FlightConfig;
import org.chengmai.connectors.http.JsonHttpConfig;
import org.chengmai.connectors.http.Paging;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.connectors.jdbc.SpokenSql;
import org.jspecify.annotations.Nullable;

/**
 * One base or topic library: whose data, of which kind, and where.
 *
 * @param kind {@code jdbc} (a database), {@code flight} (Arrow Flight SQL), {@code file} (CSV,
 *     Parquet) or {@code http} (JSON)
 * @param url address, for kinds jdbc and flight
 * @param schema schema inside the database, for kind jdbc {@code public} when absent
 * @param sql what the server speaks, for kind flight
 * @param tables the files or documents, for kinds file and http
 */
public record LibraryConfig(
    String name,
    String kind,
    @Nullable String url,
    @Nullable String user,
    @Nullable String password,
    @Nullable String schema,
    @Nullable SpokenSql sql,
    List<TableConfig> tables) {

  /** A database. */
  public static LibraryConfig jdbc(
      String name,
      String url,
      @Nullable String user,
      @Nullable String password,
      @Nullable String schema) {
    return new LibraryConfig(name, "jdbc", url, user, password, schema, null, List.of());
  }

  /** A file whose form says what it is, as the only table. */
  public static LibraryConfig file(String name, String table, Path path) {
    return new LibraryConfig(
        name, "file", null, null, null, null, null, List.of(TableConfig.file(table, path)));
  }

  /**
   * One file or document.
   *
   * @param path of a CSV or Parquet file, relative to the configuration file
   * @param url of a JSON document
   * @param pointer JSON pointer to the array of rows, empty when the document is the array
   * @param refresh how long a fetched document is used
   * @param timeout how long the fetch of a page may take
   * @param headers of the requests for a document
   * @param paging how the rest of a document is asked for
   * @param maxBytes a document with more is an error
   * @param charset of a CSV, found out when absent
   * @param missing texts that stand for a missing value
   * @param types column types by name where guessing would be wrong
   * @param zone of times that state none
   * @param badRows what rows of a CSV that cannot be read do; left out when absent
   */
  public record TableConfig(
      String name,
      @Nullable String path,
      @Nullable String url,
      @Nullable String pointer,
      @Nullable Duration refresh,
      @Nullable Duration timeout,
      Map<String, String> headers,
      Paging paging,
      @Nullable Long maxBytes,
      @Nullable String charset,
      @Nullable String delimiter,
      List<String> missing,
      Map<String, String> types,
      @Nullable String zone,
      FileConfig.FileTable.@Nullable BadRows badRows) {

    private static TableConfig file(String name, Path path) {
      return new TableConfig(
          name,
          path.toString(),
          null,
          null,
          null,
          null,
          Map.of(),
          Paging.defaults(),
          null,
          null,
          null,
          List.of(),
          Map.of(),
          null,
          null);
    }

    /** Leaves the headers out, which may hold a token. */
    @Override
    public String toString() {
      return "TableConfig[name=%s, path=%s, url=%s]".formatted(name, path, url);
    }
  }

  public LibraryConfig {
    switch (kind) {
      case "jdbc" -> need(url != null, name, kind, "url");
      case "flight" -> {
        need(url != null && schema != null, name, kind, "url and schema");
        need(String.valueOf(url).startsWith("grpc"), name, kind, "a url that begins with grpc:");
      }
      case "file" ->
          need(
              !tables.isEmpty() && tables.stream().allMatch(t -> t.path() != null),
              name,
              kind,
              "tables with a path each");
      case "http" ->
          need(
              !tables.isEmpty() && tables.stream().allMatch(t -> t.url() != null),
              name,
              kind,
              "tables with a url each");
      default ->
          throw new IllegalArgumentException(
              "kind '%s' is not one of jdbc, flight, file, http".formatted(kind));
    }
  }

  private static void need(boolean given, String name, String kind, String what) {
    if (!given) {
      throw new IllegalArgumentException(
          "library %s of kind %s needs %s".formatted(name, kind, what));
    }
  }

  /**
   * Opens the library's source.
   *
   * @param base folder that relative paths start from
   * @param work folder for transcoded and fetched data
   * @param drivers folder of further JDBC drivers
   * @param duckdbMemory DuckDB's memory limit
   */
  public Source open(Path base, Path work, Path drivers, String duckdbMemory) {
    return config(base, drivers, duckdbMemory).open(name, work.resolve(name));
  }

  private SourceConfig config(Path base, Path drivers, String duckdbMemory) {
    return switch (kind) {
      case "jdbc" ->
          new JdbcConfig(
              String.valueOf(url),
              user,
              password,
              schema,
              8,
              10_000,
              Duration.ofSeconds(5),
              drivers);
      case "flight" ->
          new FlightConfig(
              URI.create(String.valueOf(url)),
              user,
              password,
              String.valueOf(schema),
              sql == null ? SpokenSql.ANSI : sql);
      case "file" ->
          new FileConfig(tables.stream().map(table -> file(table, base)).toList(), duckdbMemory);
      default ->
          new JsonHttpConfig(tables.stream().map(LibraryConfig::document).toList(), duckdbMemory);
    };
  }

  private static FileConfig.FileTable file(TableConfig table, Path base) {
    return new FileConfig.FileTable(
        table.name(),
        base.resolve(String.valueOf(table.path())),
        table.charset(),
        table.delimiter(),
        table.missing(),
        table.types(),
        table.zone() == null ? "UTC" : table.zone(),
        table.badRows() == null ? FileConfig.FileTable.BadRows.SKIP : table.badRows());
  }

  private static JsonHttpConfig.JsonTable document(TableConfig table) {
    return new JsonHttpConfig.JsonTable(
        table.name(),
        URI.create(String.valueOf(table.url())),
        table.pointer() == null ? "" : table.pointer(),
        table.refresh() == null ? Duration.ofMinutes(1) : table.refresh(),
        table.timeout() == null ? Duration.ofSeconds(10) : table.timeout(),
        table.headers(),
        table.types(),
        table.zone() == null ? "UTC" : table.zone(),
        table.paging(),
        table.maxBytes() == null ? JsonHttpConfig.JsonTable.MAX_BYTES : table.maxBytes());
  }

  /** Leaves the password out. */
  @Override
  public String toString() {
    return "LibraryConfig[name=%s, kind=%s, url=%s, tables=%d]"
        .formatted(name, kind, url, tables.size());
  }
}
