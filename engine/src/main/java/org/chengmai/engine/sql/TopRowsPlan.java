package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.indicators.Table;

/**
 * A plan that looks at the first rows of one side of a join only, and the plan for all of them, in
 * case the join leaves too few. Immutable.
 *
 * @param enough how many rows of {@code attempt} are the result
 */
record TopRowsPlan(FederatedPlan attempt, FederatedPlan all, long enough) implements Plan {
  /** Before the names of the attempt's steps. */
  static final String PREFIX = "top_";

  @Override
  public List<Table.Column> columns() {
    return all.columns();
  }

  @Override
  public Schema shape() {
    return all.shape();
  }

  @Override
  public List<SqlTypeName> types() {
    return all.types();
  }

  @Override
  public boolean usesClock() {
    return all.usesClock();
  }

  @Override
  public TopRowsPlan bound(List<RexLiteral> values) {
    return new TopRowsPlan(attempt.bound(values), all.bound(values), enough);
  }

  @Override
  public List<Question> questions() {
    List<Question> questions = new ArrayList<>(attempt.questions());
    questions.addAll(all.questions());
    return questions;
  }

  @Override
  public List<StepReport> report() {
    List<StepReport> steps = new ArrayList<>(attempt.report());
    steps.addAll(all.report());
    return steps;
  }

  @Override
  public String explain() {
    return top() + attempt.explain() + "\n" + all.explain();
  }

  @Override
  public String remark() {
    return all.remark() + top();
  }

  private String top() {
    return "-- first rows: up to %sresult; if these are fewer than %,d, all over again for all rows\n"
        .formatted(PREFIX, enough);
  }
}
