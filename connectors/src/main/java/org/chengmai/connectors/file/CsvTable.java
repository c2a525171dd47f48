package org.chengmai.connectors.file;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.connectors.duckdb.DuckDbSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CSV file with a header line, transcoded to UTF-8 and loaded when it has changed; bad rows are
 * counted by reason.
 */
final class CsvTable extends WatchedFile {
  private static final Logger LOG = LoggerFactory.getLogger(CsvTable.class);

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
    Map<String, Long> bad = badRows(duckDb);
    DuckDbSource.toUtc(duckDb, name(), config.zone());
    duckDb.execute(
        "CREATE OR REPLACE TABLE %s AS SELECT * FROM (VALUES %s) AS t(reason, bad_rows) WHERE bad_rows > 0"
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
    return "read_csv(%s, header = true, nullstr = %s, store_rejects = true%s%s)"
        .formatted(
            DuckDbSource.literal(text.toString()),
            missing,
            config.types().isEmpty() ? "" : ", types = " + DuckDbSource.struct(config.types()),
            config.delimiter() == null
                ? ""
                : ", delim = " + DuckDbSource.literal(config.delimiter()));
  }

  private static Map<String, Long> badRows(Statement duckDb) throws SQLException {
    Map<String, Long> bad = new LinkedHashMap<>();
    try (ResultSet rows =
        duckDb.executeQuery(
            "SELECT error_type || coalesce(' in column ' || column_name, ''), count(DISTINCT line) FROM reject_errors"
                + " GROUP BY 1 ORDER BY 1")) {
      while (rows.next()) {
        bad.put(rows.getString(1), rows.getLong(2));
      }
    }
    return bad;
  }

  private static String values(Map<String, Long> bad) {
    return Stream.concat(
            Stream.of("('', 0)"),
            bad.entrySet().stream()
                .map(
                    row ->
                        "(%s, %d)".formatted(DuckDbSource.literal(row.getKey()), row.getValue())))
        .collect(Collectors.joining(", "));
  }
}
