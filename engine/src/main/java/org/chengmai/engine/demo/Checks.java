package org.chengmai.engine.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What was checked by name, whether it holds, and a detail; told as it goes. Not thread-safe. */
final class Checks {
  private final Map<String, Boolean> outcomes = new LinkedHashMap<>();
  private final Map<String, String> details = new LinkedHashMap<>();

  /** Holds when {@code work} answers with a detail, and does not when it throws. */
  void check(String name, Supplier<String> work) {
    try {
      put(name, true, work.get());
    } catch (RuntimeException e) {
      fail(name, String.valueOf(e.getMessage()));
    }
  }

  void fail(String name, String why) {
    put(name, false, why);
  }

  private void put(String name, boolean holds, String detail) {
    outcomes.put(name, holds);
    details.put(name, detail);
    System.out.println("  " + (holds ? "✓ " : "✗ ") + name + ": " + detail);
  }

  /** Answers {@code text}, or throws it when the condition does not hold. */
  static String require(boolean holds, String text) {
    if (!holds) {
      throw new IllegalStateException(text);
    }
    return text;
  }

  boolean allHold() {
    return outcomes.values().stream().allMatch(Boolean::booleanValue);
  }

  Map<String, Boolean> outcomes() {
    return outcomes;
  }

  Map<String, String> details() {
    return details;
  }
}
