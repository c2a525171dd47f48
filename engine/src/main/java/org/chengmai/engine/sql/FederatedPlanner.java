package org.chengmai.engine.sql;

import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.util.Pair;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.arrow.ArrowTypes;

/** Plans a relation for its sources and DuckDB, or for Trino. Used for one query. */
final class FederatedPlanner {
  private static final Optimizer OPTIMIZER = new Optimizer();

  private final RelRoot root;
  private final Map<String, Source> sources;
  private final Estimates estimates;
  private final Execution execution;
  private final boolean usesClock;

  FederatedPlanner(
      RelRoot root,
      Map<String, Source> sources,
      Estimates estimates,
      Execution execution,
      boolean usesClock) {
    this.root = root;
    this.sources = sources;
    this.estimates = estimates;
    this.execution = execution;
    this.usesClock = usesClock;
  }

  /**
   * @throws Cut.Impossible when an operator runs neither in a source nor in DuckDB
   */
  Plan plan() {
    RelNode best = optimized();
    String refusal = "";
    if (execution instanceof TrinoCluster trino) {
      refusal = trino.refusal(best);
      if (refusal.isEmpty()) {
        return plan(trino.ask(best, estimates), "");
      }
    }
    String remark = refusal.isEmpty() ? "" : "-- not on Trino: " + refusal + "\n";
    FederatedPlan all = cut(best, "", remark);
    TopRows.Attempt attempt =
        execution == Execution.BARE_TABLES ? null : TopRows.of(best, estimates);
    return attempt == null
        ? all
        : new TopRowsPlan(cut(attempt.rel(), TopRowsPlan.PREFIX, remark), all, attempt.enough());
  }

  private RelNode optimized() {
    try {
      return OPTIMIZER.apply(root.rel, estimates, PartialAggregates.When.of(execution));
    } catch (AssertionError e) {
      throw new Cut.Impossible("Calcite's rules fail at it: " + e.getMessage());
    }
  }

  private FederatedPlan cut(RelNode rel, String prefix, String remark) {
    return plan(
        new Cut(sources, estimates, prefix, execution == Execution.BARE_TABLES).apply(rel), remark);
  }

  private FederatedPlan plan(List<FederatedPlan.Step> steps, String remark) {
    return new FederatedPlan(
        QueryPlanner.columns(root.validatedRowType),
        ArrowTypes.shown(root.validatedRowType),
        QueryPlanner.types(root.validatedRowType),
        List.copyOf(Pair.left(root.fields)),
        steps,
        usesClock,
        remark);
  }
}
