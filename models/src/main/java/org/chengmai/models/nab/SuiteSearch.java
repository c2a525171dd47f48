package org.chengmai.models.nab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ObjIntConsumer;
import org.chengmai.models.evaluation.FaultTracks;
import org.chengmai.models.stream.Channel;
import org.chengmai.models.stream.Threshold;
import org.chengmai.models.stream.Weights;

/**
 * Looks for the weights that ship, for three aims at once: faults found, silence where nothing is
 * wrong, and the benchmark's goals. Goes on from given weights by small seeded changes and keeps
 * what is better. Counts its tries. Not thread-safe.
 */
public final class SuiteSearch {
  /** A little quieter than the goal of 1, as other seeds will be louder. */
  private static final double MOST_FALSE_ALARMS = 0.85;

  /** A little above the benchmark's goals, in the profiles' order. */
  private static final double[] GOALS = {75.3, 67.3, 80.6};

  private static final double FALSE_ALARM_COSTS = 12;
  private static final double GOAL_COSTS = 3;
  private static final double FIRST_SIZE = 0.36;
  private static final double LAST_SIZE = 0.06;
  private static final double LEAST_CHANGED = 0.12;
  private static final double CHANGED_RANGE = 0.15;
  private static final double LEAST_WEIGHT = 0.02;
  private static final double MOST_WEIGHT = 3;
  private static final double MOST_MIX = 0.6;
  private static final double SHORTEST_SILENCE = 30;
  private static final double LONGEST_SILENCE = 300;

  private final List<NabTrack> benchmark;
  private final List<FaultTracks> cities;
  private int tries;

  /**
   * Weights and what they come to.
   *
   * @param operating the threshold at a grain of five minutes
   * @param cities faults found and false alarms, for each seed
   * @param benchmark scores in the profiles' order, each at its best threshold
   * @param thresholds these thresholds
   * @param value what was sought for: higher is better
   */
  public record Found(
      Weights weights,
      double operating,
      List<FaultTracks.Outcome> cities,
      List<Double> benchmark,
      List<Double> thresholds,
      double value) {}

  /**
   * @param nab folder of the benchmark
   */
  public SuiteSearch(Path nab, List<FaultTracks> cities) {
    this.benchmark =
        NabLabels.read(nab).entrySet().stream()
            .map(entry -> new NabTrack(NabSeries.read(nab, entry.getKey()), entry.getValue()))
            .toList();
    this.cities = List.copyOf(cities);
  }

  public int tries() {
    return tries;
  }

  /** The weights that ship, as they stand. */
  public Found shipped() {
    return judge(Weights.fitted(), Threshold.OPERATING.score());
  }

  /**
   * The best found in some steps, of which the first are the greatest.
   *
   * @param progress hears of the best after each step
   */
  public Found climb(Found start, long seed, int steps, ObjIntConsumer<Found> progress) {
    SplittableRandom random = new SplittableRandom(seed);
    Found best = start;
    for (int step = 0; step < steps; step++) {
      double size = LAST_SIZE + (FIRST_SIZE - LAST_SIZE) * (1 - step / (double) steps);
      double share = LEAST_CHANGED + CHANGED_RANGE * random.nextDouble();
      Weights weights = change(best.weights(), random, size, share);
      double threshold =
          random.nextDouble() < share
              ? best.operating() + size * NabSearch.gaussian(random)
              : best.operating();
      Found found = judge(weights, threshold);
      best = found.value() > best.value() ? found : best;
      progress.accept(best, step + 1);
    }
    return best;
  }

  private Found judge(Weights weights, double operating) {
    tries++;
    List<FaultTracks.Outcome> outcomes =
        cities.stream().map(city -> city.judge(weights, operating)).toList();
    double recall = outcomes.stream().mapToDouble(FaultTracks.Outcome::recall).average().orElse(0);
    double falseAlarms =
        outcomes.stream().mapToDouble(FaultTracks.Outcome::falseAlarms).average().orElse(0);
    double value = 100 * recall - FALSE_ALARM_COSTS * Math.max(0, falseAlarms - MOST_FALSE_ALARMS);
    List<NabTrack.Outcome[]> alarms =
        benchmark.stream().map(track -> track.judge(weights, NabSearch.THRESHOLDS)).toList();
    int windows = benchmark.stream().mapToInt(track -> track.windows).sum();
    List<Double> scores = new ArrayList<>();
    List<Double> thresholds = new ArrayList<>();
    for (NabScorer.Profile profile : NabScorer.Profile.values()) {
      double best = Double.NEGATIVE_INFINITY;
      double at = 0;
      for (int i = 0; i < NabSearch.THRESHOLDS.length; i++) {
        double raw = 0;
        for (NabTrack.Outcome[] outcome : alarms) {
          raw += outcome[i].raw(profile);
        }
        double score = profile.scaled(raw, windows);
        if (score > best) {
          best = score;
          at = NabSearch.THRESHOLDS[i];
        }
      }
      scores.add(best);
      thresholds.add(at);
      value -= GOAL_COSTS * Math.max(0, GOALS[profile.ordinal()] - best);
    }
    return new Found(weights, operating, outcomes, scores, thresholds, value);
  }

  private static Weights change(
      Weights weights, SplittableRandom random, double size, double share) {
    double[] channels = weights.channels().clone();
    for (Channel channel : Channel.values()) {
      int i = channel.ordinal();
      double changed = channels[i] * NabSearch.factor(random, size, share);
      channels[i] =
          channel.isTwin()
              ? channels[i - 1]
              : Math.max(LEAST_WEIGHT, Math.min(MOST_WEIGHT, changed));
    }
    double silence = weights.silence() * NabSearch.factor(random, size, share);
    return new Weights(
        channels,
        Math.min(MOST_MIX, weights.mix() * NabSearch.factor(random, size, share)),
        weights.budget() * NabSearch.factor(random, size, share),
        Math.max(SHORTEST_SILENCE, Math.min(LONGEST_SILENCE, silence)));
  }
}
