package org.chengmai.engine.ingest;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.chengmai.connectors.feed.SeriesLookup;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Series;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * The registered series: durable in PostgreSQL, with a copy in memory for the hot path. Safe for
 * several threads.
 */
public final class SeriesRegistry implements SeriesLookup {
  private final Jdbi jdbi;
  private final Map<String, SeriesRecords> series = new ConcurrentHashMap<>();

  public SeriesRegistry(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Reads all series from PostgreSQL into memory; call once at start, and again when another engine
   * registers.
   */
  public void load() {
    List<Series> all =
        database(
            () ->
                jdbi.withHandle(
                    handle ->
                        handle
                            .createQuery(
                                "SELECT id, measure, region, unit, min, max FROM chengmai.series")
                            .map(
                                (row, context) ->
                                    new Series(
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getString(4),
                                        row.getDouble(5),
                                        row.getDouble(6)))
                            .list()));
    all.forEach(one -> series.put(one.id(), new SeriesRecords(one)));
  }

  /**
   * Registers series or replaces those with the same id; in use when this returns. Answers how
   * many.
   */
  public int register(Collection<Series> added) {
    // The last one wins: one statement cannot touch a row twice.
    Map<String, Series> unique = new TreeMap<>();
    added.forEach(one -> unique.put(one.id(), one));
    List<Series> rows = List.copyOf(unique.values());
    if (rows.isEmpty()) {
      return 0;
    }
    database(
        () ->
            jdbi.inTransaction(
                handle ->
                    handle
                        .createUpdate(
                            """
                            INSERT INTO chengmai.series (id, measure, region, unit, min, max)
                            SELECT * FROM unnest(:id::text[], :measure::text[], :region::text[], :unit::text[],
                                                 :min::float8[], :max::float8[])
                            ON CONFLICT (id) DO UPDATE SET measure = excluded.measure, region = excluded.region,
                              unit = excluded.unit, min = excluded.min, max = excluded.max, changed_at = now()
                            """)
                        .bindArray("id", String.class, rows.stream().map(Series::id).toList())
                        .bindArray(
                            "measure", String.class, rows.stream().map(Series::measure).toList())
                        .bindArray(
                            "region", String.class, rows.stream().map(Series::region).toList())
                        .bindArray("unit", String.class, rows.stream().map(Series::unit).toList())
                        .bindArray("min", Double.class, rows.stream().map(Series::min).toList())
                        .bindArray("max", Double.class, rows.stream().map(Series::max).toList())
                        .execute()));
    rows.forEach(one -> series.put(one.id(), new SeriesRecords(one)));
    return rows.size();
  }

  @Override
  public @Nullable Series find(String id) {
    SeriesRecords found = series.get(id);
    return found == null ? null : found.series();
  }

  /** All registered series, by id. */
  public List<Series> list() {
    return series.values().stream()
        .map(SeriesRecords::series)
        .sorted((a, b) -> a.id().compareTo(b.id()))
        .toList();
  }

  @Nullable SeriesRecords records(String id) {
    return series.get(id);
  }

  static <T> T database(Supplier<T> work) {
    try {
      return work.get();
    } catch (JdbiException e) {
      throw new ChengmaiException(ErrorCode.UNAVAILABLE, "PostgreSQL: " + e.getMessage(), e);
    }
  }
}
