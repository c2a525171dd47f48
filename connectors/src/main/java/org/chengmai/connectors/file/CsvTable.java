package org.chengmai.connectors.file;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.connectors.duckdb.DuckDbSource;
import org.chengmai.connectors.duckdb.DuckDbTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CSV file with a header line, transcoded to UTF-8 and loaded when it has changed; bad rows are
 * counted by reason.
 */
final class CsvTable implements DuckDbTable {
  private static final Logger LOG = LoggerFactory.getLogger(CsvTable.class);

  private final FileConfig.FileTable config;
  private @Nullable FileTime loaded;

  CsvTable(FileConfig.FileTable config) {
    this.config = config;
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public boolean isStale() {
    try {
      return loaded == null || !loaded.equals(Files.getLastModifiedTime(config.path()));
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void load(Statement duckDb, Path work) throws IOException, SQLException {
    if (!Files.isReadable(config.path())) {
      throw new NoSuchFileException(config.path().toString());
    }
    FileTime changed = Files.getLastModifiedTime(config.path());
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
    loaded = changed;
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
    String types =
        config.types().entrySet().stream()
            .map(
                type ->
                    DuckDbSource.literal(type.getKey())
                        + ": "
                        + DuckDbSource.literal(type.getValue()))
            .collect(Collectors.joining(", ", "{", "}"));
    return "read_csv(%s, header = true, nullstr = %s, store_rejects = true%s%s)"
        .formatted(
            DuckDbSource.literal(text.toString()),
            missing,
            config.types().isEmpty() ? "" : ", types = " + types,
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
