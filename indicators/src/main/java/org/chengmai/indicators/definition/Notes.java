package org.chengmai.indicators.definition;

import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.Anomaly.Reasons;

/** Sentences in both languages, collected. Not thread-safe. */
final class Notes {
  private final List<String> zh = new ArrayList<>();
  private final List<String> en = new ArrayList<>();

  void add(String chinese, String english) {
    zh.add(chinese);
    en.add(english);
  }

  boolean isEmpty() {
    return zh.isEmpty();
  }

  Reasons reasons() {
    return new Reasons(zh, en);
  }
}
