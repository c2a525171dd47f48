package org.chengmai.connectors.pushdown;

import org.apache.calcite.adapter.jdbc.JdbcConvention;
import org.apache.calcite.adapter.jdbc.JdbcRules;
import org.apache.calcite.adapter.jdbc.JdbcToEnumerableConverterRule;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.sql.SqlDialect;

/**
 * Calcite's JDBC convention for one source, with rules that move only what its {@link Pushdown}
 * takes.
 */
final class PushdownConvention extends JdbcConvention {
  private final Pushdown pushdown;

  PushdownConvention(SqlDialect dialect, Expression expression, String name, Pushdown pushdown) {
    super(dialect, expression, name);
    this.pushdown = pushdown;
  }

  @Override
  public void register(RelOptPlanner planner) {
    planner.addRule(JdbcToEnumerableConverterRule.create(this));
    planner.addRule(config(Project.class, "Project").withRuleFactory(ProjectRule::new).toRule());
    planner.addRule(config(Filter.class, "Filter").withRuleFactory(FilterRule::new).toRule());
    planner.addRule(
        config(Aggregate.class, "Aggregate").withRuleFactory(AggregateRule::new).toRule());
    planner.addRule(config(Sort.class, "Sort").withRuleFactory(SortRule::new).toRule());
    planner.addRule(config(Join.class, "Join").withRuleFactory(JoinRule::new).toRule());
    planner.addRule(config(Union.class, "Union").withRuleFactory(UnionRule::new).toRule());
    planner.addRule(
        config(Intersect.class, "Intersect").withRuleFactory(IntersectRule::new).toRule());
    planner.addRule(config(Minus.class, "Minus").withRuleFactory(MinusRule::new).toRule());
    planner.addRule(CoreRules.FILTER_SET_OP_TRANSPOSE);
    planner.addRule(CoreRules.PROJECT_REMOVE);
  }

  private <R extends RelNode> ConverterRule.Config config(Class<R> type, String name) {
    return ConverterRule.Config.INSTANCE.withConversion(
        type, this::takes, Convention.NONE, this, "Pushdown" + name);
  }

  /** Calcite's own rules know no binary collation. */
  private boolean takes(RelNode rel) {
    return pushdown.takes(rel) && !TextBytes.matter(rel, pushdown.texts());
  }

  private static final class UnionRule extends JdbcRules.JdbcUnionRule {
    UnionRule(Config config) {
      super(config);
    }
  }

  private static final class ProjectRule extends JdbcRules.JdbcProjectRule {
    ProjectRule(Config config) {
      super(config);
    }
  }

  private static final class FilterRule extends JdbcRules.JdbcFilterRule {
    FilterRule(Config config) {
      super(config);
    }
  }

  private static final class AggregateRule extends JdbcRules.JdbcAggregateRule {
    AggregateRule(Config config) {
      super(config);
    }
  }

  private static final class SortRule extends JdbcRules.JdbcSortRule {
    SortRule(Config config) {
      super(config);
    }
  }

  private static final class JoinRule extends JdbcRules.JdbcJoinRule {
    JoinRule(Config config) {
      super(config);
    }
  }

  private static final class IntersectRule extends JdbcRules.JdbcIntersectRule {
    IntersectRule(Config config) {
      super(config);
    }
  }

  private static final class MinusRule extends JdbcRules.JdbcMinusRule {
    MinusRule(Config config) {
      super(config);
    }
  }
}
