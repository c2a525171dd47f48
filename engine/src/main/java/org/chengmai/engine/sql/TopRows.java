package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.chengmai.connectors.pushdown.SourceSchema;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of a join by an order that one of its sides has alone: that side's source sends
 * only its own first rows. Used for one query.
 *
 * <p>A row of the join has its place in the order by its row of that side, so what the side's first
 * rows give comes before all the rest. Enough of it is the answer; otherwise all rows must be read
 * after all.
 */
final class TopRows {
  /** So many times more rows are asked for than should be needed. */
  private static final double RESERVE = 4;

  private static final double LEAST = 100;
  private static final double MOST = 10_000;

  /** A side with fewer rows comes whole as fast. */
  private static final double LEAST_ROWS = 20_000;

  private final Estimates estimates;
  private final long needed;
  private final double joined;

  private TopRows(Estimates estimates, long needed, double joined) {
    this.estimates = estimates;
    this.needed = needed;
    this.joined = joined;
  }

  /**
   * A query over the first rows of one side.
   *
   * @param enough how many rows must come for them to be the answer
   */
  record Attempt(RelNode rel, long enough) {}

  /** Null where an attempt would not help. */
  static @Nullable Attempt of(RelNode rel, Estimates estimates) {
    if (!(rel instanceof Sort sort)
        || sort.getCollation().getFieldCollations().isEmpty()
        || !(sort.fetch instanceof RexLiteral fetch)
        || sort.offset != null && !(sort.offset instanceof RexLiteral)
        || Cut.site(sort.getInput()) != null) {
      return null;
    }
    long enough = RexLiteral.intValue(fetch);
    long skipped = sort.offset == null ? 0 : RexLiteral.intValue(sort.offset);
    TopRows rows = new TopRows(estimates, enough + skipped, estimates.rows(sort.getInput()));
    RelNode input = rows.of(sort.getInput(), sort.getCollation());
    return input == null
        ? null
        : new Attempt(sort.copy(sort.getTraitSet(), List.of(input)), enough);
  }

  private @Nullable RelNode of(RelNode rel, RelCollation order) {
    SourceSchema site = Cut.site(rel);
    if (site != null) {
      return first(rel, order, site);
    }
    if (rel instanceof Project project) {
      return below(project, order);
    }
    return rel instanceof Join join ? below(join, order) : null;
  }

  private @Nullable RelNode below(Project project, RelCollation order) {
    List<RelFieldCollation> keys = new ArrayList<>();
    for (RelFieldCollation key : order.getFieldCollations()) {
      if (!(project.getProjects().get(key.getFieldIndex()) instanceof RexInputRef column)) {
        return null;
      }
      keys.add(key.withFieldIndex(column.getIndex()));
    }
    RelNode input = of(project.getInput(), RelCollations.of(keys));
    return input == null ? null : project.copy(project.getTraitSet(), List.of(input));
  }

  private @Nullable RelNode below(Join join, RelCollation order) {
    int left = join.getLeft().getRowType().getFieldCount();
    boolean isOfLeft = order.getKeys().stream().allMatch(key -> key < left);
    boolean isOfRight = order.getKeys().stream().allMatch(key -> key >= left);
    JoinRelType type = join.getJoinType();
    if (isOfLeft && !type.generatesNullsOnLeft()) {
      RelNode input = of(join.getLeft(), order);
      return input == null ? null : join.copy(join.getTraitSet(), List.of(input, join.getRight()));
    }
    if (isOfRight && !type.generatesNullsOnRight()) {
      RelNode input = of(join.getRight(), RelCollations.shift(order, -left));
      return input == null ? null : join.copy(join.getTraitSet(), List.of(join.getLeft(), input));
    }
    return null;
  }

  private @Nullable RelNode first(RelNode side, RelCollation order, SourceSchema site) {
    double rows = estimates.rows(side);
    double count = Math.max(LEAST, Math.ceil(RESERVE * needed * rows / joined));
    if (rows < LEAST_ROWS || count > MOST) {
      return null;
    }
    RelNode top =
        LogicalSort.create(
            side,
            order,
            null,
            side.getCluster().getRexBuilder().makeExactLiteral(BigDecimal.valueOf((long) count)));
    return site.pushdown().takes(top) ? top : null;
  }
}
