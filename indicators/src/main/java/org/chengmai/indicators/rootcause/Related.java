package org.chengmai.indicators.rootcause;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Another indicator that moved in the same region and time. That two moved together tells where to
 * look, not which is the cause.
 *
 * @param relation in the tree of indicators
 * @param z its deviation from the same slot of the last weeks, in standard deviations
 * @param lead how its past movements lie in time to those of the indicator; null where no series
 *     were given or none of the lags stands out of chance
 */
public record Related(String code, Relation relation, double z, @Nullable Lead lead) {
  /** Readings nearer to what is usual are no movement. */
  public static final double LEAST_Z = 2;

  /** How an indicator stands to the one that is explained, the nearest first. */
  public enum Relation {
    /** One that it is computed from, or an input of such a one. */
    INPUT,
    /** One that is computed from it. */
    READER,
    SAME_DOMAIN,
    OTHER
  }

  /**
   * Those that moved: by relation, then the greatest deviation first.
   *
   * @param of what is explained
   * @param among the definitions of a city
   * @param z readings by code; codes without one are left out
   * @param series the past values by code, all of one grain and ending with the same period, null
   *     where missing; may be empty
   * @throws org.chengmai.indicators.ChengmaiException INVALID_INPUT when two series are not of one
   *     length
   */
  public static List<Related> rank(
      IndicatorDefinition of,
      Collection<IndicatorDefinition> among,
      Map<String, Double> z,
      Map<String, List<@Nullable Double>> series) {
    Map<String, List<String>> inputs = new HashMap<>();
    among.forEach(d -> inputs.put(d.code(), d.definition().indicators()));
    Set<String> below = below(of.code(), inputs);
    List<Related> moved = new ArrayList<>();
    for (IndicatorDefinition other : among) {
      Double reading = z.get(other.code());
      if (other.code().equals(of.code()) || reading == null || !(Math.abs(reading) >= LEAST_Z)) {
        continue;
      }
      Relation relation =
          below.contains(other.code())
              ? Relation.INPUT
              : below(other.code(), inputs).contains(of.code())
                  ? Relation.READER
                  : other.domain() == of.domain() ? Relation.SAME_DOMAIN : Relation.OTHER;
      List<@Nullable Double> own = series.get(of.code());
      List<@Nullable Double> others = series.get(other.code());
      Lead lead = own == null || others == null ? null : Lead.between(own, others).orElse(null);
      moved.add(new Related(other.code(), relation, reading, lead));
    }
    moved.sort(
        Comparator.comparing(Related::relation)
            .thenComparing(related -> -Math.abs(related.z()))
            .thenComparing(Related::code));
    return moved;
  }

  /** The codes that one reads, directly or through others. */
  private static Set<String> below(String code, Map<String, List<String>> inputs) {
    Set<String> seen = new HashSet<>();
    List<String> open = new ArrayList<>(inputs.getOrDefault(code, List.of()));
    while (!open.isEmpty()) {
      String next = open.remove(open.size() - 1);
      if (seen.add(next)) {
        open.addAll(inputs.getOrDefault(next, List.of()));
      }
    }
    return seen;
  }
}
