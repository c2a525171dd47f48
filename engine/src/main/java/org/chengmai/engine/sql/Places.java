package org.chengmai.engine.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A number of places that users share fairly. Safe for use by several threads.
 *
 * <p>Users take turns, and one user's requests keep their order. A request for several places gets
 * them in one step, and nobody overtakes it while it waits for them.
 */
final class Places {
  private final int perUser;
  private final Map<String, Integer> taken = new HashMap<>();

  /** By user, in the order of their next turns. */
  private final Map<String, Deque<Turn>> waiting = new LinkedHashMap<>();

  private int free;

  /**
   * @param all how many places there are
   * @param perUser how many of them one user may have at a time
   */
  Places(int all, int perUser) {
    this.free = all;
    this.perUser = perUser;
  }

  /** A request for places: it waits, has them, or has given them back. */
  final class Turn implements AutoCloseable {
    private final String user;
    private final CompletableFuture<Void> entered = new CompletableFuture<>();
    private int count;

    private Turn(String user, int count) {
      this.user = user;
      this.count = count;
    }

    /** Done when the places are there. */
    CompletableFuture<Void> entered() {
      return entered;
    }

    /** How many turns it is away, 1 for the next; 0 when it waits no more. */
    int position() {
      return Places.this.position(this);
    }

    /** Gives some places back. */
    void release(int places) {
      giveBack(this, places);
    }

    /** Gives all places back, or waits no longer. */
    @Override
    public void close() {
      giveBack(this, Integer.MAX_VALUE);
    }
  }

  /**
   * Asks for places.
   *
   * @param count at most as many as one user may have
   */
  synchronized Turn request(String user, int count) {
    Turn turn = new Turn(user, count);
    waiting.computeIfAbsent(user, name -> new ArrayDeque<>()).add(turn);
    grant();
    return turn;
  }

  private void grant() {
    for (Turn next = next(); next != null && next.count <= free; next = next()) {
      Deque<Turn> own = Objects.requireNonNull(waiting.remove(next.user));
      own.remove();
      if (!own.isEmpty()) {
        waiting.put(next.user, own);
      }
      free -= next.count;
      taken.merge(next.user, next.count, Integer::sum);
      next.entered.complete(null);
    }
  }

  private @Nullable Turn next() {
    for (Deque<Turn> own : waiting.values()) {
      Turn turn = own.element();
      if (taken.getOrDefault(turn.user, 0) + turn.count <= perUser) {
        return turn;
      }
    }
    return null;
  }

  private synchronized void giveBack(Turn turn, int most) {
    Deque<Turn> own = waiting.get(turn.user);
    if (own != null && own.remove(turn)) {
      turn.count = 0;
      if (own.isEmpty()) {
        waiting.remove(turn.user);
      }
    }
    int count = Math.min(most, turn.count);
    turn.count -= count;
    free += count;
    taken.computeIfPresent(turn.user, (user, had) -> had == count ? null : had - count);
    grant();
  }

  private synchronized int position(Turn turn) {
    Deque<Turn> own = waiting.get(turn.user);
    if (own == null || !own.contains(turn)) {
      return 0;
    }
    int before = 0;
    for (Turn earlier : own) {
      if (earlier == turn) {
        break;
      }
      before++;
    }
    int position = before + 1;
    int rounds = before + 1;
    for (Map.Entry<String, Deque<Turn>> other : waiting.entrySet()) {
      if (other.getKey().equals(turn.user)) {
        rounds = before;
      } else {
        position += Math.min(other.getValue().size(), rounds);
      }
    }
    return position;
  }
}
