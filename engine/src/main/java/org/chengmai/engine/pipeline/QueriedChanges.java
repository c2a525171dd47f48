package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.chengmai.engine.pipeline.IndicatorScheduler.Window;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.QueryRunner;
import org.chengmai.indicators.definition.ChangeQuery;

/** Asks a group's tables which rows changed, through the federated engine. */
final class QueriedChanges implements SourceChanges {
  private final ChangeQuery query;
  private final QueryRunner sql;
  private final Principal principal;

  QueriedChanges(ChangeQuery query, QueryRunner sql, Principal principal) {
    this.query = query;
    this.sql = sql;
    this.principal = principal;
  }

  @Override
  public Optional<Instant> newest() {
    return sql.query(principal, query.newest()).rows().stream()
        .map(row -> row.get(0))
        .filter(Instant.class::isInstance)
        .map(Instant.class::cast)
        .findFirst();
  }

  @Override
  public List<Window> since(Instant seen, Instant from, Instant to) {
    return query
        .periods(seen, from, to)
        .map(
            asked ->
                query.read(sql.query(principal, asked)).stream()
                    .map(stretch -> new Window(stretch.from(), stretch.to()))
                    .toList())
        .orElse(List.of(new Window(from, to)));
  }
}
