package org.chengmai.engine.sql;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.indicators.Table;

/** A query ready to run, any number of times. Immutable. */
sealed interface Plan permits FederatedPlan, TopRowsPlan, EnumerablePlan {
  List<Table.Column> columns();

  /** The columns with their exact types, as clients see them. */
  Schema shape();

  /** Calcite's type of each column. */
  List<SqlTypeName> types();

  /** Whether it holds the moment of its query. */
  boolean usesClock();

  /** With values in place of its parameters. */
  Plan bound(List<RexLiteral> values);

  /** The SQL that each source gets. */
  List<Question> questions();

  /** The libraries that it asks, in order of the alphabet. */
  default List<String> libraries() {
    return questions().stream().map(Question::library).distinct().sorted().toList();
  }

  /** The plan as text. */
  String explain();

  /** Its steps, none of which has run; none where Calcite's engine runs it. */
  List<StepReport> report();

  /** A line for EXPLAIN about the plan as a whole; may be empty. */
  default String remark() {
    return "";
  }

  /**
   * What one source computes.
   *
   * @param sql in its dialect
   * @param connections how many it would use
   */
  record Question(String library, String sql, int connections) {}
}
