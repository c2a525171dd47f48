package org.chengmai.engine.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured delays in milliseconds. Safe for several threads. */
final class Latencies {
  private final List<Long> millis = Collections.synchronizedList(new ArrayList<>());

  void add(long delay) {
    millis.add(Math.max(0, delay));
  }

  int count() {
    return millis.size();
  }

  /** The delay that 95 of 100 do not exceed, −1 when nothing was measured. */
  long p95() {
    List<Long> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return sorted.isEmpty() ? -1 : sorted.get((int) Math.ceil(sorted.size() * 0.95) - 1);
  }
}
