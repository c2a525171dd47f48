package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.chengmai.connectors.pushdown.SourceSchema;
import org.jspecify.annotations.Nullable;

/**
 * Puts inner joins into the order that moves the fewest rows out of the sources: what one source
 * can join by itself comes together, small sides first. Used for one query.
 *
 * <p>Dynamic programming over connected subsets (Selinger et al. 1979) of up to {@value
 * #MOST_LEAVES} relations; of more, the smallest joins come first until so many are left.
 */
final class JoinOrder {
  private static final int MOST_LEAVES = 11;

  /** What a row costs inside a source, where it is only looked at. */
  private static final double SCANNED = 0.1;

  private final RelBuilder builder;
  private final Estimates estimates;
  private final Function<RelNode, @Nullable SourceSchema> sites;

  /**
   * @param sites the source that computes a relation entirely, or null
   */
  JoinOrder(
      RelBuilder builder, Estimates estimates, Function<RelNode, @Nullable SourceSchema> sites) {
    this.builder = builder;
    this.estimates = estimates;
    this.sites = sites;
  }

  RelNode apply(RelNode rel) {
    if (isInner(rel)) {
      return new Search(flatten(rel).reduced(MOST_LEAVES, builder, estimates)).best(rel);
    }
    return withInputs(rel);
  }

  private RelNode withInputs(RelNode rel) {
    List<RelNode> inputs = rel.getInputs().stream().map(this::apply).toList();
    return inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
  }

  private static boolean isInner(RelNode rel) {
    return rel instanceof Join join
        && join.getJoinType() == JoinRelType.INNER
        && join.getVariablesSet().isEmpty();
  }

  private JoinGraph flatten(RelNode rel) {
    if (isInner(rel)) {
      Join join = (Join) rel;
      JoinGraph left = flatten(join.getLeft());
      JoinGraph right = flatten(join.getRight());
      int shift = left.starts()[left.leaves().size()];
      List<RelNode> leaves = new ArrayList<>(left.leaves());
      leaves.addAll(right.leaves());
      List<RexNode> outputs = new ArrayList<>(left.outputs());
      outputs.addAll(RexUtil.shift(right.outputs(), shift));
      List<RexNode> conditions = new ArrayList<>(left.conditions());
      conditions.addAll(RexUtil.shift(right.conditions(), shift));
      for (RexNode condition : RelOptUtil.conjunctions(join.getCondition())) {
        conditions.add(JoinGraph.replaced(condition, outputs));
      }
      return new JoinGraph(leaves, conditions, outputs);
    }
    if (rel instanceof Project project
        && isOverInner(project.getInput())
        && project.getProjects().stream().allMatch(RexInputRef.class::isInstance)) {
      JoinGraph input = flatten(project.getInput());
      return new JoinGraph(
          input.leaves(),
          input.conditions(),
          project.getProjects().stream()
              .map(one -> JoinGraph.replaced(one, input.outputs()))
              .toList());
    }
    if (rel instanceof Filter filter
        && filter.getVariablesSet().isEmpty()
        && isOverInner(filter.getInput())) {
      JoinGraph input = flatten(filter.getInput());
      List<RexNode> conditions = new ArrayList<>(input.conditions());
      for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
        conditions.add(JoinGraph.replaced(condition, input.outputs()));
      }
      return new JoinGraph(input.leaves(), conditions, input.outputs());
    }
    RelNode leaf = withInputs(rel);
    List<RexNode> outputs = new ArrayList<>();
    for (int i = 0; i < leaf.getRowType().getFieldCount(); i++) {
      outputs.add(RexInputRef.of(i, leaf.getRowType()));
    }
    return new JoinGraph(List.of(leaf), List.of(), outputs);
  }

  private static boolean isOverInner(RelNode rel) {
    return isInner(rel)
        || (rel instanceof Project || rel instanceof Filter) && isOverInner(rel.getInput(0));
  }

  /** The best tree of each subset of leaves; a subset is the bits of an integer. */
  private final class Search {
    private final JoinGraph flat;
    private final int count;
    private final int[] starts;
    private final int[] masks;
    private final double[] selectivities;
    private final double[] rows;
    private final double[] costs;
    private final int[] splits;
    private final @Nullable SourceSchema[] leafSites;

    Search(JoinGraph flat) {
      this.flat = flat;
      this.count = flat.leaves().size();
      this.starts = flat.starts();
      this.leafSites = new SourceSchema[count];
      for (int i = 0; i < count; i++) {
        leafSites[i] = sites.apply(flat.leaves().get(i));
      }
      this.masks = flat.conditions().stream().mapToInt(this::mask).toArray();
      this.selectivities =
          flat.conditions().stream()
              .mapToDouble(condition -> flat.selectivity(starts, condition, estimates))
              .toArray();
      this.rows = new double[1 << count];
      this.costs = new double[1 << count];
      this.splits = new int[1 << count];
    }

    private int mask(RexNode condition) {
      int mask = 0;
      for (int leaf : JoinGraph.leaves(starts, condition)) {
        mask |= 1 << leaf;
      }
      return mask;
    }

    RelNode best(RelNode original) {
      int all = (1 << count) - 1;
      for (int set = 1; set <= all; set++) {
        rows[set] = rows(set);
        if (Integer.bitCount(set) == 1) {
          costs[set] = rows[set] * SCANNED;
        } else {
          search(set);
        }
      }
      int[] places = new int[starts[count]];
      boolean[] isUsed = new boolean[masks.length];
      RelNode tree = build(all, places, isUsed);
      return builder
          .push(tree)
          .project(
              flat.outputs().stream()
                  .map(
                      output ->
                          (RexNode)
                              RexInputRef.of(
                                  places[((RexInputRef) output).getIndex()], tree.getRowType()))
                  .toList(),
              original.getRowType().getFieldNames(),
              true)
          .build();
    }

    private double rows(int set) {
      double product = 1;
      for (int i = 0; i < count; i++) {
        if ((set & 1 << i) != 0) {
          product *= estimates.rows(flat.leaves().get(i));
        }
      }
      for (int i = 0; i < masks.length; i++) {
        if ((masks[i] & ~set) == 0 && Integer.bitCount(masks[i]) > 1) {
          product *= selectivities[i];
        }
      }
      return Math.max(1, product);
    }

    private void search(int set) {
      costs[set] = Double.POSITIVE_INFINITY;
      for (boolean connected : new boolean[] {true, false}) {
        for (int left = set - 1 & set; left > 0; left = left - 1 & set) {
          int right = set ^ left;
          if (connected == isConnected(left, right)) {
            double cost = costs[left] + costs[right] + join(set, left, right);
            if (cost < costs[set]) {
              costs[set] = cost;
              splits[set] = left;
            }
          }
        }
        if (costs[set] < Double.POSITIVE_INFINITY) {
          return;
        }
      }
    }

    private boolean isConnected(int left, int right) {
      for (int mask : masks) {
        if ((mask & left) != 0 && (mask & right) != 0 && (mask & ~(left | right)) == 0) {
          return true;
        }
      }
      return false;
    }

    private double join(int set, int left, int right) {
      if (site(set) != null) {
        return (rows[left] + rows[right] + rows[set]) * SCANNED;
      }
      double leftMoved = moved(left);
      double rightMoved = moved(right);
      if (isBound(right, left)) {
        rightMoved =
            Math.min(rightMoved, rightMoved * rows[set] / Math.max(rows[right], rows[set]));
      } else if (isBound(left, right)) {
        leftMoved = Math.min(leftMoved, leftMoved * rows[set] / Math.max(rows[left], rows[set]));
      }
      return leftMoved + rightMoved + rows[set];
    }

    /** Whether the keys of some rows can be sent along for others. */
    private boolean isBound(int set, int keys) {
      SourceSchema site = site(set);
      return site != null && rows[keys] <= BindJoins.mostKeys(site);
    }

    /** What it costs to bring a subset's rows into the residual. */
    private double moved(int set) {
      return site(set) == null ? rows[set] : rows[set] * 4;
    }

    private @Nullable SourceSchema site(int set) {
      SourceSchema site = null;
      for (int i = 0; i < count; i++) {
        if ((set & 1 << i) != 0) {
          if (leafSites[i] == null || site != null && site != leafSites[i]) {
            return null;
          }
          site = leafSites[i];
        }
      }
      return site;
    }

    /** Fills in where each field of the leaves is in the answer. */
    private RelNode build(int set, int[] places, boolean[] isUsed) {
      if (Integer.bitCount(set) == 1) {
        int leaf = Integer.numberOfTrailingZeros(set);
        for (int field = starts[leaf]; field < starts[leaf + 1]; field++) {
          places[field] = field - starts[leaf];
        }
        return flat.leaves().get(leaf);
      }
      int one = splits[set];
      int other = set ^ one;
      // the residual builds its hash table of the right side
      int left = rows[one] >= rows[other] ? one : other;
      int right = set ^ left;
      RelNode leftRel = build(left, places, isUsed);
      RelNode rightRel = build(right, places, isUsed);
      int shift = leftRel.getRowType().getFieldCount();
      for (int field : fields(right)) {
        places[field] += shift;
      }
      List<RexNode> fields =
          new ArrayList<>(
              leftRel.getCluster().getRexBuilder().identityProjects(leftRel.getRowType()));
      fields.addAll(
          RexUtil.shift(
              rightRel.getCluster().getRexBuilder().identityProjects(rightRel.getRowType()),
              shift));
      List<RexNode> conditions = new ArrayList<>();
      for (int i = 0; i < masks.length; i++) {
        if (!isUsed[i] && (masks[i] & ~set) == 0) {
          isUsed[i] = true;
          conditions.add(placed(flat.conditions().get(i), places, fields));
        }
      }
      return builder.push(leftRel).push(rightRel).join(JoinRelType.INNER, conditions).build();
    }

    private ImmutableBitSet fields(int set) {
      ImmutableBitSet.Builder fields = ImmutableBitSet.builder();
      for (int i = 0; i < count; i++) {
        if ((set & 1 << i) != 0) {
          fields.set(starts[i], starts[i + 1]);
        }
      }
      return fields.build();
    }

    private RexNode placed(RexNode condition, int[] places, List<RexNode> fields) {
      return condition.accept(
          new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
              return fields.get(places[reference.getIndex()]);
            }
          });
    }
  }
}
