package org.chengmai.engine.sql;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;

/** The queries that wait or run, by their ids, from arrival to end. Safe for several threads. */
final class Queries {
  private final Map<String, Query> queries = new ConcurrentHashMap<>();

  /** Adds what {@code query} makes; CONFLICT while another one has the id. */
  Query add(String id, Supplier<Query> query) {
    return Objects.requireNonNull(
        queries.compute(
            id,
            (key, known) -> {
              if (known != null) {
                throw new ChengmaiException(
                    ErrorCode.CONFLICT, "another query with the id %s waits or runs".formatted(id));
              }
              return query.get();
            }));
  }

  void remove(String id) {
    queries.remove(id);
  }

  /** An admin's are all, another's own. */
  List<Query> of(Principal principal) {
    return queries.values().stream().filter(query -> isOf(query, principal)).toList();
  }

  Optional<Query> find(String id) {
    return Optional.ofNullable(queries.get(id));
  }

  /** NOT_FOUND when it is over, or somebody else's. */
  Query find(Principal principal, String id) {
    return find(id)
        .filter(query -> isOf(query, principal))
        .orElseThrow(
            () ->
                new ChengmaiException(
                    ErrorCode.NOT_FOUND, "no query %s of yours waits or runs".formatted(id)));
  }

  private static boolean isOf(Query query, Principal principal) {
    return principal.role().includes(Role.ADMIN) || query.user().equals(principal.name());
  }
}
