package org.chengmai.engine.sql;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;

/**
 * Where the residual reads rows that were computed elsewhere: by a source, or by an earlier step.
 * Immutable.
 */
final class FragmentScan extends AbstractRelNode {
  private final String name;
  private final RelNode computed;
  private final double estimatedRows;

  /**
   * @param name the name under which the rows are registered in DuckDB
   * @param computed what computes the rows
   */
  FragmentScan(RelOptCluster cluster, String name, RelNode computed, double estimatedRows) {
    super(cluster, RelTraitSet.createEmpty().plus(org.apache.calcite.plan.Convention.NONE));
    this.name = name;
    this.computed = computed;
    this.estimatedRows = estimatedRows;
    this.rowType = computed.getRowType();
  }

  String name() {
    return name;
  }

  RelNode computed() {
    return computed;
  }

  double estimatedRows() {
    return estimatedRows;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return this;
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("name", name);
  }
}
