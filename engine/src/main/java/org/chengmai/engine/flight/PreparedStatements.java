package org.chengmai.engine.flight;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.Weigher;
import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.chengmai.engine.sql.PreparedQuery;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.jspecify.annotations.Nullable;

/**
 * The statements that Flight SQL's clients have prepared, by handle. One that nobody used for half
 * an hour is forgotten, as is the longest unused when all are too large. Safe for use by several
 * threads.
 */
final class PreparedStatements {
  private static final Duration UNUSED = Duration.ofMinutes(30);

  /** Characters of SQL and of values. */
  private static final long MOST = 32L << 20;

  /**
   * @param user who prepared it, and alone may use it
   * @param values of its parameters, as the client sent them last; none before
   */
  record Statement(String user, PreparedQuery query, List<@Nullable Object> values) {
    int weight() {
      return 1000
          + query.sql().length()
          + values.stream()
              .mapToInt(value -> value instanceof String text ? text.length() : 8)
              .sum();
    }
  }

  private final Cache<ByteString, Statement> statements =
      CacheBuilder.newBuilder()
          .maximumWeight(MOST)
          .weigher((Weigher<ByteString, Statement>) (handle, statement) -> statement.weight())
          .expireAfterAccess(UNUSED)
          .build();

  /** The handle of a new statement. */
  ByteString add(Principal principal, PreparedQuery query) {
    ByteString handle = ByteString.copyFromUtf8(UUID.randomUUID().toString());
    statements.put(handle, new Statement(principal.name(), query, Collections.emptyList()));
    return handle;
  }

  /** NOT_FOUND for what is forgotten, or somebody else's. */
  Statement find(Principal principal, ByteString handle) {
    Statement statement = statements.getIfPresent(handle);
    if (statement == null || !statement.user().equals(principal.name())) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "no such prepared statement of yours; one that is not used for %d minutes is forgotten: prepare it again"
              .formatted(UNUSED.toMinutes()));
    }
    return statement;
  }

  void bind(Principal principal, ByteString handle, List<@Nullable Object> values) {
    Statement statement = find(principal, handle);
    statements.put(handle, new Statement(statement.user(), statement.query(), values));
  }

  /** Quiet when it is forgotten already. */
  void remove(Principal principal, ByteString handle) {
    Statement statement = statements.getIfPresent(handle);
    if (statement != null && statement.user().equals(principal.name())) {
      statements.invalidate(handle);
    }
  }
}
