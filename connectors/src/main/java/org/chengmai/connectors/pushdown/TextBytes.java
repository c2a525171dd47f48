package org.chengmai.connectors.pushdown;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.Sarg;
import org.chengmai.connectors.pushdown.Pushdown.Texts;

/**
 * Tells a source to compare texts by their bytes wherever its collation might decide otherwise.
 *
 * <p>Each dialect writes {@link #OPERATOR} as its binary collation. Equalities of a column with
 * literals stay beside the binary ones, because only they use an index.
 */
public final class TextBytes {
  /** A text whose comparisons are by bytes. */
  public static final SqlFunction OPERATOR =
      new SqlFunction(
          "TEXT_BYTES",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.ARG0,
          null,
          OperandTypes.CHARACTER,
          SqlFunctionCategory.STRING);

  private final Texts texts;
  private final RexBuilder builder;

  private TextBytes(Texts texts, RexBuilder builder) {
    this.texts = texts;
    this.builder = builder;
  }

  /** The relation as a source with such texts must be asked for it. */
  public static RelNode apply(RelNode rel, Texts texts) {
    if (texts == Texts.BY_BYTES) {
      return rel;
    }
    List<RelNode> inputs = rel.getInputs().stream().map(input -> apply(input, texts)).toList();
    return new TextBytes(texts, rel.getCluster().getRexBuilder())
        .top(inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs));
  }

  /** Whether the source's own collations might change this operator's result. */
  static boolean matter(RelNode rel, Texts texts) {
    return texts != Texts.BY_BYTES
        && new TextBytes(texts, rel.getCluster().getRexBuilder()).top(rel) != rel;
  }

  private RelNode top(RelNode rel) {
    if (rel instanceof Aggregate aggregate) {
      return over(rel, List.of(aggregated(aggregate)));
    }
    if (rel instanceof Sort sort) {
      Set<Integer> keys = new LinkedHashSet<>();
      for (RelFieldCollation key : sort.getCollation().getFieldCollations()) {
        keys.add(key.getFieldIndex());
      }
      return over(rel, List.of(keys));
    }
    if (rel instanceof SetOp operation) {
      boolean compares =
          texts == Texts.BY_COLLATION && !(operation.kind == SqlKind.UNION && operation.all);
      List<Set<Integer>> columns = new ArrayList<>();
      for (RelNode input : rel.getInputs()) {
        Set<Integer> all = new LinkedHashSet<>();
        for (int i = 0; compares && i < input.getRowType().getFieldCount(); i++) {
          all.add(i);
        }
        columns.add(all);
      }
      return over(rel, columns);
    }
    return rel.accept(new Expressions());
  }

  private Set<Integer> aggregated(Aggregate aggregate) {
    Set<Integer> columns = new LinkedHashSet<>();
    if (texts == Texts.BY_COLLATION) {
      columns.addAll(aggregate.getGroupSet().asList());
    }
    for (AggregateCall call : aggregate.getAggCallList()) {
      SqlKind kind = call.getAggregation().getKind();
      if (kind == SqlKind.MIN
          || kind == SqlKind.MAX
          || call.isDistinct() && texts == Texts.BY_COLLATION) {
        columns.addAll(call.getArgList());
      }
    }
    return columns;
  }

  /** The operator over inputs whose texts among these columns are compared by bytes. */
  private RelNode over(RelNode rel, List<Set<Integer>> columns) {
    List<RelNode> inputs = new ArrayList<>();
    boolean isChanged = false;
    for (int i = 0; i < columns.size(); i++) {
      RelNode input = rel.getInput(i);
      List<RexNode> fields = new ArrayList<>();
      boolean isOther = false;
      for (RelDataTypeField field : input.getRowType().getFieldList()) {
        RexNode reference = RexInputRef.of(field.getIndex(), input.getRowType());
        boolean isText = columns.get(i).contains(field.getIndex()) && isText(reference);
        isOther |= isText;
        fields.add(isText ? bytes(reference) : reference);
      }
      isChanged |= isOther;
      RelBuilder relations = RelFactories.LOGICAL_BUILDER.create(rel.getCluster(), null);
      inputs.add(
          isOther
              ? relations
                  .push(input)
                  .project(fields, input.getRowType().getFieldNames(), true)
                  .build()
              : input);
    }
    return isChanged ? rel.copy(rel.getTraitSet(), inputs) : rel;
  }

  private static boolean isText(RexNode node) {
    return SqlTypeUtil.isCharacter(node.getType()) && !isConstant(node);
  }

  private static boolean isConstant(RexNode node) {
    return node instanceof RexLiteral || node instanceof RexDynamicParam;
  }

  private RexNode bytes(RexNode text) {
    return text instanceof RexCall call && call.getOperator() == OPERATOR
        ? text
        : builder.makeCall(OPERATOR, text);
  }

  private final class Expressions extends RexShuttle {
    @Override
    public RexNode visitCall(RexCall call) {
      RexCall visited = (RexCall) super.visitCall(call);
      if (!compares(visited)) {
        return visited.getKind() == SqlKind.AND ? RexUtil.flatten(builder, visited) : visited;
      }
      List<RexNode> operands = new ArrayList<>();
      boolean isOther = false;
      for (RexNode operand : visited.getOperands()) {
        isOther |= isText(operand);
        operands.add(isText(operand) ? bytes(narrow(operand)) : operand);
      }
      if (!isOther) {
        return visited;
      }
      RexNode binary = visited.clone(visited.getType(), operands);
      return isIndexed(visited)
          ? builder.makeCall(SqlStdOperatorTable.AND, visited, binary)
          : binary;
    }

    private boolean compares(RexCall call) {
      return switch (call.getKind()) {
        case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> true;
        case EQUALS, NOT_EQUALS, IS_DISTINCT_FROM, IS_NOT_DISTINCT_FROM, LIKE ->
            texts == Texts.BY_COLLATION;
        case SEARCH -> texts == Texts.BY_COLLATION || !isPoints(call);
        default -> false;
      };
    }

    private boolean isIndexed(RexCall call) {
      return call.getOperands().get(0) instanceof RexInputRef
          && isConstant(call.getOperands().get(1))
          && (call.getKind() == SqlKind.EQUALS
              || call.getKind() == SqlKind.SEARCH && sarg(call).isPoints());
    }

    private boolean isPoints(RexCall search) {
      return sarg(search).isPoints() || sarg(search).isComplementedPoints();
    }

    private Sarg<?> sarg(RexCall search) {
      return Objects.requireNonNull(
          ((RexLiteral) search.getOperands().get(1)).getValueAs(Sarg.class));
    }

    /** Without a cast to a longer type, which hides a column from its index. */
    private RexNode narrow(RexNode text) {
      return text.getKind() == SqlKind.CAST
              && ((RexCall) text).getOperands().get(0) instanceof RexInputRef column
              && isWider(text.getType(), column.getType())
          ? column
          : text;
    }

    private boolean isWider(RelDataType to, RelDataType from) {
      return to.getSqlTypeName() == SqlTypeName.VARCHAR
          && from.getSqlTypeName() == SqlTypeName.VARCHAR
          && (to.getPrecision() < 0
              || from.getPrecision() >= 0 && to.getPrecision() >= from.getPrecision());
    }

    @Override
    protected List<RexFieldCollation> visitFieldCollations(
        List<RexFieldCollation> keys, boolean[] update) {
      ImmutableList.Builder<RexFieldCollation> ordered = ImmutableList.builder();
      for (RexFieldCollation key : super.visitFieldCollations(keys, update)) {
        if (isText(key.left)) {
          update[0] = true;
          ordered.add(new RexFieldCollation(bytes(key.left), key.right));
        } else {
          ordered.add(key);
        }
      }
      return ordered.build();
    }
  }
}
