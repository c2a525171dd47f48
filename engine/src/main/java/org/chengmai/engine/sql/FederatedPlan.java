package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.indicators.Table;

/**
 * What is done for a query, in order; the last step's rows are the result.
 *
 * @param outputs which of the last step's columns are the result's; others are there for the order
 * @param steps each reads only what comes before it
 * @param remark why it runs in another way than configured, as lines of EXPLAIN; empty when it does
 *     not
 */
record FederatedPlan(
    List<Table.Column> columns,
    Schema shape,
    List<SqlTypeName> types,
    List<Integer> outputs,
    List<Step> steps,
    boolean usesClock,
    String remark)
    implements Plan {

  /** One step; its rows have a name by which later ones read them. */
  sealed interface Step permits Fragment, Residual {
    String name();

    String sql();

    double estimatedRows();

    Reads reads();

    /** With values in place of the parameters. */
    Step bound(List<RexLiteral> values);
  }

  /** DuckDB computes from the rows of earlier steps. */
  record Residual(String name, String sql, double estimatedRows, Reads reads) implements Step {
    @Override
    public Step bound(List<RexLiteral> values) {
      return new Residual(
          name, Parameters.bind(sql, ResidualSql.DIALECT, values), estimatedRows, reads);
    }
  }

  @Override
  public FederatedPlan bound(List<RexLiteral> values) {
    return new FederatedPlan(
        columns,
        shape,
        types,
        outputs,
        steps.stream().map(step -> step.bound(values)).toList(),
        usesClock,
        remark);
  }

  @Override
  public List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Fragment fragment) {
        questions.add(
            new Question(fragment.source().library(), fragment.sql(), fragment.connections()));
      }
    }
    return questions;
  }

  @Override
  public List<StepReport> report() {
    return steps.stream().map(step -> new StepReport(step, null)).toList();
  }

  @Override
  public String explain() {
    return report().stream().map(StepReport::text).collect(Collectors.joining("\n", remark, ""));
  }
}
