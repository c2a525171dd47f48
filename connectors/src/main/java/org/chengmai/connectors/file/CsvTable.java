package org.chengmai.connectors.file;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.connectors.duckdb.DuckDbSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CSV file with a header line, transcoded to UTF-8 and loaded when it has changed; bad rows are
 * counted by reason, with their lines.
 */
final class CsvTable extends WatchedFile {
  private static final Logger LOG = LoggerFactory.getLogger(CsvTable.class);

  /** How many line numbers of bad rows are kept for each reason. */
  private static final int LINES = 10;

  CsvTable(FileConfig.FileTable config) {
    super(config);
  }

  @Override
  void read(Statement duckDb, Path work) throws IOException, SQLException {
    Path text = work.resolve(name() + ".utf8.csv");
    Charset charset =
        Transcoder.toUtf8(
            config.path(),
            text,
            config.charset() == null ? null : Charset.forName(config.charset()));
    duckDb.execute("DROP TABLE IF EXISTS reject_errors");
    duckDb.execute("DROP TABLE IF EXISTS reject_scans");
    duckDb.execute(
        "CREATE OR REPLACE TABLE %s AS SELECT * FROM %s"
            .formatted(DuckDbSource.quoted(name()), relation(text)));
    List<BadRow> bad = badRows(duckDb);
    if (config.badRows() == FileConfig.FileTable.BadRows.FAIL && !bad.isEmpty()) {
      throw new IOException("%s has bad rows: %s".formatted(config.path(), bad));
    }
    DuckDbSource.toUtc(duckDb, name(), config.zone());
    duckDb.execute(
        "CREATE OR REPLACE TABLE %s AS SELECT * FROM (VALUES %s) AS t(reason, bad_rows, lines) WHERE bad_rows > 0"
            .formatted(DuckDbSource.quoted(name() + "_bad_rows"), values(bad)));
    Files.deleteIfExists(text);
    LOG.atInfo()
        .addKeyValue("table", name())
        .addKeyValue("charset", charset)
        .addKeyValue("bad_rows", bad)
        .log("loaded {}", config.path());
  }

  private String relation(Path text) {
    String missing =
        Stream.concat(Stream.of(""), config.missing().stream())
            .map(DuckDbSource::literal)
            .collect(Collectors.joining(", ", "[", "]"));
    // -1: the types come from every row, so that none is bad for what the first ones made of it
    return "read_csv(%s, header = true, sample_size = -1, nullstr = %s, store_rejects = true%s%s)"
        .formatted(
            DuckDbSource.literal(text.toString()),
            missing,
            config.types().isEmpty() ? "" : ", types = " + DuckDbSource.struct(config.types()),
            config.delimiter() == null
                ? ""
                : ", delim = " + DuckDbSource.literal(config.delimiter()));
  }

  /**
   * Rows that cannot be read for one reason.
   *
   * @param lines of the first of them
   */
  private record BadRow(String reason, long count, String lines) {
    @Override
    public String toString() {
      return "%s: %,d (line %s)".formatted(reason, count, lines);
    }
  }

  private static List<BadRow> badRows(Statement duckDb) throws SQLException {
    List<BadRow> bad = new ArrayList<>();
    try (ResultSet rows =
        duckDb.executeQuery(
            """
            SELECT reason, count(*), string_agg(line, ', ' ORDER BY line) FILTER (WHERE place <= %1$d) || CASE WHEN count(*) > %1$d THEN ' …' ELSE '' END
            FROM (
              SELECT reason, line, row_number() OVER (PARTITION BY reason ORDER BY line) AS place
              FROM (SELECT DISTINCT error_type || coalesce(' in column ' || column_name, '') AS reason, line FROM reject_errors))
            GROUP BY reason ORDER BY reason
            """
                .formatted(LINES))) {
      while (rows.next()) {
        bad.add(new BadRow(rows.getString(1), rows.getLong(2), rows.getString(3)));
      }
    }
    return bad;
  }

  private static String values(List<BadRow> bad) {
    return Stream.concat(
            Stream.of("('', 0, '')"),
            bad.stream()
                .map(
                    row ->
                        "(%s, %d, %s)"
                            .formatted(
                                DuckDbSource.literal(row.reason()),
                                row.count(),
                                DuckDbSource.literal(row.lines()))))
        .collect(Collectors.joining(", "));
  }
}
