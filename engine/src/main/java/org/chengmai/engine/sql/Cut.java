package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.adapter.jdbc.JdbcTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlExplainLevel;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.arrow.ArrowTypes;
import org.chengmai.connectors.pushdown.SourceSchema;
import org.chengmai.connectors.pushdown.TextBytes;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a relation into what each source computes by one SQL, and the residual that DuckDB computes
 * from their rows. Used for one query.
 *
 * <p>From the leaves upwards: an operator over one source's relations joins them if that source
 * takes it; otherwise each of its inputs becomes a fragment.
 */
final class Cut {
  /** A plan that only Calcite's own engine can run; the reason is for EXPLAIN. */
  static final class Impossible extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Impossible(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * A relation and the source that computes it, or null for the residual.
   *
   * @param rel over tables of the source, or over {@link FragmentScan}s
   */
  record Part(RelNode rel, @Nullable SourceSchema source) {}

  private static final String KEPT = "_once";

  /** From so many rows on, one table's rows are asked for by two connections. */
  private static final double LONG_SCAN = 1_000_000;

  private final Map<String, Source> sources;
  private final Estimates estimates;
  private final String prefix;
  private final boolean isBare;
  private final ResidualPushdown residual = new ResidualPushdown();
  private final List<FederatedPlan.Step> steps = new ArrayList<>();
  private int names;

  /**
   * @param prefix of the steps' names
   * @param isBare whether sources give their tables only
   */
  Cut(Map<String, Source> sources, Estimates estimates, String prefix, boolean isBare) {
    this.sources = sources;
    this.estimates = estimates;
    this.prefix = prefix;
    this.isBare = isBare;
  }

  /**
   * @throws Impossible when an operator runs neither in a source nor in DuckDB
   */
  List<FederatedPlan.Step> apply(RelNode rel) {
    Part part = part(rel);
    steps.add(
        part.source() == null
            ? residual(prefix + "result", part.rel())
            : fragment(part.rel(), part.source(), null));
    return List.copyOf(steps);
  }

  /** The source that computes a relation entirely, or null. */
  static @Nullable SourceSchema site(RelNode rel) {
    if (rel instanceof TableScan scan) {
      return source(scan);
    }
    SourceSchema site = null;
    for (RelNode input : rel.getInputs()) {
      SourceSchema one = site(input);
      if (one == null || site != null && site != one) {
        return null;
      }
      site = one;
    }
    return site != null && site.pushdown().takes(rel) ? site : null;
  }

  private static @Nullable SourceSchema source(TableScan scan) {
    JdbcTable table = scan.getTable().unwrap(JdbcTable.class);
    return table != null && table.jdbcSchema instanceof SourceSchema schema ? schema : null;
  }

  private Part part(RelNode rel) {
    if (rel instanceof TableScan scan) {
      SourceSchema source = source(scan);
      if (source == null) {
        throw new Impossible(
            "%s is a table of the engine".formatted(scan.getTable().getQualifiedName()));
      }
      return new Part(rel, source);
    }
    if (rel instanceof Values) {
      return new Part(rel, null);
    }
    if (rel instanceof SecureBarrier barrier) {
      return new Part(read(part(barrier.getInput())), null);
    }
    List<Part> inputs = rel.getInputs().stream().map(this::part).toList();
    SourceSchema source = inputs.get(0).source();
    if (source != null && !isBare && inputs.stream().allMatch(input -> input.source() == source)) {
      RelNode whole = rel.copy(rel.getTraitSet(), inputs.stream().map(Part::rel).toList());
      if (source.pushdown().takes(whole) && isWorth(whole)) {
        return new Part(whole, source);
      }
      if (rel instanceof Filter filter) {
        return residual(split(filter, inputs.get(0).rel(), source));
      }
    }
    if (rel instanceof Join join) {
      return residual(join(join, inputs.get(0), inputs.get(1)));
    }
    return residual(rel.copy(rel.getTraitSet(), inputs.stream().map(this::read).toList()));
  }

  /** Whether a source's join sends fewer rows than its inputs would. */
  private boolean isWorth(RelNode rel) {
    return !(rel instanceof Join join)
        || !join.analyzeCondition().pairs().isEmpty()
        || estimates.rows(rel) <= estimates.rows(join.getInputs());
  }

  /** The parts of a condition that the source takes go there, the rest stays. */
  private RelNode split(Filter filter, RelNode input, SourceSchema source) {
    List<RexNode> taken = new ArrayList<>();
    List<RexNode> kept = new ArrayList<>();
    for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
      (source.pushdown().takes(condition) ? taken : kept).add(condition);
    }
    RelNode below =
        taken.isEmpty()
            ? input
            : filter.copy(
                filter.getTraitSet(),
                input,
                RexUtil.composeConjunction(filter.getCluster().getRexBuilder(), taken));
    return filter.copy(
        filter.getTraitSet(),
        read(new Part(below, source)),
        RexUtil.composeConjunction(filter.getCluster().getRexBuilder(), kept));
  }

  private Part residual(RelNode rel) {
    if (!residual.takes(rel)) {
      throw new Impossible("%s runs in no source and not in DuckDB".formatted(described(rel)));
    }
    return new Part(rel, null);
  }

  /** An operator in a line, without its inputs. */
  static String described(RelNode rel) {
    return RelOptUtil.toString(rel, SqlExplainLevel.EXPPLAN_ATTRIBUTES)
        .lines()
        .findFirst()
        .orElse("")
        .replace("Logical", "");
  }

  private Join join(Join join, Part left, Part right) {
    BindJoins.Choice choice = BindJoins.choose(join, left, right, estimates);
    if (choice == null) {
      return (Join) join.copy(join.getTraitSet(), List.of(read(left), read(right)));
    }
    FragmentScan driver = step(choice.isLeftDriving() ? left : right);
    Part driven = choice.isLeftDriving() ? right : left;
    FragmentScan bound = read(driven.rel(), driven.source(), choice.binding(driver));
    return (Join)
        join.copy(
            join.getTraitSet(),
            choice.isLeftDriving() ? List.of(driver, bound) : List.of(bound, driver));
  }

  private RelNode read(Part part) {
    return part.source() == null ? part.rel() : read(part.rel(), part.source(), null);
  }

  private FragmentScan read(
      RelNode part, @Nullable SourceSchema source, Fragment.@Nullable Binding binding) {
    RelNode rel = named(part);
    Fragment fragment = fragment(rel, Objects.requireNonNull(source), binding);
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) instanceof Fragment known && known.hasRowsOf(fragment)) {
        return scan(keep(known, i), rel);
      }
    }
    steps.add(fragment);
    return scan(fragment.name(), rel);
  }

  /** A fragment's rows can be read once, so those that are wanted again are kept under its name. */
  private String keep(Fragment fragment, int step) {
    if (fragment.name().endsWith(KEPT)) {
      return fragment.name().substring(0, fragment.name().length() - KEPT.length());
    }
    Fragment renamed = fragment.named(fragment.name() + KEPT);
    steps.set(step, renamed);
    steps.add(
        step + 1,
        new FederatedPlan.Residual(
            fragment.name(),
            "SELECT * FROM " + renamed.name(),
            fragment.estimatedRows(),
            Reads.step(renamed.name())));
    return fragment.name();
  }

  private FragmentScan scan(String name, RelNode rel) {
    return new FragmentScan(rel.getCluster(), name, rel, estimates.rows(rel));
  }

  /** A relation whose rows are there before others are asked for. */
  private FragmentScan step(Part part) {
    RelNode rel = named(read(part));
    FederatedPlan.Residual step = residual(prefix + "s" + names++, rel);
    steps.add(step);
    return scan(step.name(), rel);
  }

  /**
   * A join's columns of the same name get their names in the row type by a projection; SQL made of
   * the join alone has them twice.
   */
  static RelNode named(RelNode rel) {
    if (rel instanceof Sort sort) {
      return sort.copy(sort.getTraitSet(), List.of(named(sort.getInput())));
    }
    RelNode below = rel;
    while (below instanceof Filter filter) {
      below = filter.getInput();
    }
    if (!(below instanceof Join)) {
      return rel;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < rel.getRowType().getFieldCount(); i++) {
      names.add("c" + i);
    }
    return LogicalProject.create(
        rel,
        List.of(),
        rel.getCluster().getRexBuilder().identityProjects(rel.getRowType()),
        names,
        Set.of());
  }

  /** Where nulls go is not said of columns that have none, because not every source can say it. */
  private static RelNode plainlySorted(RelNode rel) {
    List<RelNode> inputs = rel.getInputs().stream().map(Cut::plainlySorted).toList();
    RelNode copy = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    if (!(copy instanceof Sort sort)) {
      return copy;
    }
    List<RelFieldCollation> keys = new ArrayList<>();
    for (RelFieldCollation key : sort.getCollation().getFieldCollations()) {
      keys.add(
          sort.getRowType().getFieldList().get(key.getFieldIndex()).getType().isNullable()
              ? key
              : key.withNullDirection(RelFieldCollation.NullDirection.UNSPECIFIED));
    }
    return LogicalSort.create(sort.getInput(), RelCollations.of(keys), sort.offset, sort.fetch);
  }

  private FederatedPlan.Residual residual(String name, RelNode rel) {
    return new FederatedPlan.Residual(
        name, ResidualSql.of(rel), estimates.rows(rel), Reads.of(rel));
  }

  private Fragment fragment(RelNode rel, SourceSchema schema, Fragment.@Nullable Binding binding) {
    SqlDialect dialect = schema.dialect;
    Source source = Objects.requireNonNull(sources.get(schema.library()));
    return new Fragment(
        prefix + "f" + names++,
        source,
        dialect,
        new SourceSql(dialect)
            .write(TextBytes.apply(plainlySorted(rel), schema.pushdown().texts())),
        ArrowTypes.schema(rel.getRowType()),
        estimates.rows(rel),
        binding,
        isLongScan(rel, binding) && source.divides() ? 2 : 1,
        FreshSnapshots.told(rel),
        new Reads(binding == null ? Set.of() : Set.of(binding.step()), Reads.of(rel).tables()));
  }

  /** Whether sending the rows is most of the work, and one process may be too slow at it. */
  private boolean isLongScan(RelNode rel, Fragment.@Nullable Binding binding) {
    return binding == null && estimates.rows(rel) >= LONG_SCAN && isScan(rel);
  }

  private static boolean isScan(RelNode rel) {
    return rel instanceof TableScan
        || (rel instanceof Project || rel instanceof Filter) && isScan(rel.getInput(0));
  }
}
