package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Inner joins without their nesting. Immutable.
 *
 * @param conditions over the leaves' fields, one leaf after the other
 * @param outputs what the outermost join's fields are
 */
record JoinGraph(List<RelNode> leaves, List<RexNode> conditions, List<RexNode> outputs) {
  private static final double UNKNOWN = 0.3;

  /** The field at which each leaf begins, and the number of all fields. */
  int[] starts() {
    int[] starts = new int[leaves.size() + 1];
    for (int i = 0; i < leaves.size(); i++) {
      starts[i + 1] = starts[i] + leaves.get(i).getRowType().getFieldCount();
    }
    return starts;
  }

  /** The leaf that a field is of. */
  static int leaf(int[] starts, int field) {
    int place = Arrays.binarySearch(starts, field);
    int leaf = place >= 0 ? place : -place - 2;
    // leaves without fields share their start with the next
    while (starts[leaf + 1] <= field) {
      leaf++;
    }
    return leaf;
  }

  /** The leaves that a condition speaks of. */
  static ImmutableBitSet leaves(int[] starts, RexNode condition) {
    ImmutableBitSet.Builder found = ImmutableBitSet.builder();
    for (int field : RelOptUtil.InputFinder.bits(condition)) {
      found.set(leaf(starts, field));
    }
    return found.build();
  }

  /** The part of all pairs of rows for which a condition holds. */
  double selectivity(int[] starts, RexNode condition, Estimates estimates) {
    if (condition instanceof RexCall call
        && call.getKind() == SqlKind.EQUALS
        && RexUtil.removeCast(call.getOperands().get(0)) instanceof RexInputRef one
        && RexUtil.removeCast(call.getOperands().get(1)) instanceof RexInputRef other) {
      return 1
          / Math.max(
              domain(starts, one.getIndex(), estimates),
              domain(starts, other.getIndex(), estimates));
    }
    return UNKNOWN;
  }

  private double domain(int[] starts, int field, Estimates estimates) {
    int leaf = leaf(starts, field);
    return estimates.domain(leaves.get(leaf), field - starts[leaf]);
  }

  /** An expression over these in place of the fields. */
  static RexNode replaced(RexNode node, List<? extends RexNode> fields) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return fields.get(reference.getIndex());
          }
        });
  }

  /**
   * The graph with at most so many leaves: the two whose join has the fewest rows become one, again
   * and again (greedy operator ordering, Fegaras 1998).
   */
  JoinGraph reduced(int most, RelBuilder builder, Estimates estimates) {
    JoinGraph graph = this;
    while (graph.leaves.size() > most) {
      graph = graph.paired(builder, estimates);
    }
    return graph;
  }

  private record Pair(int left, int right) {}

  private JoinGraph paired(RelBuilder builder, Estimates estimates) {
    int[] starts = starts();
    Map<Pair, Double> parts = new HashMap<>();
    for (RexNode condition : conditions) {
      ImmutableBitSet of = leaves(starts, condition);
      if (of.cardinality() == 2) {
        parts.merge(
            new Pair(of.nth(0), of.nth(1)),
            selectivity(starts, condition, estimates),
            (one, other) -> one * other);
      }
    }
    Pair best = null;
    double fewest = Double.POSITIVE_INFINITY;
    for (Map.Entry<Pair, Double> pair : parts.entrySet()) {
      double rows =
          estimates.rows(leaves.get(pair.getKey().left))
              * estimates.rows(leaves.get(pair.getKey().right))
              * pair.getValue();
      if (rows < fewest || rows == fewest && best != null && pair.getKey().left < best.left) {
        fewest = rows;
        best = pair.getKey();
      }
    }
    return joined(starts, best == null ? new Pair(0, 1) : best, builder);
  }

  private JoinGraph joined(int[] starts, Pair pair, RelBuilder builder) {
    List<RelNode> kept = new ArrayList<>();
    int[] places = new int[starts[leaves.size()]];
    int left = leaves.get(pair.left).getRowType().getFieldCount();
    int right = leaves.get(pair.right).getRowType().getFieldCount();
    place(places, starts[pair.left], left, 0);
    place(places, starts[pair.right], right, left);
    int next = left + right;
    for (int i = 0; i < leaves.size(); i++) {
      if (i != pair.left && i != pair.right) {
        int count = leaves.get(i).getRowType().getFieldCount();
        place(places, starts[i], count, next);
        next += count;
        kept.add(leaves.get(i));
      }
    }
    List<RexNode> fields = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      for (int field = 0; field < starts[i + 1] - starts[i]; field++) {
        fields.add(
            new RexInputRef(
                places[starts[i] + field],
                leaves.get(i).getRowType().getFieldList().get(field).getType()));
      }
    }
    ImmutableBitSet both = ImmutableBitSet.of(pair.left, pair.right);
    List<RexNode> inside = new ArrayList<>();
    List<RexNode> outside = new ArrayList<>();
    for (RexNode condition : conditions) {
      (both.contains(leaves(starts, condition)) ? inside : outside)
          .add(replaced(condition, fields));
    }
    RelNode join =
        builder
            .push(leaves.get(pair.left))
            .push(leaves.get(pair.right))
            .join(JoinRelType.INNER, inside)
            .build();
    kept.add(0, join);
    return new JoinGraph(
        kept, outside, outputs.stream().map(output -> replaced(output, fields)).toList());
  }

  private static void place(int[] places, int from, int count, int to) {
    for (int i = 0; i < count; i++) {
      places[from + i] = to + i;
    }
  }
}
