package org.chengmai.engine.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/** One run of a {@link TopRowsPlan}: holds the few rows of the attempt, or reads all. */
final class TopRowsRun implements FederatedRows {
  private final TopRowsPlan plan;
  private final Function<FederatedPlan, FederatedRows> runs;
  private final Runnable onClose;
  private volatile FederatedRows run;
  private volatile @Nullable Runnable end;
  private @Nullable Iterator<List<@Nullable Object>> rows;

  /**
   * @param runs starts a run of one of the two plans
   */
  TopRowsRun(TopRowsPlan plan, Function<FederatedPlan, FederatedRows> runs, Runnable onClose) {
    this.plan = plan;
    this.runs = runs;
    this.onClose = onClose;
    this.run = runs.apply(plan.attempt());
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
        known = all();
      }
      rows = known;
    }
    return known;
  }

  private FederatedRows all() {
    FederatedRows all = runs.apply(plan.all());
    run = all;
    Runnable known = end;
    if (known != null) {
      known.run();
    }
    return all;
  }

  @Override
  public void cancel() {
    end = () -> run.cancel();
    run.cancel();
  }

  @Override
  public void expire(Duration time) {
    end = () -> run.expire(time);
    run.expire(time);
  }

  @Override
  public void close() {
    try {
      run.close();
    } finally {
      onClose.run();
    }
  }
}
