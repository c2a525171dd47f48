package org.chengmai.connectors.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.SourceConfig;
import org.chengmai.connectors.duckdb.DuckDbSource;
import org.jspecify.annotations.Nullable;

/**
 * Files as a library, one table each.
 *
 * @param memoryLimit what DuckDB may use before it spills
 */
public record FileConfig(List<FileTable> tables, String memoryLimit) implements SourceConfig {
  public FileConfig {
    tables = List.copyOf(tables);
  }

  /**
   * One file.
   *
   * @param path a CSV file with a header line, or a Parquet file ({@code .parquet})
   * @param charset of a CSV; absent: UTF-8 with or without BOM, else GB18030, found by decoding
   *     strictly
   * @param delimiter of a CSV; found out when absent
   * @param missing texts that stand for a missing value, such as {@code NA}; the empty text always
   *     does
   * @param types DuckDB types of columns by name, where guessing would be wrong; a row that does
   *     not fit is counted as bad
   * @param zone the zone of times that state none
   * @param badRows what rows of a CSV that cannot be read do
   */
  public record FileTable(
      String name,
      Path path,
      @Nullable String charset,
      @Nullable String delimiter,
      List<String> missing,
      Map<String, String> types,
      String zone,
      BadRows badRows) {

    /** What rows that cannot be read do. */
    public enum BadRows {
      /** They are left out, and listed in {@code <table>_bad_rows}. */
      SKIP,
      /** The table cannot be read. */
      FAIL
    }

    /** Leaves bad rows out. */
    public FileTable(
        String name,
        Path path,
        @Nullable String charset,
        @Nullable String delimiter,
        List<String> missing,
        Map<String, String> types,
        String zone) {
      this(name, path, charset, delimiter, missing, types, zone, BadRows.SKIP);
    }

    public FileTable {
      missing = List.copyOf(missing);
      types = Map.copyOf(types);
    }

    /** All found out by itself, times in UTC. */
    public static FileTable of(String name, Path path) {
      return new FileTable(name, path, null, null, List.of(), Map.of(), "UTC");
    }
  }

  @Override
  public Source open(String library, Path work) {
    return new DuckDbSource(
        library,
        tables.stream()
            .map(
                table ->
                    table.path().toString().endsWith(".parquet")
                        ? new ParquetTable(table)
                        : new CsvTable(table))
            .toList(),
        work,
        memoryLimit);
  }
}
