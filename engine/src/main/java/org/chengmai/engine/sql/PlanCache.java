package org.chengmai.engine.sql;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import java.util.List;
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

  /** A query as written; each call gives a new tree, because planning changes it. */
  interface Query {
    SqlNode parse();
  }

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

  /**
   * @param policy the hash of the policies that the plan obeys
   */
  Plan plan(String policy, Query query, Planner planner) {
    Literals literals = Literals.of(query.parse());
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

  private Plan literal(String policy, Query query, Planner planner) {
    SqlNode parsed = query.parse();
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
  }
}
