package org.chengmai.engine.pgwire;

import java.util.HashMap;
import java.util.Map;

/** A session's prepared statements by name. */
final class PreparedStatements {
  /** Characters of all of them. */
  private static final long MOST = 8L << 20;

  /** What one costs beside its text. */
  private static final int EACH = 1000;

  private final Map<String, PreparedStatement> statements = new HashMap<>();

  PreparedStatement find(String name) {
    PreparedStatement statement = statements.get(name);
    if (statement == null) {
      throw new PostgresError.Refusal(
          PostgresError.NO_STATEMENT, "prepared statement \"%s\" does not exist".formatted(name));
    }
    return statement;
  }

  /** Refuses a new one whose name is taken, or when there are too many. */
  void check(String name, String sql) {
    if (name.isEmpty()) {
      drop(name);
    } else if (statements.containsKey(name)) {
      throw new PostgresError.Refusal(
          PostgresError.STATEMENT_EXISTS,
          "prepared statement \"%s\" already exists".formatted(name));
    }
    long size = statements.values().stream().mapToLong(known -> EACH + known.sql().length()).sum();
    if (size + sql.length() > MOST) {
      throw new PostgresError.Refusal(
          PostgresError.TOO_MUCH, "too many prepared statements; close some");
    }
  }

  void put(String name, PreparedStatement statement) {
    statements.put(name, statement);
  }

  /** Quiet when there is none. */
  void drop(String name) {
    statements.remove(name);
  }

  void dropAll() {
    statements.clear();
  }
}
