package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.chengmai.indicators.Principal;
import org.jspecify.annotations.Nullable;

/** A query as it arrives: who asks, by which interface, and what. Immutable. */
public final class QueryRequest {
  private final UUID id;
  private final Principal principal;
  private final Via via;
  private final String sql;
  private final Supplier<BoundQuery> query;

  private QueryRequest(
      UUID id, Principal principal, Via via, String sql, Supplier<BoundQuery> query) {
    this.id = id;
    this.principal = principal;
    this.via = via;
    this.sql = sql;
    this.query = query;
  }

  /** A query without parameters. */
  public static QueryRequest of(Principal principal, Via via, String sql) {
    return new QueryRequest(UUID.randomUUID(), principal, via, sql, () -> BoundQuery.of(sql));
  }

  /**
   * A prepared query. It fails with INVALID_INPUT when it begins, if the values do not fit the
   * parameters.
   *
   * @param values of its parameters: numbers, truth values, dates, times, instants and bytes of
   *     Java, or texts that say the same; null is SQL's
   */
  public static QueryRequest of(
      Principal principal, Via via, PreparedQuery query, List<? extends @Nullable Object> values) {
    return of(principal, via, query.sql()).with(query, values);
  }

  /**
   * The same query, prepared.
   *
   * @param values as in {@link #of(Principal, Via, PreparedQuery, List)}
   */
  public QueryRequest with(PreparedQuery prepared, List<? extends @Nullable Object> values) {
    List<@Nullable Object> copy = new ArrayList<>(values);
    return new QueryRequest(
        id, principal, via, prepared.sql(), () -> BoundQuery.of(prepared, copy));
  }

  /** The same under a name that its caller chose, to look at it and cancel it from the start. */
  public QueryRequest withId(UUID chosen) {
    return new QueryRequest(chosen, principal, via, sql, query);
  }

  /** Names it while it waits and runs, and in the query log. */
  public UUID id() {
    return id;
  }

  Principal principal() {
    return principal;
  }

  Via via() {
    return via;
  }

  /**
   * The query with its values.
   *
   * @throws org.chengmai.indicators.ChengmaiException INVALID_INPUT when they do not fit
   */
  BoundQuery query() {
    return query.get();
  }

  String sql() {
    return sql;
  }
}
