package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.connectors.pushdown.ManyKeys;
import org.chengmai.connectors.pushdown.SourceSchema;
import org.chengmai.engine.sql.Cut.Part;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether one side of a join is fetched first and its keys are sent to the other side's
 * source, so that only matching rows come.
 */
final class BindJoins {
  /** The most keys that one SQL carries as a list of literals. */
  private static final int MOST_KEYS = 20_000;

  /** So many times fewer rows must come to be worth the wait for the first side. */
  private static final double LEAST_GAIN = 3;

  /** Below this a source's rows come faster than a second question is asked. */
  private static final double LEAST_ROWS = 2_000;

  private static final Set<SqlTypeName> KEYS =
      Set.of(
          SqlTypeName.TINYINT,
          SqlTypeName.SMALLINT,
          SqlTypeName.INTEGER,
          SqlTypeName.BIGINT,
          SqlTypeName.DECIMAL,
          SqlTypeName.CHAR,
          SqlTypeName.VARCHAR,
          SqlTypeName.DATE,
          SqlTypeName.TIMESTAMP);

  private BindJoins() {}

  /** The most keys that one SQL carries to a source. */
  static int mostKeys(SourceSchema source) {
    return source.dialect instanceof ManyKeys many ? many.mostKeys() : MOST_KEYS;
  }

  /** Which side drives, by which columns. */
  record Choice(
      boolean isLeftDriving,
      List<Integer> driverKeys,
      List<Integer> boundKeys,
      int mostKeys,
      double keys) {
    Fragment.Binding binding(FragmentScan driver) {
      List<String> names = driver.getRowType().getFieldNames();
      return new Fragment.Binding(
          driver.name(), driverKeys.stream().map(names::get).toList(), boundKeys, mostKeys, keys);
    }
  }

  /** The better choice, or null when all rows of both sides are fetched at once. */
  static @Nullable Choice choose(Join join, Part left, Part right, Estimates estimates) {
    JoinInfo info = join.analyzeCondition();
    boolean isRightReducible =
        join.getJoinType() == JoinRelType.INNER
            || join.getJoinType() == JoinRelType.LEFT
            || join.getJoinType() == JoinRelType.SEMI
            || join.getJoinType() == JoinRelType.ANTI;
    boolean isLeftReducible =
        join.getJoinType() == JoinRelType.INNER
            || join.getJoinType() == JoinRelType.RIGHT
            || join.getJoinType() == JoinRelType.SEMI;
    Gain byLeft =
        isRightReducible && right.source() != null
            ? gain(left, info.leftKeys, right, info.rightKeys, estimates)
            : null;
    Gain byRight =
        isLeftReducible && left.source() != null
            ? gain(right, info.rightKeys, left, info.leftKeys, estimates)
            : null;
    if (byLeft == null && byRight == null) {
      return null;
    }
    boolean isLeft = byRight == null || byLeft != null && byLeft.saved >= byRight.saved;
    Gain best = Objects.requireNonNull(isLeft ? byLeft : byRight);
    return new Choice(isLeft, best.driverKeys, best.boundKeys, best.mostKeys, best.keys);
  }

  private record Gain(
      List<Integer> driverKeys, List<Integer> boundKeys, int mostKeys, double keys, double saved) {}

  private static @Nullable Gain gain(
      Part driver,
      List<Integer> driverKeys,
      Part bound,
      List<Integer> boundKeys,
      Estimates estimates) {
    List<Integer> ours = new ArrayList<>();
    List<Integer> theirs = new ArrayList<>();
    int most = mostKeys(Objects.requireNonNull(bound.source()));
    double keys = 0;
    double kept = 1;
    for (int i = 0; i < driverKeys.size(); i++) {
      RelDataType one = type(driver, driverKeys.get(i));
      RelDataType other = type(bound, boundKeys.get(i));
      double distinct = estimates.distinct(driver.rel(), List.of(driverKeys.get(i)));
      if (KEYS.contains(one.getSqlTypeName())
          && KEYS.contains(other.getSqlTypeName())
          && one.getSqlTypeName().getFamily() == other.getSqlTypeName().getFamily()
          && distinct <= most) {
        ours.add(driverKeys.get(i));
        theirs.add(boundKeys.get(i));
        keys = Math.max(keys, distinct);
        kept *= Math.min(1, distinct / estimates.distinct(bound.rel(), List.of(boundKeys.get(i))));
      }
    }
    double rows = estimates.rows(bound.rel());
    double saved = rows * (1 - kept);
    // a key in the question costs about as much as a row in the answer
    return ours.isEmpty() || rows < LEAST_ROWS || kept * LEAST_GAIN > 1 || saved < 2 * keys
        ? null
        : new Gain(ours, theirs, most, keys, saved);
  }

  private static RelDataType type(Part part, int column) {
    return part.rel().getRowType().getFieldList().get(column).getType();
  }
}
