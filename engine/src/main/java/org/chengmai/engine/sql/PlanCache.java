package org.chengmai.engine.sql;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.SqlNode;
import org.chengmai.indicators.ChengmaiException;
import org.jspecify.annotations.Nullable;

/**
 * The plans of the last minute, by the text of their parse trees, so that blanks and comments do
 * not matter. Queries that differ only in the literals of their conditions share a plan as long as
 * these select parts of like size. Safe for use by several threads.
 */
final class PlanCache {
  /** Plans a query for its parameters. */
  interface Planner {
    Plan plan(SqlNode query, Parameters parameters);
  }

  /** Reads a query as written; each call gives a new tree, because planning changes it. */
  interface Parser {
    SqlNode parse(BoundQuery query);
  }

  private record Asked(String policy, BoundQuery query) {}

  /**
   * @param plan null for a query whose literals must stay
   */
  private record Entry(@Nullable Plan plan, Parameters parameters) {
    @Nullable Plan bound(List<RexLiteral> literals) {
      List<RexLiteral> values = plan == null ? null : parameters.values(literals);
      return plan == null || values == null ? null : plan.bound(values);
    }
  }

  private final Cache<String, Entry> plans =
      CacheBuilder.newBuilder().maximumSize(400).expireAfterWrite(Duration.ofMinutes(1)).build();

  /** Of the last seconds, for clients who ask first for the columns and then for the rows. */
  private final Cache<Asked, Plan> asked =
      CacheBuilder.newBuilder().maximumSize(100).expireAfterWrite(Duration.ofSeconds(10)).build();

  /**
   * @param policy the hash of the policies that the plan obeys
   */
  Plan plan(String policy, BoundQuery query, Parser parser, Planner planner) {
    Asked key = new Asked(policy, query);
    Plan known = asked.getIfPresent(key);
    if (known != null) {
      return known;
    }
    Plan plan = byForm(policy, () -> parser.parse(query), planner);
    if (!plan.usesClock()) {
      asked.put(key, plan);
    }
    return plan;
  }

  private Plan byForm(String policy, Supplier<SqlNode> query, Planner planner) {
    Literals literals = Literals.of(query.get());
    String form = policy + literals.query();
    Entry known = plans.getIfPresent(form);
    if (known != null) {
      Plan plan = known.bound(literals.values());
      if (plan != null) {
        return plan;
      }
    }
    if (!literals.values().isEmpty() && (known == null || known.plan() != null)) {
      try {
        Parameters parameters = new Parameters(literals.values());
        Entry entry = new Entry(planner.plan(literals.query(), parameters), parameters);
        keep(form, entry);
        Plan plan = entry.bound(literals.values());
        if (plan != null) {
          return plan;
        }
      } catch (ChengmaiException e) {
        throw e;
      } catch (RuntimeException e) {
        // Unfit, or an error whose message must speak of the query as written
        plans.put(form, new Entry(null, Parameters.none()));
      }
    }
    return literal(policy, query, planner);
  }

  private Plan literal(String policy, Supplier<SqlNode> query, Planner planner) {
    SqlNode parsed = query.get();
    String text = policy + parsed;
    Entry known = plans.getIfPresent(text);
    if (known != null && known.plan() != null) {
      return known.plan();
    }
    Plan plan = planner.plan(parsed, Parameters.none());
    keep(text, new Entry(plan, Parameters.none()));
    return plan;
  }

  private void keep(String text, Entry entry) {
    if (entry.plan() != null && !entry.plan().usesClock()) {
      plans.put(text, entry);
    }
  }

  /** Forgets all plans, because the catalogue is another one. */
  void clear() {
    plans.invalidateAll();
    asked.invalidateAll();
  }
}
