package org.chengmai.engine.sql;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.SqlDialect;
import org.chengmai.connectors.Source;
import org.jspecify.annotations.Nullable;

/**
 * What one source computes. Immutable.
 *
 * @param name the name of its rows in the residual
 * @param sql in the source's dialect
 * @param shape the columns of its rows
 * @param estimatedRows without the keys of a bind join
 * @param binding whose keys are sent along, null when it is asked for all
 * @param connections by how many its rows come, where there are so many
 * @param snapshots what EXPLAIN tells of the snapshots that it reads; empty when it reads none
 * @param reads its tables, and the step whose keys are sent along
 */
record Fragment(
    String name,
    Source source,
    SqlDialect dialect,
    String sql,
    Schema shape,
    double estimatedRows,
    @Nullable Binding binding,
    int connections,
    String snapshots,
    Reads reads)
    implements FederatedPlan.Step {

  @Override
  public Fragment bound(List<RexLiteral> values) {
    return new Fragment(
        name,
        source,
        dialect,
        Parameters.bind(sql, dialect, values),
        shape,
        estimatedRows,
        binding,
        connections,
        snapshots,
        reads);
  }

  /**
   * A bind join (semi-join reduction): the rows of an earlier step are there first, and only rows
   * with their keys are asked for.
   *
   * @param step the step whose keys are taken
   * @param stepColumns its key columns
   * @param columns the fragment's, in the same order
   * @param maxKeys with more keys the fragment is asked for all its rows
   * @param estimatedKeys how many are expected
   */
  record Binding(
      String step,
      List<String> stepColumns,
      List<Integer> columns,
      int maxKeys,
      double estimatedKeys) {}

  /** Whether another asks the same source for the same rows. */
  boolean hasRowsOf(Fragment other) {
    return source == other.source
        && sql.equals(other.sql)
        && binding == null
        && other.binding == null;
  }

  Fragment named(String other) {
    return new Fragment(
        other, source, dialect, sql, shape, estimatedRows, binding, connections, snapshots, reads);
  }
}
