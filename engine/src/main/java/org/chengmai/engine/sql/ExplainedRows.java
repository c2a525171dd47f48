package org.chengmai.engine.sql;

import java.util.Iterator;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/** A plan as lines of text; where it is to be analyzed, it runs before the first line. */
final class ExplainedRows implements PlannedRows {
  private final Plan plan;
  private final @Nullable PlannedRows run;
  private final boolean isJson;
  private final double planningMillis;
  private @Nullable Iterator<String> lines;

  /**
   * @param run what is analyzed; null for a plan that does not run
   */
  ExplainedRows(Plan plan, @Nullable PlannedRows run, boolean isJson, double planningMillis) {
    this.plan = plan;
    this.run = run;
    this.isJson = isJson;
    this.planningMillis = planningMillis;
  }

  @Override
  public Plan plan() {
    return plan;
  }

  @Override
  public List<StepReport> report() {
    return run == null ? plan.report() : run.report();
  }

  @Override
  public QueryReport moved() {
    return run == null ? QueryReport.NOTHING : run.moved();
  }

  @Override
  public List<Table.Column> columns() {
    return Explain.COLUMNS;
  }

  @Override
  public Schema shape() {
    return ClientTypes.named(Explain.COLUMNS);
  }

  private Iterator<String> lines() {
    Iterator<String> known = lines;
    if (known == null) {
      while (run != null && run.hasNext()) {
        run.next();
      }
      known =
          isJson && !(plan instanceof EnumerablePlan)
              ? List.of(StepReport.json(report(), planningMillis)).iterator()
              : explained(planningMillis).lines().iterator();
      lines = known;
    }
    return known;
  }

  @Override
  public boolean hasNext() {
    return lines().hasNext();
  }

  @Override
  public List<@Nullable Object> next() {
    return List.of(lines().next());
  }

  @Override
  public void cancel() {
    if (run != null) {
      run.cancel();
    }
  }

  @Override
  public void close() {
    if (run != null) {
      run.close();
    }
  }
}
