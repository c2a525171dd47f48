package org.chengmai.engine.sql;

import java.util.List;
import java.util.UUID;
import org.chengmai.indicators.Principal;
import org.jspecify.annotations.Nullable;

/** A query as it arrives: who asks, by which interface, and what. Immutable. */
public final class QueryRequest {
  private final UUID id;
  private final Principal principal;
  private final Via via;
  private final BoundQuery query;

  private QueryRequest(UUID id, Principal principal, Via via, BoundQuery query) {
    this.id = id;
    this.principal = principal;
    this.via = via;
    this.query = query;
  }

  /** A query without parameters. */
  public static QueryRequest of(Principal principal, Via via, String sql) {
    return new QueryRequest(UUID.randomUUID(), principal, via, BoundQuery.of(sql));
  }

  /**
   * A prepared query.
   *
   * @param values of its parameters: numbers, truth values, dates, times, instants and bytes of
   *     Java, or texts that say the same; null is SQL's
   * @throws org.chengmai.indicators.ChengmaiException INVALID_INPUT when they do not fit the
   *     parameters
   */
  public static QueryRequest of(
      Principal principal, Via via, PreparedQuery query, List<? extends @Nullable Object> values) {
    return new QueryRequest(UUID.randomUUID(), principal, via, BoundQuery.of(query, values));
  }

  /**
   * The same query, prepared.
   *
   * @param values as in {@link #of(Principal, Via, PreparedQuery, List)}
   * @throws org.chengmai.indicators.ChengmaiException INVALID_INPUT when they do not fit the
   *     parameters
   */
  public QueryRequest with(PreparedQuery query, List<? extends @Nullable Object> values) {
    return new QueryRequest(id, principal, via, BoundQuery.of(query, values));
  }

  /** The same under a name that its caller chose, to look at it and cancel it from the start. */
  public QueryRequest withId(UUID chosen) {
    return new QueryRequest(chosen, principal, via, query);
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

  BoundQuery query() {
    return query;
  }

  String sql() {
    return query.sql();
  }
}
