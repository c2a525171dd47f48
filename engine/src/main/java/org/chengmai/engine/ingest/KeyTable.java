package org.chengmai.engine.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * The idempotency keys of the last day with what each stored, at about 50 bytes a key. Not
 * thread-safe.
 *
 * <p>Keys are kept as the first 128 bits of their SHA-256, in one open table per hour; a whole hour
 * is forgotten at once.
 */
final class KeyTable {
  /** Answer for an unknown key. */
  static final long UNKNOWN = -1;

  private final Duration life;
  private final int maxKeys;
  private final Deque<Hour> hours = new ArrayDeque<>();

  KeyTable(Duration life, int maxKeys) {
    this.life = life;
    this.maxKeys = maxKeys;
  }

  /** What {@code put} stored, or {@link #UNKNOWN}. */
  long find(String key) {
    ByteBuffer hash = hash(key);
    for (Iterator<Hour> newestFirst = hours.descendingIterator(); newestFirst.hasNext(); ) {
      long found = newestFirst.next().find(hash.getLong(0), hash.getLong(8));
      if (found != UNKNOWN) {
        return found;
      }
    }
    return UNKNOWN;
  }

  /**
   * Remembers a key; {@code stored} is not negative. Answers false when the oldest hour had to be
   * forgotten early.
   */
  boolean put(String key, long stored, Instant at) {
    long number = at.getEpochSecond() / 3600;
    long oldest = at.minus(life).getEpochSecond() / 3600;
    while (!hours.isEmpty() && hours.peekFirst().number < oldest) {
      hours.removeFirst();
    }
    if (hours.isEmpty() || hours.peekLast().number < number) {
      hours.addLast(new Hour(number));
    }
    ByteBuffer hash = hash(key);
    hours.peekLast().put(hash.getLong(0), hash.getLong(8), stored);
    boolean hasForgotten = size() > maxKeys && hours.size() > 1;
    if (hasForgotten) {
      hours.removeFirst();
    }
    return !hasForgotten;
  }

  int size() {
    int size = 0;
    for (Hour hour : hours) {
      size += hour.size;
    }
    return size;
  }

  private static ByteBuffer hash(String key) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
    }
  }

  /**
   * The keys of one hour: triples (high, low, stored + 1), of which the last is 0 where a place is
   * free.
   */
  private static final class Hour {
    private final long number;
    private long[] places = new long[3 * 64];
    private int size;

    Hour(long number) {
      this.number = number;
    }

    long find(long high, long low) {
      int place = place(places, high, low);
      return places[place + 2] - 1;
    }

    void put(long high, long low, long stored) {
      if ((size + 1) * 3L > places.length / 3 * 2L) {
        long[] larger = new long[places.length * 2];
        for (int at = 0; at < places.length; at += 3) {
          if (places[at + 2] != 0) {
            System.arraycopy(places, at, larger, place(larger, places[at], places[at + 1]), 3);
          }
        }
        places = larger;
      }
      int place = place(places, high, low);
      if (places[place + 2] == 0) {
        size++;
        places[place] = high;
        places[place + 1] = low;
        places[place + 2] = stored + 1;
      }
    }

    private static int place(long[] places, long high, long low) {
      int count = places.length / 3;
      int at = (int) Long.remainderUnsigned(high, count);
      while (places[3 * at + 2] != 0 && (places[3 * at] != high || places[3 * at + 1] != low)) {
        at = at + 1 == count ? 0 : at + 1;
      }
      return 3 * at;
    }
  }
}
