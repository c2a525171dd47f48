package org.chengmai.indicators.definition;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.catalog.DataCatalogue.Entry;

/**
 * Asks the tables of a group for rows that were written or changed: {@code updated_at} of the
 * catalogue names the column that says so. Immutable.
 */
public final class ChangeQuery {
  /** Rows of a transaction that was slow to commit are older than what was seen meanwhile. */
  private static final Duration OVERLAP = Duration.ofMinutes(1);

  private final IndicatorGroup.Key key;
  private final List<Entry> tables;

  /** Times whose values may be others, {@code from} included, {@code to} not. */
  public record Stretch(Instant from, Instant to) {}

  ChangeQuery(IndicatorGroup.Key key, List<Entry> tables) {
    this.key = key;
    this.tables = tables;
  }

  /** One row with one column: when a row of any table last changed; null without rows. */
  public String newest() {
    return tables.stream()
        .map(
            entry ->
                "SELECT MAX(%s) AS changed FROM %s"
                    .formatted(entry.table().updatedAt(), entry.sqlName()))
        .collect(
            Collectors.joining(
                " UNION ALL ", "SELECT MAX(changed) AS changed FROM (", ") AS tables"));
  }

  /**
   * Asks for the periods, within {@code from <= t < to}, of rows that changed since a time; empty
   * where {@code from} joins tables, so that a row's period cannot be told.
   */
  public Optional<String> periods(Instant seen, Instant from, Instant to) {
    Entry table = tables.get(0);
    if (tables.size() > 1 || !table.sqlName().equalsIgnoreCase(key.from())) {
      return Optional.empty();
    }
    String period = "TIME_FLOOR(%s, '%s', '%s')".formatted(key.time(), key.grain(), key.zone());
    return Optional.of(
        "SELECT %s AS period_start FROM %s WHERE %s > %s AND %s >= %s AND %s < %s GROUP BY %s"
            .formatted(
                period,
                key.from(),
                table.table().updatedAt(),
                IndicatorGroup.timestamp(seen.minus(OVERLAP)),
                key.time(),
                IndicatorGroup.timestamp(from),
                key.time(),
                IndicatorGroup.timestamp(to),
                period));
  }

  /** What the answer of {@link #periods} says: to the end of the year or month if that adds up. */
  public List<Stretch> read(Table periods) {
    int column = periods.index("period_start");
    Grain lasting = key.since() == null ? key.grain() : key.since();
    return periods.rows().stream()
        .map(row -> row.get(column))
        .filter(Instant.class::isInstance)
        .map(Instant.class::cast)
        .map(start -> new Stretch(start, lasting.end(lasting.floor(start, key.zone()), key.zone())))
        .toList();
  }
}
