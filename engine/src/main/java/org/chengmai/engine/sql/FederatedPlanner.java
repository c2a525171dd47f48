package org.chengmai.engine.sql;

import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.util.Pair;
import org.chengmai.connectors.Source;

/** Plans a relation for its sources and DuckDB. Used for one query. */
final class FederatedPlanner {
  private static final Optimizer OPTIMIZER = new Optimizer();

  private final RelRoot root;
  private final Map<String, Source> sources;
  private final Estimates estimates;
  private final boolean isBare;
  private final boolean usesClock;

  /**
   * @param isBare whether sources give their tables only
   */
  FederatedPlanner(
      RelRoot root,
      Map<String, Source> sources,
      Estimates estimates,
      boolean isBare,
      boolean usesClock) {
    this.root = root;
    this.sources = sources;
    this.estimates = estimates;
    this.isBare = isBare;
    this.usesClock = usesClock;
  }

  /**
   * @throws Cut.Impossible when an operator runs neither in a source nor in DuckDB
   */
  Plan plan() {
    RelNode best = OPTIMIZER.apply(root.rel, estimates);
    FederatedPlan all = cut(best, "");
    TopRows.Attempt attempt = isBare ? null : TopRows.of(best, estimates);
    return attempt == null
        ? all
        : new TopRowsPlan(cut(attempt.rel(), TopRowsPlan.PREFIX), all, attempt.enough());
  }

  private FederatedPlan cut(RelNode rel, String prefix) {
    return new FederatedPlan(
        QueryPlanner.columns(root.validatedRowType),
        QueryPlanner.types(root.validatedRowType),
        List.copyOf(Pair.left(root.fields)),
        new Cut(sources, estimates, prefix, isBare).apply(rel),
        usesClock);
  }
}
