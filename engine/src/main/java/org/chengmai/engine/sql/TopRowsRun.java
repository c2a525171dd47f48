package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/** One run of a {@link TopRowsPlan}: holds the few rows of the attempt, or reads all. */
final class TopRowsRun implements FederatedRows {
  private final TopRowsPlan plan;
  private final Function<FederatedPlan, FederatedRun> runs;
  private volatile FederatedRun run;
  private @Nullable Iterator<List<@Nullable Object>> rows;

  /**
   * @param runs starts a run of one of the two plans; both end for the same reasons
   */
  TopRowsRun(TopRowsPlan plan, Function<FederatedPlan, FederatedRun> runs) {
    this.plan = plan;
    this.runs = runs;
    this.run = runs.apply(plan.attempt());
  }

  @Override
  public TopRowsPlan plan() {
    return plan;
  }

  @Override
  public List<Table.Column> columns() {
    return plan.columns();
  }

  @Override
  public List<StepReport> report() {
    return run.report();
  }

  @Override
  public List<RunningQuery.Step> progress() {
    return run.progress();
  }

  @Override
  public QueryReport moved() {
    return run.moved();
  }

  @Override
  public boolean hasNext() {
    return rows().hasNext();
  }

  @Override
  public List<@Nullable Object> next() {
    return rows().next();
  }

  private Iterator<List<@Nullable Object>> rows() {
    Iterator<List<@Nullable Object>> known = rows;
    if (known == null) {
      List<List<@Nullable Object>> held = new ArrayList<>();
      run.forEachRemaining(held::add);
      known = held.iterator();
      if (held.size() < plan.enough()) {
        run.close();
        run = runs.apply(plan.all());
        known = run;
      }
      rows = known;
    }
    return known;
  }

  @Override
  public void cancel() {
    run.cancel();
  }

  @Override
  public void close() {
    run.close();
  }
}
