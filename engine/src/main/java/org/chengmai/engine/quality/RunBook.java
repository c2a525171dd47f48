package org.chengmai.engine.quality;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.TableRule;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.quality.QualityScore;
import org.chengmai.indicators.quality.TableFinding;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What rules found in the rows of tables, in PostgreSQL for three years. Safe for several threads.
 */
public final class RunBook {
  private static final int KEPT_DAYS = 3 * 365;

  private final Jdbi jdbi;
  private final String city;

  /**
   * @param city division code of the city whose departments' tables these are
   */
  public RunBook(DataSource database, String city) {
    this.jdbi = Jdbi.create(database);
    this.city = city;
  }

  /**
   * A finding as it was kept.
   *
   * @param table its name in SQL
   * @param at when the rows were looked at
   */
  public record Run(String table, String department, Instant at, TableFinding finding)
      implements QualityScore.Verdict {
    @Override
    public boolean passed() {
      return finding.passed();
    }

    @Override
    public double share() {
      return finding.share();
    }
  }

  /**
   * Keeps what a look at a table found; what was said before of the days from {@code from} on, such
   * as of rows that are gone, is replaced. Favourite digits are a matter of the last day alone.
   */
  public void keep(
      DataCatalogue.Entry entry, LocalDate from, List<TableFinding> findings, Instant at) {
    String library = entry.library().library();
    String table = entry.table().table();
    jdbi.useTransaction(
        handle -> {
          handle.execute(
              "DELETE FROM chengmai.quality_run WHERE library = ? AND table_name = ? AND day >= ? AND rule <> ALL(?)",
              library,
              table,
              Date.valueOf(from),
              entry.table().rules().stream()
                  .filter(rule -> rule.check() == TableRule.Kind.DIGITS)
                  .map(TableRule::id)
                  .toArray(String[]::new));
          PreparedBatch batch =
              handle.prepareBatch(
                  "INSERT INTO chengmai.quality_run (library, table_name, rule, day, city, department, at, rows, failed, measured, least, weight, score, failing)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)"
                      + " ON CONFLICT (library, table_name, rule, day) DO UPDATE SET city = excluded.city, department = excluded.department,"
                      + " at = excluded.at, rows = excluded.rows, failed = excluded.failed, measured = excluded.measured, least = excluded.least,"
                      + " weight = excluded.weight, score = excluded.score, failing = excluded.failing");
          for (TableFinding finding : findings) {
            batch.add(
                library,
                table,
                finding.rule(),
                Date.valueOf(finding.day()),
                city,
                entry.library().owner(),
                at,
                finding.rows(),
                finding.failed(),
                finding.measured(),
                finding.least(),
                finding.weight(),
                100 * finding.share(),
                Json.write(finding.failing()));
          }
          if (batch.size() > 0) {
            batch.execute();
          }
          handle.execute(
              "DELETE FROM chengmai.quality_run WHERE library = ? AND table_name = ? AND day < (CAST(? AS timestamptz) AT TIME ZONE 'UTC')::date - ?",
              library,
              table,
              at,
              KEPT_DAYS);
          handle.execute(
              "INSERT INTO chengmai.quality_look (library, table_name, at) VALUES (?, ?, ?)"
                  + " ON CONFLICT (library, table_name) DO UPDATE SET at = excluded.at",
              library,
              table,
              at);
        });
  }

  /** When each table was looked at last, by its name in SQL. */
  Map<String, Instant> looks() {
    Map<String, Instant> looks = new HashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery("SELECT library, table_name, at FROM chengmai.quality_look")
                .map(
                    (row, context) ->
                        Map.entry(
                            row.getString(1) + "." + row.getString(2),
                            row.getTimestamp(3).toInstant()))
                .forEach(one -> looks.put(one.getKey(), one.getValue())));
    return looks;
  }

  /**
   * What was found in the rows of some days, both ends included, in order of table, rule and day.
   */
  public List<Run> between(LocalDate from, LocalDate to) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT library, table_name, department, at, rule, day, rows, failed, measured, least, weight, failing::text"
                        + " FROM chengmai.quality_run WHERE day BETWEEN :from AND :to ORDER BY library, table_name, rule, day")
                .bind("from", Date.valueOf(from))
                .bind("to", Date.valueOf(to))
                .map(
                    (row, context) ->
                        new Run(
                            row.getString(1) + "." + row.getString(2),
                            row.getString(3),
                            row.getTimestamp(4).toInstant(),
                            new TableFinding(
                                row.getString(5),
                                row.getDate(6).toLocalDate(),
                                row.getLong(7),
                                row.getLong(8),
                                row.getDouble(9),
                                row.getDouble(10),
                                row.getDouble(11),
                                keys(row.getString(12)))))
                .list());
  }

  /** The keys of failing rows from their JSON. */
  static List<Map<String, String>> keys(String json) {
    try {
      return Json.mapper().readValue(json, new TypeReference<>() {});
    } catch (IOException e) {
      throw new UncheckedIOException("failing rows that were kept cannot be read", e);
    }
  }
}
