package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;

/**
 * Finds the periods without a value: pure. A series has a value due in each period since a given
 * time, any other from its first value on. Of a long gap in the past only the beginning is marked;
 * in recent time every period is. What is not due by an indicator's calendar is not missing.
 */
final class MissingPeriods {
  static final String HASH = "missing";

  private MissingPeriods() {}

  /**
   * @param recentFrom periods that start before are marked only where a gap begins
   */
  static List<Computed> of(
      ComputationGroup group,
      ClosePlan.Span span,
      List<Computed> values,
      Map<SeriesKey, Instant> dueSince,
      Instant recentFrom) {
    Map<SeriesKey, Set<Instant>> present = new HashMap<>();
    for (Computed value : values) {
      present.computeIfAbsent(value.key(), key -> new HashSet<>()).add(value.periodStart());
    }
    dueSince.keySet().forEach(key -> present.computeIfAbsent(key, k -> Set.of()));
    List<Instant> periods = new ArrayList<>();
    for (Instant start = span.from();
        start.isBefore(span.to());
        start = group.grain().end(start, group.zone())) {
      periods.add(start);
    }
    List<Computed> missing = new ArrayList<>();
    present.forEach(
        (key, starts) -> {
          Instant since = dueSince.getOrDefault(key, Instant.MAX);
          boolean isDue = false;
          boolean inGap = false;
          for (Instant period : periods) {
            if (!group.isDue(key.code(), period)) {
              continue;
            }
            isDue |= !period.isBefore(since);
            if (starts.contains(period)) {
              isDue = true;
              inGap = false;
            } else if (isDue) {
              if (!inGap || !period.isBefore(recentFrom)) {
                missing.add(missing(key, period));
              }
              inGap = true;
            }
          }
        });
    return missing;
  }

  /** The known absence of a value. */
  static Computed missing(SeriesKey key, Instant period) {
    return new Computed(key, period, null, null, null, 0, null, Map.of(), Trust.MISSING, HASH);
  }
}
