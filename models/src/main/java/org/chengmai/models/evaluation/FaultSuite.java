package org.chengmai.models.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.chengmai.models.evaluation.FaultReport.Outcome;

/**
 * Real series with one fault each, put in by a seed: whoever gives the same series and seed gets
 * the same faults. Immutable.
 */
public final class FaultSuite {
  private final List<TimedSeries> series;
  private final List<Placed> faults = new ArrayList<>();

  /** A fault and the series, by its place in the list, that it was put into. */
  record Placed(int series, Fault fault) {}

  /**
   * @param repeats faults of each kind in each series, each in a copy of its own
   */
  public FaultSuite(List<TimedSeries> series, long seed, int repeats) {
    this.series = List.copyOf(series);
    for (int index = 0; index < series.size(); index++) {
      TimedSeries one = series.get(index);
      Course course = new Course(one);
      for (FaultKind kind : FaultKind.values()) {
        for (int repeat = 0; repeat < repeats; repeat++) {
          // All series of a set draw the same place where they go wrong together.
          String who = kind == FaultKind.CORRELATED ? one.set() : one.set() + "/" + one.name();
          SplittableRandom random =
              new SplittableRandom(seed * 31 + (who + "/" + kind + "/" + repeat).hashCode());
          int place = index;
          Fault.into(one, course, kind, random)
              .ifPresent(fault -> faults.add(new Placed(place, fault)));
        }
      }
    }
  }

  public int events() {
    return faults.size();
  }

  /** Judges with a scorer that decides by itself. */
  public FaultReport judge(RowScorer.Kind kind) {
    List<double[]> undisturbed =
        series.stream().map(one -> one.alarms(kind, one.values().length)).toList();
    List<Outcome> outcomes = new ArrayList<>();
    for (Placed placed : faults) {
      Fault fault = placed.fault();
      outcomes.add(
          Outcome.of(
              fault, fault.series().alarms(kind, fault.until()), undisturbed.get(placed.series())));
    }
    return report(kind.name(), Double.NaN, outcomes, undisturbed);
  }

  /**
   * Judges with a peer, once for each decision layer, whose threshold is chosen on these very
   * series without their faults: the lowest at which it alarms no more often than {@code ours}.
   * That favours the peer.
   */
  public List<FaultReport> judge(String name, Strangeness.Making making, FaultReport ours) {
    double allowed = ours.undisturbedAlarmsPer100SeriesWeeks() * ours.seriesWeeks() / 100;
    RowScorer.Kind raw = Peers.raw(name, making);
    // The model is the slow part: it judges each series once, for all decision layers.
    List<double[]> undisturbed =
        series.stream().map(one -> one.alarms(raw, one.values().length)).toList();
    List<double[]> disturbed =
        faults.stream()
            .map(placed -> placed.fault().series().alarms(raw, placed.fault().until()))
            .toList();
    List<FaultReport> reports = new ArrayList<>();
    for (Peers.Decision decision : Peers.Decision.values()) {
      List<double[]> scores =
          undisturbed.stream().map(one -> PeerAlarms.scores(one, decision)).toList();
      double threshold = threshold(scores, allowed);
      List<double[]> decided =
          scores.stream().map(one -> PeerAlarms.decide(one, threshold)).toList();
      List<Outcome> outcomes = new ArrayList<>();
      for (int index = 0; index < faults.size(); index++) {
        outcomes.add(
            Outcome.of(
                faults.get(index).fault(),
                PeerAlarms.decide(PeerAlarms.scores(disturbed.get(index), decision), threshold),
                decided.get(faults.get(index).series())));
      }
      reports.add(report(name + "+" + decision.key(), threshold, outcomes, decided));
    }
    return reports;
  }

  /**
   * The control: the same alarms, but each fault's rows moved to a random place of the judged part.
   * Who is found there is found by chance.
   */
  FaultReport judgeElsewhere(RowScorer.Kind kind, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<double[]> undisturbed =
        series.stream().map(one -> one.alarms(kind, one.values().length)).toList();
    List<Outcome> outcomes = new ArrayList<>();
    for (Placed placed : faults) {
      Fault fault = placed.fault();
      int rows = fault.series().values().length;
      int length = fault.until() - fault.from();
      int from = random.nextInt((int) (Fault.LEARNT * rows), rows - length);
      Fault moved =
          new Fault(
              fault.kind(), fault.series(), from, from + fault.to() - fault.from(), fault.size());
      outcomes.add(
          Outcome.of(
              moved,
              series.get(placed.series()).alarms(kind, moved.until()),
              undisturbed.get(placed.series())));
    }
    return report(kind.name(), Double.NaN, outcomes, undisturbed);
  }

  List<TimedSeries> series() {
    return series;
  }

  List<Placed> faults() {
    return List.copyOf(faults);
  }

  /** The first rows of the faults of a kind. */
  List<Integer> places(FaultKind kind) {
    return faults.stream()
        .map(Placed::fault)
        .filter(fault -> fault.kind() == kind)
        .map(Fault::from)
        .toList();
  }

  /** The lowest score at which no more alarms begin than are allowed, by halving. */
  private static double threshold(List<double[]> scores, double allowed) {
    double[] sorted =
        scores.stream().flatMapToDouble(Arrays::stream).filter(one -> one > 0).sorted().toArray();
    int lowest = 0;
    int highest = sorted.length;
    while (lowest < highest) {
      int middle = (lowest + highest) >>> 1;
      double threshold = sorted[middle];
      int alarms =
          scores.stream()
              .mapToInt(one -> FaultReport.count(PeerAlarms.decide(one, threshold)))
              .sum();
      if (alarms <= allowed) {
        highest = middle;
      } else {
        lowest = middle + 1;
      }
    }
    return lowest < sorted.length ? sorted[lowest] : Double.POSITIVE_INFINITY;
  }

  private FaultReport report(
      String name, double threshold, List<Outcome> outcomes, List<double[]> undisturbed) {
    return FaultReport.of(
        name,
        threshold,
        outcomes,
        undisturbed.stream().mapToInt(FaultReport::count).sum(),
        series.stream().mapToDouble(one -> one.weeks(0, one.values().length)).sum());
  }
}
