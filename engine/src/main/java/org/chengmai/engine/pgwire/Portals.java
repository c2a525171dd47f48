package org.chengmai.engine.pgwire;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A session's portals by name; cursors are among them. */
final class Portals {
  private static final int MOST = 100;

  private final Map<String, Portal> portals = new HashMap<>();

  Portal find(String name) {
    Portal portal = portals.get(name);
    if (portal == null) {
      throw new PostgresError.Refusal(
          PostgresError.NO_CURSOR, "cursor \"%s\" does not exist".formatted(name));
    }
    return portal;
  }

  /** Adds one; that without a name replaces the former. */
  void put(String name, Portal portal) {
    if (name.isEmpty()) {
      drop(name);
    } else if (portals.containsKey(name)) {
      throw new PostgresError.Refusal(
          PostgresError.CURSOR_EXISTS, "cursor \"%s\" already exists".formatted(name));
    }
    if (portals.size() >= MOST) {
      throw new PostgresError.Refusal(PostgresError.TOO_MUCH, "too many cursors; close some");
    }
    portals.put(name, portal);
  }

  /** Quiet when there is none. */
  void drop(String name) {
    Portal old = portals.remove(name);
    if (old != null) {
      old.close();
    }
  }

  void dropAll() {
    List.copyOf(portals.keySet()).forEach(this::drop);
  }

  /** Those that do not outlive a transaction. */
  void dropOfTransaction() {
    for (Map.Entry<String, Portal> portal : List.copyOf(portals.entrySet())) {
      if (!portal.getValue().isHeld()) {
        drop(portal.getKey());
      }
    }
  }

  /** Ends the queries of those that the client has left alone for so long. */
  void expire(Instant now, Duration patience) {
    portals.values().forEach(portal -> portal.expire(now, patience));
  }
}
