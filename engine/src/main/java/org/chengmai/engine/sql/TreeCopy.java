package org.chengmai.engine.sql;

import java.util.Objects;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** A copy of a parse tree with some of its nodes replaced, hints and kinds of joins kept. */
abstract class TreeCopy extends SqlShuttle {
  /** Of a join's operands. */
  static final int JOIN_CONDITION = 5;

  /** What stands in place of an operand; by default its copy. */
  @Nullable SqlNode operand(SqlCall parent, int index, @Nullable SqlNode operand) {
    return operand == null ? null : operand.accept(this);
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call instanceof SqlSelect select) {
      SqlSelect copy = (SqlSelect) select.clone(select.getParserPosition());
      for (int i = 0; i < select.getOperandList().size(); i++) {
        SqlNode operand = select.getOperandList().get(i);
        SqlNode replaced = operand(select, i, operand);
        if (replaced != operand) {
          copy.setOperand(i, replaced);
        }
      }
      return copy;
    }
    if (call instanceof SqlJoin join) {
      SqlJoin copy = (SqlJoin) join.clone(join.getParserPosition());
      copy.setLeft(Objects.requireNonNull(operand(join, 0, join.getLeft())));
      copy.setRight(Objects.requireNonNull(operand(join, 3, join.getRight())));
      copy.setOperand(JOIN_CONDITION, operand(join, JOIN_CONDITION, join.getCondition()));
      return copy;
    }
    if (call instanceof SqlOrderBy ordered) {
      return new SqlOrderBy(
          ordered.getParserPosition(),
          Objects.requireNonNull(operand(ordered, 0, ordered.query)),
          (SqlNodeList) Objects.requireNonNull(operand(ordered, 1, ordered.orderList)),
          operand(ordered, 2, ordered.offset),
          operand(ordered, 3, ordered.fetch));
    }
    return super.visit(call);
  }
}
