package org.chengmai.engine.sql;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.chengmai.connectors.TableStatistics;
import org.jspecify.annotations.Nullable;

/**
 * How many rows a relation has, and how many different values a column, estimated from the sources'
 * statistics. Used for one query.
 *
 * <p>The usual assumptions: values are spread evenly between a histogram's bounds, predicates are
 * independent, and the smaller set of join keys is contained in the larger (Selinger et al. 1979).
 */
final class Estimates {
  private static final double UNKNOWN_ROWS = 10_000;
  private static final double EQUAL = 0.05;
  private static final double RANGE = 0.3;
  private static final double LIKE = 0.1;

  /** A plan for one value is used for others whose part of a table is so many times this one's. */
  private static final double ALIKE = 4;

  private final Function<RelOptTable, Optional<TableStatistics>> statistics;
  private final Parameters parameters;
  private final Map<RelNode, Double> rows = new IdentityHashMap<>();
  private final Map<RelOptTable, Optional<TableStatistics>> tables = new IdentityHashMap<>();

  /**
   * @param parameters told which other values the estimates hold for
   */
  Estimates(Function<RelOptTable, Optional<TableStatistics>> statistics, Parameters parameters) {
    this.statistics = statistics;
    this.parameters = parameters;
  }

  /** How many rows a relation has, at least one. */
  double rows(RelNode rel) {
    Double known = rows.get(rel);
    if (known == null) {
      known = Math.max(1, compute(rel));
      rows.put(rel, known);
    }
    return known;
  }

  /** How many different values some columns have together. */
  double distinct(RelNode rel, Iterable<Integer> columns) {
    double all = rows(rel);
    double product = 1;
    for (int column : columns) {
      product *= distinct(rel, column);
    }
    return Math.max(1, Math.min(all, product));
  }

  private double distinct(RelNode rel, int index) {
    TableStatistics.Column column = column(rel, index);
    double all = rows(rel);
    if (column == null) {
      return Math.max(1, Math.sqrt(all) * 3);
    }
    // drawing n rows of a table meets this many of its d values (Cardenas 1975)
    double d = Math.max(1, column.distinct());
    return Math.max(1, Math.min(all, d * -Math.expm1(-all / d)));
  }

  /** Whether statistics tell how many different values a column has. */
  boolean isKnown(RelNode rel, int index) {
    return column(rel, index) != null;
  }

  /**
   * How many different values the table has of which a relation's column is a part. Join keys are
   * compared by these: a filter takes away rows and keys alike, so the keys that are left still
   * match as many rows each as before.
   */
  double domain(RelNode rel, int index) {
    TableStatistics.Column column = column(rel, index);
    return column == null ? distinct(rel, index) : Math.max(1, column.distinct());
  }

  private double compute(RelNode rel) {
    if (rel instanceof FragmentScan fragment) {
      return fragment.estimatedRows();
    }
    if (rel instanceof TableScan scan) {
      return table(scan.getTable()).map(TableStatistics::rows).orElse(UNKNOWN_ROWS);
    }
    if (rel instanceof Filter filter) {
      return rows(filter.getInput()) * selectivity(filter.getCondition(), filter.getInput());
    }
    if (rel instanceof Join join) {
      return join(join);
    }
    if (rel instanceof Aggregate aggregate) {
      return aggregate.getGroupCount() == 0
          ? 1
          : distinct(aggregate.getInput(), aggregate.getGroupSet())
              * aggregate.getGroupSets().size();
    }
    if (rel instanceof Sort sort) {
      double input = rows(sort.getInput());
      return sort.fetch instanceof RexLiteral limit
          ? Math.min(input, RexLiteral.intValue(limit))
          : input;
    }
    if (rel instanceof Values values) {
      return values.getTuples().size();
    }
    if (rel instanceof SetOp) {
      double sum = rel.getInputs().stream().mapToDouble(this::rows).sum();
      return rel instanceof Intersect || rel instanceof Minus ? rows(rel.getInput(0)) / 2 : sum;
    }
    return rel.getInputs().stream().mapToDouble(this::rows).max().orElse(1);
  }

  private double join(Join join) {
    double left = rows(join.getLeft());
    double right = rows(join.getRight());
    double inner = joined(join.getLeft(), join.getRight(), join.analyzeCondition());
    return switch (join.getJoinType()) {
      case INNER -> inner;
      case LEFT -> Math.max(left, inner);
      case RIGHT -> Math.max(right, inner);
      case FULL -> Math.max(left + right, inner);
      case SEMI -> Math.min(left, inner);
      case ANTI -> Math.max(1, left - Math.min(left, inner));
      default -> left;
    };
  }

  /** Rows of an inner join of two relations. */
  double joined(RelNode left, RelNode right, JoinInfo condition) {
    double result = rows(left) * rows(right);
    for (int i = 0; i < condition.leftKeys.size(); i++) {
      double most =
          Math.max(
              domain(left, condition.leftKeys.get(i)), domain(right, condition.rightKeys.get(i)));
      // several keys of one join are seldom independent
      result /= i == 0 ? most : Math.sqrt(most);
    }
    return condition.isEqui() ? result : result * RANGE;
  }

  private Optional<TableStatistics> table(RelOptTable table) {
    return tables.computeIfAbsent(table, statistics);
  }

  /** The column of a table that a relation's column carries unchanged. */
  private TableStatistics.@Nullable Column column(RelNode rel, int index) {
    if (rel instanceof TableScan scan) {
      String name = scan.getRowType().getFieldNames().get(index);
      return table(scan.getTable()).map(known -> known.columns().get(name)).orElse(null);
    }
    if (rel instanceof FragmentScan fragment) {
      return column(fragment.computed(), index);
    }
    if (rel instanceof Project project) {
      RexNode node = RexUtil.removeCast(project.getProjects().get(index));
      return node instanceof RexInputRef reference
          ? column(project.getInput(), reference.getIndex())
          : null;
    }
    if (rel instanceof Join join) {
      int left = join.getLeft().getRowType().getFieldCount();
      return index < left ? column(join.getLeft(), index) : column(join.getRight(), index - left);
    }
    if (rel instanceof Aggregate aggregate) {
      return index < aggregate.getGroupCount()
          ? column(aggregate.getInput(), aggregate.getGroupSet().nth(index))
          : null;
    }
    return rel instanceof Filter || rel instanceof Sort ? column(rel.getInput(0), index) : null;
  }

  /** The part of a relation's rows for which a condition holds, 0 to 1. */
  double selectivity(RexNode condition, RelNode input) {
    return switch (condition.getKind()) {
      case AND -> {
        double product = 1;
        for (RexNode part : RelOptUtil.conjunctions(condition)) {
          product *= selectivity(part, input);
        }
        yield product;
      }
      case OR -> {
        double none = 1;
        for (RexNode part : RelOptUtil.disjunctions(condition)) {
          none *= 1 - selectivity(part, input);
        }
        yield 1 - none;
      }
      case NOT -> 1 - selectivity(((RexCall) condition).getOperands().get(0), input);
      case SEARCH -> {
        RexNode expanded =
            RexUtil.expandSearch(input.getCluster().getRexBuilder(), null, condition);
        yield expanded.getKind() == SqlKind.SEARCH ? RANGE : selectivity(expanded, input);
      }
      case LITERAL -> condition.isAlwaysTrue() ? 1 : 0;
      case LIKE -> LIKE;
      case IS_NULL -> nulls(condition, input, 0.02);
      case IS_NOT_NULL -> 1 - nulls(condition, input, 0.02);
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison((RexCall) condition, input);
      default -> RANGE;
    };
  }

  private double nulls(RexNode condition, RelNode input, double unknown) {
    RexNode operand = ((RexCall) condition).getOperands().get(0);
    TableStatistics.Column column =
        operand instanceof RexInputRef reference ? column(input, reference.getIndex()) : null;
    return column == null ? unknown : column.nullFraction();
  }

  private double comparison(RexCall call, RelNode input) {
    RexNode left = RexUtil.removeCast(call.getOperands().get(0));
    RexNode right = RexUtil.removeCast(call.getOperands().get(1));
    boolean isTurned = left instanceof RexLiteral || left instanceof RexDynamicParam;
    RexNode reference = isTurned ? right : left;
    RexNode value = isTurned ? left : right;
    SqlKind kind = isTurned ? call.getKind().reverse() : call.getKind();
    if (!(reference instanceof RexInputRef column)) {
      return kind == SqlKind.EQUALS ? EQUAL : RANGE;
    }
    double equal = 1 / Math.max(1, distinct(input, column.getIndex()));
    if (kind == SqlKind.EQUALS || kind == SqlKind.NOT_EQUALS) {
      return kind == SqlKind.EQUALS ? equal : 1 - equal;
    }
    TableStatistics.Column known = column(input, column.getIndex());
    if (known == null || known.bounds().length < 2) {
      return RANGE;
    }
    if (value instanceof RexDynamicParam parameter) {
      double part = range(kind, known, equal, parameters.value(parameter));
      parameters.holdsWhile(
          parameter,
          other -> {
            double times = range(kind, known, equal, other) / part;
            return times <= ALIKE && times >= 1 / ALIKE;
          });
      return part;
    }
    return value instanceof RexLiteral literal ? range(kind, known, equal, literal) : RANGE;
  }

  private static double range(
      SqlKind kind, TableStatistics.Column column, double least, RexLiteral literal) {
    Double value = number(literal);
    if (value == null) {
      return RANGE;
    }
    double below = below(column.bounds(), value);
    double part =
        kind == SqlKind.LESS_THAN || kind == SqlKind.LESS_THAN_OR_EQUAL ? below : 1 - below;
    return Math.max(least, part * (1 - column.nullFraction()));
  }

  private static @Nullable Double number(RexLiteral literal) {
    return switch (literal.getTypeName()) {
      case DECIMAL, DOUBLE, REAL, FLOAT, INTEGER, BIGINT ->
          Objects.requireNonNull(literal.getValueAs(java.math.BigDecimal.class)).doubleValue();
      case DATE, TIMESTAMP ->
          (double)
              Objects.requireNonNull(literal.getValueAs(java.util.Calendar.class))
                  .getTimeInMillis();
      default -> null;
    };
  }

  /** The part of a column that lies below a value. */
  private static double below(double[] bounds, double value) {
    int place = Arrays.binarySearch(bounds, value);
    int parts = bounds.length - 1;
    if (place >= 0) {
      return (double) place / parts;
    }
    int next = -place - 1;
    if (next == 0 || next > parts) {
      return next == 0 ? 0 : 1;
    }
    double within = (value - bounds[next - 1]) / (bounds[next] - bounds[next - 1]);
    return (next - 1 + within) / parts;
  }

  /** Estimates of several relations added up. */
  double rows(List<? extends RelNode> rels) {
    return rels.stream().mapToDouble(this::rows).sum();
  }
}
