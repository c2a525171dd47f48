package org.chengmai.engine.sql;

import java.util.List;
import java.util.stream.Stream;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.PruneEmptyRules;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.Litmus;

/**
 * Rewrites a relation, whatever its sources, by rules that always help: no sub-queries, predicates
 * and columns close to the tables, joins in a good order. Immutable.
 */
final class Optimizer {
  private static final HepProgram SUB_QUERIES =
      program(
          CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
          CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
          CoreRules.JOIN_SUB_QUERY_TO_CORRELATE,
          // the decorrelator fails at several constant keys
          CoreRules.AGGREGATE_ANY_PULL_UP_CONSTANTS);

  private static final List<RelOptRule> EMPTY =
      List.of(
          PruneEmptyRules.FILTER_INSTANCE,
          PruneEmptyRules.PROJECT_INSTANCE,
          PruneEmptyRules.JOIN_LEFT_INSTANCE,
          PruneEmptyRules.JOIN_RIGHT_INSTANCE,
          PruneEmptyRules.UNION_INSTANCE);

  private static final HepProgram WITHOUT_EMPTY = program(EMPTY);

  private static final HepProgram PREDICATES =
      program(
          EMPTY,
          CoreRules.FILTER_REDUCE_EXPRESSIONS,
          CoreRules.PROJECT_REDUCE_EXPRESSIONS,
          CoreRules.JOIN_REDUCE_EXPRESSIONS,
          CoreRules.FILTER_INTO_JOIN,
          CoreRules.JOIN_CONDITION_PUSH,
          CoreRules.FILTER_PROJECT_TRANSPOSE,
          CoreRules.FILTER_AGGREGATE_TRANSPOSE,
          CoreRules.FILTER_SET_OP_TRANSPOSE,
          CoreRules.FILTER_MERGE,
          CoreRules.PROJECT_MERGE,
          CoreRules.PROJECT_REMOVE,
          CoreRules.SORT_REMOVE_CONSTANT_KEYS,
          CoreRules.JOIN_PUSH_EXPRESSIONS);

  private static final HepProgram TIDY =
      program(CoreRules.PROJECT_MERGE, CoreRules.PROJECT_REMOVE, CoreRules.FILTER_MERGE);

  private static HepProgram program(RelOptRule... rules) {
    return program(List.of(), rules);
  }

  private static HepProgram program(List<RelOptRule> last, RelOptRule... rules) {
    return new HepProgramBuilder()
        .addMatchOrder(HepMatchOrder.DEPTH_FIRST)
        .addRuleCollection(Stream.concat(Stream.of(rules), last.stream()).toList())
        .build();
  }

  RelNode apply(RelNode logical, Estimates estimates, PartialAggregates.When early) {
    RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(logical.getCluster(), null);
    RelNode rel = withoutSubQueries(logical, builder);
    rel = SecureBarrier.passed(run(PREDICATES, Quotients.apply(rel)));
    rel = new BarrierTrimmer(builder).trim(rel);
    rel = new JoinOrder(builder, estimates, Cut::site).apply(rel);
    rel = run(TIDY, new ColumnTrimmer(builder).trim(rel));
    return NullSearches.apply(new PartialAggregates(builder, estimates, early).apply(rel));
  }

  /** The relation without what is empty. */
  static RelNode withoutEmpty(RelNode rel) {
    return run(WITHOUT_EMPTY, rel);
  }

  /** Whether Calcite turns a relation's correlated sub-queries into joins that mean the same. */
  static boolean decorrelates(RelNode rel) {
    try {
      RelNode unused = withoutSubQueries(rel);
      return true;
    } catch (Cut.Impossible e) {
      return false;
    }
  }

  /** The relation with joins in place of its sub-queries. */
  static RelNode withoutSubQueries(RelNode rel) {
    return withoutSubQueries(rel, RelFactories.LOGICAL_BUILDER.create(rel.getCluster(), null));
  }

  /** Some correlated sub-queries come out of Calcite's decorrelator with columns mixed up. */
  private static RelNode withoutSubQueries(RelNode logical, RelBuilder builder) {
    RelNode rel;
    try {
      rel = decorrelated(run(SUB_QUERIES, logical), builder);
    } catch (RuntimeException | AssertionError e) {
      throw new Cut.Impossible("a correlated sub-query");
    }
    if (!isValid(rel)) {
      throw new Cut.Impossible("a correlated sub-query");
    }
    return rel;
  }

  /** Whether all expressions of a relation fit its inputs. */
  static boolean isValid(RelNode rel) {
    return rel.isValid(Litmus.IGNORE, null)
        && rel.getInputs().stream().allMatch(Optimizer::isValid);
  }

  /**
   * Calcite's decorrelator gives up at windows and mixes up the columns of unions, so what is below
   * them goes first, by itself.
   */
  private static RelNode decorrelated(RelNode rel, RelBuilder builder) {
    return shown(
        RelDecorrelator.decorrelateQuery(
            rel.accept(
                new RelHomogeneousShuttle() {
                  @Override
                  public RelNode visit(RelNode other) {
                    boolean isHard =
                        other instanceof SetOp
                            || other instanceof Project project && project.containsOver();
                    return isHard && RelOptUtil.getVariablesUsed(other).isEmpty()
                        ? new Hidden(
                            other.copy(
                                other.getTraitSet(),
                                other.getInputs().stream()
                                    .map(input -> decorrelated(input, builder))
                                    .toList()))
                        : super.visit(other);
                  }
                }),
            builder));
  }

  private static RelNode shown(RelNode rel) {
    return rel instanceof Hidden hidden
        ? hidden.rel
        : rel.copy(rel.getTraitSet(), rel.getInputs().stream().map(Optimizer::shown).toList());
  }

  /** A relation that looks like a table. */
  private static final class Hidden extends AbstractRelNode {
    private final RelNode rel;

    Hidden(RelNode rel) {
      super(rel.getCluster(), rel.getTraitSet());
      this.rel = rel;
      this.rowType = rel.getRowType();
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("rel", rel.getId());
    }
  }

  private static RelNode run(HepProgram program, RelNode rel) {
    HepPlanner planner = new HepPlanner(program);
    planner.setRoot(rel);
    return planner.findBestExp();
  }
}
