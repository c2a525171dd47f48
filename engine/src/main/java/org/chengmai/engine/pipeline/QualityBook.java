package org.chengmai.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.quality.Finding;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * What quality rules found wrong, in PostgreSQL for 90 days. Safe for several threads; what was
 * read is at most {@value #MOST_READ} findings, what is kept of one finding {@value #MOST_ROWS}
 * rows.
 */
public final class QualityBook implements FindingLog {
  private static final Duration KEPT = Duration.ofDays(90);
  private static final Duration PRUNE_EVERY = Duration.ofHours(1);
  private static final int MOST_ROWS = 200;
  private static final int MOST_READ = 10_000;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private volatile Instant prunedAt = Instant.MIN;

  public QualityBook(DataSource database, InstantSource clock) {
    this.jdbi = Jdbi.create(database);
    this.clock = clock;
  }

  /**
   * A failed finding as it was kept.
   *
   * @param measured what the rule measured, in the unit of the bound; lengths of time in seconds
   */
  public record Kept(
      SeriesKey key,
      Instant periodStart,
      String rule,
      double measured,
      double bound,
      Detail detail) {}

  /**
   * Which values failed and why.
   *
   * @param rows the newest of those that failed, oldest first
   * @param count how many there were
   */
  public record Detail(List<Row> rows, int count, Reasons reasons) {}

  /** A value's place: the text of its series' key, and the start of its period. */
  public record Row(String series, Instant periodStart) {}

  @Override
  public void keep(Set<String> codes, Instant from, Instant to, List<Finding> failed) {
    Instant now = clock.instant();
    Instant oldest = now.minus(KEPT);
    if (codes.isEmpty() || !to.isAfter(oldest)) {
      return;
    }
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(
                  "DELETE FROM chengmai.quality_finding WHERE code IN (<codes>)"
                      + " AND period_start >= :from AND period_start < :to")
              .bindList("codes", List.copyOf(codes))
              .bind("from", from)
              .bind("to", to)
              .execute();
          PreparedBatch batch =
              handle.prepareBatch(
                  "INSERT INTO chengmai.quality_finding (code, region, dimensions, period_start, rule, measured, bound, detail)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb) ON CONFLICT DO NOTHING");
          for (Finding finding : failed) {
            SeriesKey key = finding.value().key();
            if (!finding.value().period().isBefore(oldest)) {
              batch.add(
                  key.code(),
                  key.region(),
                  key.dimensionText(),
                  finding.value().period(),
                  finding.rule(),
                  finding.measured(),
                  finding.bound(),
                  Json.write(detail(finding)));
            }
          }
          if (batch.size() > 0) {
            batch.execute();
          }
        });
    if (!now.isBefore(prunedAt.plus(PRUNE_EVERY))) {
      prunedAt = now;
      jdbi.useHandle(
          handle ->
              handle.execute(
                  "DELETE FROM chengmai.quality_finding WHERE period_start < ?", oldest));
    }
  }

  private static Detail detail(Finding finding) {
    List<Finding.Row> rows = finding.failing();
    return new Detail(
        rows.subList(Math.max(0, rows.size() - MOST_ROWS), rows.size()).stream()
            .map(row -> new Row(row.key().toString(), row.period()))
            .toList(),
        rows.size(),
        finding.reasons());
  }

  /**
   * What failed in an indicator's periods with {@code from <= start < to}, oldest first.
   *
   * @param region null for all
   */
  public List<Kept> find(String code, @Nullable String region, Instant from, Instant to) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT region, dimensions, period_start, rule, measured, bound, detail::text FROM chengmai.quality_finding"
                        + " WHERE code = :code AND period_start >= :from AND period_start < :to"
                        + (region == null ? "" : " AND region = :region")
                        + " ORDER BY period_start, region, dimensions, rule LIMIT "
                        + MOST_READ)
                .bind("code", code)
                .bind("from", from)
                .bind("to", to)
                .bindMap(region == null ? Map.of() : Map.of("region", region))
                .map(
                    (row, context) ->
                        new Kept(
                            new SeriesKey(
                                code,
                                row.getString(1),
                                SeriesKey.parseDimensions(row.getString(2))),
                            row.getTimestamp(3).toInstant(),
                            row.getString(4),
                            row.getDouble(5),
                            row.getDouble(6),
                            Json.read(row.getString(7), Detail.class)))
                .list());
  }
}
