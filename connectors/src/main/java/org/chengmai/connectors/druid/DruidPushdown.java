package org.chengmai.connectors.druid;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.chengmai.connectors.pushdown.Pushdown;

/**
 * What Druid takes: filters, projections, aggregates, limits; it orders groups by anything but rows
 * by time only, and its joins stay with us.
 */
final class DruidPushdown extends Pushdown {
  @Override
  protected boolean joins(Join join) {
    return false;
  }

  @Override
  protected boolean setOperations() {
    return false;
  }

  @Override
  protected boolean floors(RexCall timeFloor) {
    return timeFloor.getOperands().stream().skip(1).allMatch(RexLiteral.class::isInstance);
  }

  @Override
  protected boolean aggregates(AggregateCall call) {
    return (super.aggregates(call) || call.getAggregation().getKind() == SqlKind.ARG_MAX)
        && !isLeastOrGreatestText(call)
        && (!call.isDistinct() || call.getArgList().size() == 1);
  }

  /** Of texts Druid knows no least and no greatest. */
  private static boolean isLeastOrGreatestText(AggregateCall call) {
    SqlKind kind = call.getAggregation().getKind();
    return (kind == SqlKind.MIN || kind == SqlKind.MAX) && SqlTypeUtil.inCharFamily(call.getType());
  }

  @Override
  protected boolean sorts(Sort sort) {
    if (sort.getCollation().getFieldCollations().isEmpty()) {
      return true;
    }
    RelNode input = original(sort.getInput());
    while (input instanceof Project || input instanceof Filter) {
      input = original(input.getInput(0));
    }
    if (input instanceof Aggregate) {
      return true;
    }
    return sort.fetch != null
        && sort.getCollation().getFieldCollations().size() == 1
        && isTime(sort, sort.getCollation().getFieldCollations().get(0).getFieldIndex());
  }

  private static boolean isTime(Sort sort, int index) {
    RelNode input = original(sort.getInput());
    int column = index;
    while (input instanceof Project || input instanceof Filter) {
      if (input instanceof Project project) {
        if (!(project.getProjects().get(column) instanceof RexInputRef reference)) {
          return false;
        }
        column = reference.getIndex();
      }
      input = original(input.getInput(0));
    }
    return input instanceof TableScan
        && input.getRowType().getFieldNames().get(column).equals("__time");
  }
}
