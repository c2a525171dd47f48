package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.adapter.jdbc.JdbcConvention;
import org.apache.calcite.adapter.jdbc.JdbcImplementor;
import org.apache.calcite.adapter.jdbc.JdbcToEnumerableConverter;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.JoinPushThroughJoinRule;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.tools.Program;
import org.apache.calcite.tools.Programs;
import org.apache.calcite.util.Pair;
import org.chengmai.connectors.arrow.ArrowTypes;
import org.jspecify.annotations.Nullable;

/** Plans for Calcite's generated code, by its cost-based planner. */
final class EnumerablePlanner {
  private static final Program STANDARD = Programs.standard();

  private static final List<RelOptRule> ORDERS =
      List.of(
          CoreRules.JOIN_COMMUTE,
          JoinPushThroughJoinRule.LEFT,
          JoinPushThroughJoinRule.RIGHT,
          CoreRules.SORT_JOIN_TRANSPOSE,
          CoreRules.PROJECT_FILTER_TRANSPOSE);

  /** Runs a correlated sub-query again for each row, as it is written. */
  private static final Program CORRELATED =
      Programs.sequence(
          Programs.subQuery(DefaultRelMetadataProvider.INSTANCE),
          (planner, rel, traits, materializations, lattices) -> {
            planner.setRoot(planner.changeTraits(rel, traits));
            return planner.findBestExp();
          },
          Programs.calc(DefaultRelMetadataProvider.INSTANCE));

  private EnumerablePlanner() {}

  /**
   * The planner that a query's relations must be made with. It knows nothing of orders, as Calcite
   * fails where it looks for the order of a product with a division by a null.
   */
  static VolcanoPlanner volcano() {
    VolcanoPlanner planner = new VolcanoPlanner(Contexts.empty());
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    planner.setExecutor(new Constants());
    return planner;
  }

  /**
   * Most queries never need them.
   *
   * @param isOrdered whether joins are looked at in other orders than the query's
   */
  private static void addRules(RelOptPlanner planner, boolean isOrdered) {
    RelOptUtil.registerDefaultRules(planner, false, false);
    // a merge join makes both sources sort everything first
    planner.removeRule(EnumerableRules.ENUMERABLE_MERGE_JOIN_RULE);
    planner.addRule(EnumerableRules.ENUMERABLE_LIMIT_SORT_RULE);
    if (!isOrdered) {
      ORDERS.forEach(planner::removeRule);
    }
  }

  static EnumerablePlan plan(RelRoot logical, String reason, boolean usesClock) {
    // drivers ask for the catalogue by joins of many small tables: orders cost more than they save
    addRules(logical.rel.getCluster().getPlanner(), !VirtualTable.isIn(logical.rel));
    RelNode rel = reduceConstants(Quotients.apply(CodePoints.apply(logical.rel)));
    RelTraitSet traits = rel.getTraitSet().replace(EnumerableConvention.INSTANCE);
    Program optimize = Optimizer.decorrelates(rel) ? STANDARD : CORRELATED;
    RelRoot best =
        logical.withRel(
            optimize.run(rel.getCluster().getPlanner(), rel, traits, List.of(), List.of()));
    EnumerableRel executable = projected(best);
    Map<String, Object> parameters = new HashMap<>();
    RelDataType type = best.validatedRowType;
    return new EnumerablePlan(
        QueryPlanner.columns(type),
        ArrowTypes.shown(type),
        QueryPlanner.types(type),
        EnumerableInterpretable.toBindable(
            parameters, null, executable, EnumerableRel.Prefer.ARRAY),
        parameters,
        questions(executable),
        RelOptUtil.toString(executable),
        reason,
        usesClock);
  }

  private static RelNode reduceConstants(RelNode rel) {
    Program reduce =
        Programs.hep(
            List.of(
                CoreRules.FILTER_REDUCE_EXPRESSIONS,
                CoreRules.PROJECT_REDUCE_EXPRESSIONS,
                CoreRules.JOIN_REDUCE_EXPRESSIONS),
            true,
            DefaultRelMetadataProvider.INSTANCE);
    return reduce.run(rel.getCluster().getPlanner(), rel, rel.getTraitSet(), List.of(), List.of());
  }

  /** Leaves out columns that only the order needed. */
  private static EnumerableRel projected(RelRoot root) {
    EnumerableRel rel = (EnumerableRel) root.rel;
    if (root.isRefTrivial()) {
      return rel;
    }
    RexBuilder builder = rel.getCluster().getRexBuilder();
    List<RexNode> projects = new ArrayList<>();
    for (int field : Pair.left(root.fields)) {
      projects.add(builder.makeInputRef(rel, field));
    }
    return EnumerableCalc.create(
        rel, RexProgram.create(rel.getRowType(), projects, null, root.validatedRowType, builder));
  }

  private static List<Plan.Question> questions(RelNode rel) {
    List<Plan.Question> questions = new ArrayList<>();
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
        if (node instanceof JdbcToEnumerableConverter converter
            && converter.getInput().getConvention() instanceof JdbcConvention convention) {
          SqlDialect dialect = convention.dialect;
          String sql =
              new JdbcImplementor(dialect, QueryPlanner.TYPES)
                  .visitRoot(converter.getInput())
                  .asStatement()
                  .toSqlString(dialect)
                  .getSql();
          questions.add(
              new Plan.Question(convention.getName().substring("JDBC.".length()), sql, 1));
        } else {
          super.visit(node, ordinal, parent);
        }
      }
    }.go(rel);
    return questions;
  }
}
