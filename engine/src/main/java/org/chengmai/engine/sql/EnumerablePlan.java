package org.chengmai.engine.sql;

import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.indicators.Table;

/**
 * A query that Calcite's generated code runs, row by row: for tables of the engine and the few
 * operators that DuckDB lacks, and as the oracle of tests.
 *
 * @param parameters what the generated code finds in its context
 * @param tree the physical plan as text
 * @param reason why it is not federated
 */
record EnumerablePlan(
    List<Table.Column> columns,
    Schema shape,
    List<SqlTypeName> types,
    Bindable<?> bindable,
    Map<String, Object> parameters,
    List<Question> questions,
    String tree,
    String reason,
    boolean usesClock)
    implements Plan {

  /** It has none: its literals are in its code. */
  @Override
  public EnumerablePlan bound(List<RexLiteral> values) {
    return this;
  }

  @Override
  public List<StepReport> report() {
    return List.of();
  }

  @Override
  public String explain() {
    StringBuilder text =
        new StringBuilder(reason.isEmpty() ? "" : "-- row by row: " + reason + "\n");
    text.append(tree.stripTrailing()).append('\n');
    for (Question question : questions) {
      text.append("\n-- ")
          .append(question.library())
          .append('\n')
          .append(question.sql())
          .append('\n');
    }
    return text.toString();
  }
}
