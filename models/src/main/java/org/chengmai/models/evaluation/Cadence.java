package org.chengmai.models.evaluation;

import java.time.Duration;
import java.util.List;
import org.chengmai.indicators.Grain;

/** How often a series has rows, told from its first ones. */
public final class Cadence {
  private static final List<String> USUAL =
      List.of(
          "PT1S", "PT5S", "PT10S", "PT15S", "PT30S", "PT1M", "PT2M", "PT3M", "PT4M", "PT5M", "PT6M",
          "PT10M", "PT12M", "PT15M", "PT20M", "PT30M", "PT1H", "PT2H", "PT3H", "PT6H", "PT12H",
          "P1D", "P1W", "P1M");

  private Cadence() {}

  /** The grain that tiles a day or a calendar and lies nearest to a step. */
  public static Grain nearest(Duration step) {
    Grain nearest = Grain.of(USUAL.get(0));
    for (String usual : USUAL) {
      Grain grain = Grain.of(usual);
      if (distance(grain, step) < distance(nearest, step)) {
        nearest = grain;
      }
    }
    return nearest;
  }

  /** The middle of some steps; five minutes for none. */
  public static Duration usual(List<Duration> steps) {
    List<Duration> sorted = steps.stream().sorted().toList();
    return sorted.isEmpty() ? Duration.ofMinutes(5) : sorted.get(sorted.size() / 2);
  }

  private static long distance(Grain grain, Duration step) {
    return grain.typical().minus(step).abs().toMillis();
  }
}
