package org.chengmai.models.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a scorer did on series with faults. An alarm counts for a fault from its first wrong row
 * until shortly after its last one.
 *
 * @param scorer who judged
 * @param threshold that a peer was given, so that it alarms no more often than ours on the
 *     undisturbed series; not a number where the scorer decides by itself
 * @param types a line for each kind of fault
 * @param recallBySet share of events found by set of series
 * @param recall share of all events found
 * @param precision share of alarms in the judged part of the series that lie in a fault
 * @param medianLatencyRows rows from a fault's first to its alarm, over the faults found
 * @param undisturbedAlarmsPer100SeriesWeeks alarms on the same series without faults; nobody
 *     labelled them, so not all of these are false
 * @param seriesWeeks length of those
 */
public record FaultReport(
    String scorer,
    double threshold,
    List<Line> types,
    Map<String, Double> recallBySet,
    int events,
    double recall,
    double precision,
    double medianLatencyRows,
    double undisturbedAlarmsPer100SeriesWeeks,
    double seriesWeeks) {

  /**
   * One kind of fault.
   *
   * @param chance share of events in whose rows the undisturbed series has an alarm as well
   */
  public record Line(
      String type,
      int events,
      int found,
      double recall,
      double chance,
      double medianLatencyRows,
      double p90LatencyRows) {}

  public FaultReport {
    types = List.copyOf(types);
    recallBySet = Map.copyOf(recallBySet);
  }

  /**
   * What became of one fault.
   *
   * @param latency rows to its alarm, negative when it was not found
   * @param byChance whether the undisturbed series has an alarm there
   * @param others alarms in the judged part before it
   */
  record Outcome(FaultKind kind, String set, int latency, boolean byChance, int others) {
    boolean isFound() {
      return latency >= 0;
    }

    /** Reads what a scorer said of a series with a fault and of the same without it. */
    static Outcome of(Fault fault, double[] alarms, double[] undisturbed) {
      int latency = -1;
      boolean byChance = false;
      int others = 0;
      int judged = (int) (Fault.LEARNT * fault.series().values().length);
      for (int row = Math.min(judged, fault.from()); row < fault.until(); row++) {
        boolean isInside = row >= fault.from();
        if (isInside && latency < 0 && alarms[row] > 0) {
          latency = row - fault.from();
        }
        byChance |= isInside && undisturbed[row] > 0;
        others += !isInside && alarms[row] > 0 ? 1 : 0;
      }
      return new Outcome(fault.kind(), fault.series().set(), latency, byChance, others);
    }
  }

  static FaultReport of(
      String scorer, double threshold, List<Outcome> outcomes, int alarms, double seriesWeeks) {
    List<Line> lines = new ArrayList<>();
    for (FaultKind kind : FaultKind.values()) {
      List<Outcome> some = outcomes.stream().filter(one -> one.kind() == kind).toList();
      double[] latencies = latencies(some);
      lines.add(
          new Line(
              kind.key(),
              some.size(),
              latencies.length,
              share(latencies.length, some.size()),
              share((int) some.stream().filter(Outcome::byChance).count(), some.size()),
              quantile(latencies, 0.5),
              quantile(latencies, 0.9)));
    }
    Map<String, List<Outcome>> sets = new TreeMap<>();
    outcomes.forEach(one -> sets.computeIfAbsent(one.set(), key -> new ArrayList<>()).add(one));
    Map<String, Double> bySet = new TreeMap<>();
    sets.forEach((set, some) -> bySet.put(set, share(latencies(some).length, some.size())));
    double[] all = latencies(outcomes);
    int others = outcomes.stream().mapToInt(Outcome::others).sum();
    return new FaultReport(
        scorer,
        threshold,
        lines,
        bySet,
        outcomes.size(),
        share(all.length, outcomes.size()),
        share(all.length, all.length + others),
        quantile(all, 0.5),
        seriesWeeks == 0 ? 0 : 100 * alarms / seriesWeeks,
        seriesWeeks);
  }

  private static double[] latencies(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome::isFound)
        .mapToDouble(Outcome::latency)
        .sorted()
        .toArray();
  }

  private static double share(int part, int whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }

  /** Of sorted values; not a number for none. */
  static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.min(sorted.length - 1, (int) Math.floor(share * sorted.length))];
  }

  /** Rows at which an alarm begins. */
  static int count(double[] alarms) {
    return (int) Arrays.stream(alarms).filter(alarm -> alarm > 0).count();
  }
}
