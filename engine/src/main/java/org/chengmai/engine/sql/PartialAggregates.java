package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Groups a source's rows before they leave it for a join, by the join's keys, where statistics say
 * that few groups come of many rows (eager aggregation, Yan and Larson 1995). Used for one query.
 *
 * <p>Rows of a group meet the same rows of the other side, so a sum over the join is the sum of the
 * groups' sums, and a count the sum of their counts. A group per few rows costs a source more than
 * it saves: it wins only far from there.
 */
final class PartialAggregates {
  /** When rows are grouped before a join. */
  enum When {
    NEVER,
    WHERE_IT_WINS,
    /** Wherever it is right, for tests. */
    WHEREVER_POSSIBLE;

    static When of(Execution execution) {
      return execution == Execution.FEDERATED
          ? WHERE_IT_WINS
          : execution == Execution.GROUPED_EARLY ? WHEREVER_POSSIBLE : NEVER;
    }
  }

  /** So many rows must become one, both of those that would be read and of those that match. */
  private static final double LEAST_GAIN = 10;

  /** Beyond this a source's hash table leaves the processor's cache. */
  private static final double MOST_GROUPS = 50_000;

  private static final Set<SqlKind> SPLIT =
      Set.of(SqlKind.SUM, SqlKind.SUM0, SqlKind.COUNT, SqlKind.MIN, SqlKind.MAX);

  private final RelBuilder builder;
  private final Estimates estimates;
  private final When when;

  PartialAggregates(RelBuilder builder, Estimates estimates, When when) {
    this.builder = builder;
    this.estimates = estimates;
    this.when = when;
  }

  RelNode apply(RelNode rel) {
    if (when == When.NEVER) {
      return rel;
    }
    List<RelNode> inputs = rel.getInputs().stream().map(this::apply).toList();
    RelNode copy = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    RelNode split = copy instanceof Aggregate aggregate ? split(aggregate) : null;
    return split == null ? copy : split;
  }

  private @Nullable RelNode split(Aggregate aggregate) {
    RelNode input = aggregate.getInput();
    RelNode below = input instanceof Project project ? project.getInput() : input;
    if (!Aggregate.isSimple(aggregate)
        || !(below instanceof Join join)
        || join.getJoinType() != JoinRelType.INNER
        || !join.getVariablesSet().isEmpty()
        || Cut.site(join) != null) {
      return null;
    }
    List<? extends RexNode> fields =
        input instanceof Project project
            ? project.getProjects()
            : join.getCluster().getRexBuilder().identityProjects(join.getRowType());
    boolean isLeftBigger = estimates.rows(join.getLeft()) >= estimates.rows(join.getRight());
    RelNode split = new Side(aggregate, fields, join, isLeftBigger).split();
    return split != null ? split : new Side(aggregate, fields, join, !isLeftBigger).split();
  }

  /** One side of a join under an aggregate, and what of the aggregate can be computed there. */
  private final class Side {
    private final Aggregate aggregate;
    private final List<? extends RexNode> fields;
    private final Join join;
    private final boolean isLeft;
    private final RelNode rel;
    private final ImmutableBitSet own;

    /**
     * What the side is grouped by: the join's keys, then the aggregate's. Over the join's fields.
     */
    private final List<RexNode> keys = new ArrayList<>();

    private int joinKeys;

    /** What of the aggregate the side computes. */
    private final List<AggregateCall> calls = new ArrayList<>();

    /**
     * @param fields the aggregate's input, over the join's fields
     */
    Side(Aggregate aggregate, List<? extends RexNode> fields, Join join, boolean isLeft) {
      this.aggregate = aggregate;
      this.fields = fields;
      this.join = join;
      this.isLeft = isLeft;
      this.rel = isLeft ? join.getLeft() : join.getRight();
      int left = join.getLeft().getRowType().getFieldCount();
      this.own =
          isLeft
              ? ImmutableBitSet.range(left)
              : ImmutableBitSet.range(left, join.getRowType().getFieldCount());
    }

    /** The same rows, or null where the side cannot be grouped, or should not. */
    @Nullable RelNode split() {
      if (!collect() || keys.isEmpty()) {
        return null;
      }
      RelNode grouped = grouped();
      RelNode deeper =
          grouped instanceof Aggregate whole ? PartialAggregates.this.split(whole) : null;
      if (deeper == null && !isWorth(grouped)) {
        return null;
      }
      return joined(deeper == null ? grouped : deeper);
    }

    private boolean collect() {
      for (int field : RelOptUtil.InputFinder.bits(join.getCondition()).intersect(own)) {
        keys.add(RexInputRef.of(field, join.getRowType()));
      }
      joinKeys = keys.size();
      for (int group : aggregate.getGroupSet()) {
        RexNode key = fields.get(group);
        if (isOwn(key)) {
          keys.add(key);
        } else if (!isOther(key)) {
          return false;
        }
      }
      for (AggregateCall call : aggregate.getAggCallList()) {
        if (!isSplit(call)) {
          return false;
        }
        if (isOwn(call)) {
          calls.add(call);
        }
      }
      return true;
    }

    private boolean isSplit(AggregateCall call) {
      SqlKind kind = call.getAggregation().getKind();
      boolean isPlain =
          SPLIT.contains(kind)
              && !call.isDistinct()
              && !call.hasFilter()
              && !call.isApproximate()
              && call.getCollation().getFieldCollations().isEmpty()
              && call.getArgList().size() <= 1;
      return isPlain
          && (isOwn(call) || (kind == SqlKind.MIN || kind == SqlKind.MAX) && isOther(call));
    }

    private boolean isOwn(AggregateCall call) {
      return call.getArgList().stream()
          .allMatch(argument -> isDetermined(fields.get(argument), own));
    }

    private boolean isOther(AggregateCall call) {
      return call.getArgList().stream().allMatch(argument -> isOther(fields.get(argument)));
    }

    /** Whether an expression is of this side and no constant. */
    private boolean isOwn(RexNode node) {
      return isDetermined(node, own) && !RelOptUtil.InputFinder.bits(node).isEmpty();
    }

    private boolean isOther(RexNode node) {
      return isDetermined(
          node, ImmutableBitSet.range(join.getRowType().getFieldCount()).except(own));
    }

    private static boolean isDetermined(RexNode node, ImmutableBitSet by) {
      return RexUtil.isDeterministic(node) && by.contains(RelOptUtil.InputFinder.bits(node));
    }

    /** The side, grouped; its keys come first, then a field for each of its calls. */
    private RelNode grouped() {
      List<RexNode> inputs = new ArrayList<>(keys);
      for (AggregateCall call : calls) {
        call.getArgList().forEach(argument -> inputs.add(fields.get(argument)));
      }
      builder.push(rel);
      builder.project(RexUtil.shift(inputs, -own.nth(0)), List.of(), true);
      int next = keys.size();
      List<RelBuilder.AggCall> partial = new ArrayList<>();
      for (AggregateCall call : calls) {
        List<RexNode> arguments =
            call.getArgList().isEmpty() ? List.of() : List.of(builder.field(next++));
        partial.add(
            builder.aggregateCall(call.getAggregation(), arguments).as("p" + partial.size()));
      }
      RelBuilder.GroupKey group = builder.groupKey(ImmutableBitSet.range(keys.size()));
      return builder.aggregate(group, partial).build();
    }

    private boolean isWorth(RelNode grouped) {
      if (Cut.site(grouped) == null) {
        return false;
      }
      double groups = estimates.rows(grouped);
      return when == When.WHEREVER_POSSIBLE
          || groups <= MOST_GROUPS
              && groups * LEAST_GAIN <= Math.min(estimates.rows(rel), estimates.rows(join))
              && IntStream.range(0, keys.size()).allMatch(key -> estimates.isKnown(grouped, key));
    }

    private RelNode joined(RelNode grouped) {
      builder.push(isLeft ? grouped : join.getLeft()).push(isLeft ? join.getRight() : grouped);
      List<RexNode> places = new ArrayList<>();
      for (int field = 0; field < join.getRowType().getFieldCount(); field++) {
        places.add(place(field));
      }
      List<RexNode> parts = new ArrayList<>();
      for (int i = 0; i < grouped.getRowType().getFieldCount(); i++) {
        parts.add(builder.field(2, isLeft ? 0 : 1, i));
      }
      List<RexNode> inputs = new ArrayList<>();
      int key = joinKeys;
      for (int group : aggregate.getGroupSet()) {
        RexNode node = fields.get(group);
        inputs.add(isOwn(node) ? parts.get(key++) : JoinGraph.replaced(node, places));
      }
      for (AggregateCall call : aggregate.getAggCallList()) {
        inputs.add(
            isOwn(call)
                ? parts.get(key++)
                : JoinGraph.replaced(fields.get(call.getArgList().get(0)), places));
      }
      builder.join(JoinRelType.INNER, JoinGraph.replaced(join.getCondition(), places));
      builder.project(inputs, List.of(), true);
      int next = aggregate.getGroupCount();
      RelBuilder.GroupKey group = builder.groupKey(ImmutableBitSet.range(next));
      List<RelBuilder.AggCall> whole = new ArrayList<>();
      for (AggregateCall call : aggregate.getAggCallList()) {
        whole.add(builder.aggregateCall(ofParts(call), builder.field(next)).as("w" + next++));
      }
      return RelOptUtil.createCastRel(
          builder.aggregate(group, whole).build(), aggregate.getRowType(), true);
    }

    /**
     * Where one of the join's fields is once the side is grouped; what is gone is wanted no more.
     */
    private RexNode place(int field) {
      if (!own.get(field)) {
        return builder.field(2, isLeft ? 1 : 0, isLeft ? field - own.cardinality() : field);
      }
      int key = keys.indexOf(RexInputRef.of(field, join.getRowType()));
      return key < 0 ? builder.literal(null) : builder.field(2, isLeft ? 0 : 1, key);
    }

    /** What makes a whole of the parts of a call. */
    private static SqlAggFunction ofParts(AggregateCall call) {
      return call.getAggregation().getKind() == SqlKind.COUNT
          ? SqlStdOperatorTable.SUM0
          : call.getAggregation();
    }
  }
}
