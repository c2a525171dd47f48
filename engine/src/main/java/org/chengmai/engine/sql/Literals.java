package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/**
 * A query whose conditions compare with parameters where its text has literals, so that queries
 * which differ only in these share a plan. Immutable.
 *
 * @param query with {@code CAST(? AS type)} in place of each literal
 * @param values the literals in order
 */
record Literals(SqlNode query, List<RexLiteral> values) {
  static final RexBuilder BUILDER = new RexBuilder(QueryPlanner.TYPES);

  static Literals of(SqlNode query) {
    Shuttle shuttle = new Shuttle();
    SqlNode replaced = Objects.requireNonNull(query.accept(shuttle));
    return new Literals(replaced, List.copyOf(shuttle.values));
  }

  private static final class Shuttle extends TreeCopy {
    private final List<RexLiteral> values = new ArrayList<>();

    @Override
    @Nullable SqlNode operand(SqlCall parent, int index, @Nullable SqlNode operand) {
      boolean isCondition =
          parent instanceof SqlSelect
              ? index == SqlSelect.WHERE_OPERAND || index == SqlSelect.HAVING_OPERAND
              : parent instanceof SqlJoin && index == JOIN_CONDITION;
      return isCondition ? condition(operand) : accept(operand);
    }

    private @Nullable SqlNode accept(@Nullable SqlNode node) {
      return node == null ? null : node.accept(this);
    }

    private @Nullable SqlNode condition(@Nullable SqlNode node) {
      if (!(node instanceof SqlCall call)) {
        return accept(node);
      }
      return switch (call.getKind()) {
        case AND, OR, NOT ->
            copy(call, call.getOperandList().stream().map(this::condition).toList());
        case EQUALS,
            NOT_EQUALS,
            LESS_THAN,
            LESS_THAN_OR_EQUAL,
            GREATER_THAN,
            GREATER_THAN_OR_EQUAL,
            BETWEEN ->
            copy(call, compared(call.getOperandList()));
        default -> accept(call);
      };
    }

    private static SqlNode copy(SqlCall call, List<@Nullable SqlNode> operands) {
      return call.getOperator().createCall(call.getParserPosition(), operands);
    }

    private List<@Nullable SqlNode> compared(List<SqlNode> operands) {
      List<@Nullable SqlNode> replaced = new ArrayList<>();
      boolean isConstant = operands.stream().allMatch(SqlLiteral.class::isInstance);
      for (SqlNode operand : operands) {
        RexLiteral value =
            isConstant || !(operand instanceof SqlLiteral literal) ? null : value(literal);
        replaced.add(value == null ? accept(operand) : parameter(value, operand));
      }
      return replaced;
    }

    private SqlNode parameter(RexLiteral value, SqlNode old) {
      values.add(value);
      RelDataType type = value.getType();
      SqlParserPos place = old.getParserPosition();
      return SqlStdOperatorTable.CAST.createCall(
          place,
          new SqlDynamicParam(values.size() - 1, place),
          new SqlDataTypeSpec(
              type.getSqlTypeName() == SqlTypeName.DECIMAL
                  ? new SqlBasicTypeNameSpec(
                      SqlTypeName.DECIMAL, type.getPrecision(), type.getScale(), place)
                  : type.getSqlTypeName().allowsPrec()
                      ? new SqlBasicTypeNameSpec(type.getSqlTypeName(), type.getPrecision(), place)
                      : new SqlBasicTypeNameSpec(type.getSqlTypeName(), place),
              place));
    }
  }

  /** Null for literals that stay where they are. */
  private static @Nullable RexLiteral value(SqlLiteral literal) {
    return switch (literal.getTypeName()) {
      case DECIMAL ->
          BUILDER.makeExactLiteral(
              literal.getValueAs(BigDecimal.class), literal.createSqlType(QueryPlanner.TYPES));
      case CHAR -> {
        NlsString text = literal.getValueAs(NlsString.class);
        yield text.getCharsetName() == null && !text.getValue().isEmpty()
            ? BUILDER.makeCharLiteral(text)
            : null;
      }
      case UNKNOWN -> literal instanceof SqlUnknownLiteral time ? time(time) : null;
      default -> null;
    };
  }

  private static @Nullable RexLiteral time(SqlUnknownLiteral literal) {
    try {
      return switch (literal.tag) {
        case "DATE" ->
            BUILDER.makeDateLiteral(literal.resolve(SqlTypeName.DATE).getValueAs(DateString.class));
        case "TIMESTAMP" -> {
          SqlLiteral time = literal.resolve(SqlTypeName.TIMESTAMP);
          yield BUILDER.makeTimestampLiteral(
              time.getValueAs(TimestampString.class),
              time.createSqlType(QueryPlanner.TYPES).getPrecision());
        }
        default -> null;
      };
    } catch (CalciteException e) {
      // the validator says what is wrong with it
      return null;
    }
  }
}
