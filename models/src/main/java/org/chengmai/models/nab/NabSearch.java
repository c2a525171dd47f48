package org.chengmai.models.nab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.chengmai.models.stream.Channel;
import org.chengmai.models.stream.Weights;

/**
 * Looks for weights on the benchmark, by a seed, in two ways. {@link #average} draws weights around
 * the plain ones and takes the mean of the best few per cent: it learns little from the labels, and
 * what it learns holds elsewhere. {@link #climb} goes on from the best with small changes and
 * crossings: it finds the benchmark's optimum, of which less holds elsewhere. The objective is the
 * mean over the profiles, each with its own threshold. Counts its tries. Not thread-safe.
 */
final class NabSearch {
  /** The threshold about which the weights are scaled. */
  static final double MIDDLE = 4;

  private static final double[] STEPS = {
    0.75, 0.82, 0.88, 0.92, 0.96, 1, 1.04, 1.09, 1.15, 1.25, 1.4, 1.6
  };
  static final double[] THRESHOLDS = new double[STEPS.length];

  static {
    for (int i = 0; i < STEPS.length; i++) {
      THRESHOLDS[i] = MIDDLE * STEPS[i];
    }
  }

  private static final int DRAWN = 2400;
  private static final double BEST_SHARE = 0.05;
  private static final double WIDTH = 0.5;

  /** What the thresholds beside the best one count: a lone peak is luck. */
  private static final double SMOOTHING = 0.4;

  private static final int ISLANDS = 2;
  private static final int POPULATION = 12;
  private static final double SMALL = 0.25;
  private static final double CHANGED = 0.15;
  private static final double LEAST = 0.35;
  private static final double MOST = 2;
  private static final double LONGEST_SILENCE = 300;
  private static final double SHORTEST_SILENCE = 30;
  private static final double MOST_MIX = 0.6;

  private final List<NabTrack> tracks;
  private final long seed;
  private final List<Tried> drawn = new ArrayList<>();
  private int tries;

  /** Weights and what they came to on each track, by threshold. */
  private record Tried(Weights weights, NabTrack.Outcome[][] outcomes) {}

  /** Weights that were found, and the threshold of each profile, in the profiles' order. */
  record Found(Weights weights, double[] thresholds, double objective) {}

  NabSearch(List<NabTrack> tracks, long seed) {
    this.tracks = List.copyOf(tracks);
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    Weights plain = Weights.plain();
    drawn.add(attempt(plain));
    while (drawn.size() < DRAWN) {
      drawn.add(attempt(change(plain, random, WIDTH, 0.6)));
    }
  }

  int tries() {
    return tries;
  }

  /** The mean of the best of the drawn weights, by the tracks that may be looked at. */
  Found average(Predicate<NabTrack> isSeen) {
    List<Found> best = best(isSeen, SMOOTHING).subList(0, (int) (BEST_SHARE * DRAWN));
    double[] thresholds = new double[NabScorer.Profile.values().length];
    for (Found one : best) {
      for (int i = 0; i < thresholds.length; i++) {
        thresholds[i] += one.thresholds()[i] / best.size();
      }
    }
    return new Found(mean(best.stream().map(Found::weights).toList()), thresholds, Double.NaN);
  }

  /** The best weights found in some steps from the best of the drawn ones. */
  Found climb(Predicate<NabTrack> isSeen, int steps) {
    List<Found> start = best(isSeen, 0);
    SplittableRandom random = new SplittableRandom(seed + 17);
    Found best = start.get(0);
    for (int island = 0; island < ISLANDS; island++) {
      List<Found> population = new ArrayList<>();
      for (int i = 0; i < POPULATION; i++) {
        population.add(start.get(i * ISLANDS + island));
      }
      for (int step = 0; step < steps; step++) {
        Weights one = population.get(random.nextInt(POPULATION)).weights();
        Weights other = population.get(random.nextInt(POPULATION)).weights();
        double share = random.nextBoolean() ? random.nextDouble() : 0;
        Weights crossed = combine(List.of(one, other), new double[] {1 - share, share});
        Found found = found(attempt(change(crossed, random, SMALL, CHANGED)), isSeen, 0);
        Found worst =
            java.util.Collections.min(population, Comparator.comparingDouble(Found::objective));
        if (found.objective() > worst.objective()) {
          population.set(population.indexOf(worst), found);
        }
        best = found.objective() > best.objective() ? found : best;
      }
    }
    return best;
  }

  private List<Found> best(Predicate<NabTrack> isSeen, double smoothing) {
    return drawn.stream()
        .map(one -> found(one, isSeen, smoothing))
        .sorted(Comparator.comparingDouble(Found::objective).reversed())
        .toList();
  }

  private Tried attempt(Weights weights) {
    tries++;
    NabTrack.Outcome[][] outcomes = new NabTrack.Outcome[tracks.size()][];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = tracks.get(i).judge(weights, THRESHOLDS);
    }
    return new Tried(weights, outcomes);
  }

  /** Chooses thresholds, and scales the weights so that the standard profile's is the middle. */
  private Found found(Tried tried, Predicate<NabTrack> isSeen, double smoothing) {
    NabScorer.Profile[] profiles = NabScorer.Profile.values();
    double[] thresholds = new double[profiles.length];
    double sum = 0;
    for (int p = 0; p < profiles.length; p++) {
      double[] scores = new double[STEPS.length];
      for (int t = 0; t < STEPS.length; t++) {
        double raw = 0;
        int windows = 0;
        for (int i = 0; i < tracks.size(); i++) {
          if (isSeen.test(tracks.get(i))) {
            raw += tried.outcomes()[i][t].raw(profiles[p]);
            windows += tracks.get(i).windows;
          }
        }
        scores[t] = profiles[p].scaled(raw, windows);
      }
      double best = Double.NEGATIVE_INFINITY;
      for (int t = 0; t < STEPS.length; t++) {
        double beside =
            (scores[Math.max(0, t - 1)] + scores[Math.min(STEPS.length - 1, t + 1)]) / 2;
        double score = (1 - smoothing) * scores[t] + smoothing * beside;
        if (score > best) {
          best = score;
          thresholds[p] = THRESHOLDS[t];
        }
      }
      sum += best;
    }
    double scale = MIDDLE / thresholds[0];
    for (int p = 0; p < thresholds.length; p++) {
      thresholds[p] *= scale;
    }
    return new Found(scaled(tried.weights(), scale), thresholds, sum / profiles.length);
  }

  private static Weights scaled(Weights weights, double scale) {
    double[] channels = weights.channels().clone();
    for (int i = 0; i < channels.length; i++) {
      channels[i] *= scale;
    }
    return new Weights(channels, weights.mix(), weights.budget() * scale, weights.silence());
  }

  private static Weights mean(List<Weights> all) {
    double[] shares = new double[all.size()];
    java.util.Arrays.fill(shares, 1.0 / all.size());
    return combine(all, shares);
  }

  private static Weights combine(List<Weights> all, double[] shares) {
    double[] channels = new double[Channel.COUNT];
    double mix = 0;
    double budget = 0;
    double silence = 0;
    for (int i = 0; i < shares.length; i++) {
      Weights one = all.get(i);
      double[] ones = one.channels();
      for (int j = 0; j < channels.length; j++) {
        channels[j] += shares[i] * ones[j];
      }
      mix += shares[i] * one.mix();
      budget += shares[i] * one.budget();
      silence += shares[i] * one.silence();
    }
    return new Weights(channels, mix, budget, silence);
  }

  /** Multiplies some of the numbers by random factors, within bounds about the plain weights. */
  private static Weights change(
      Weights weights, SplittableRandom random, double size, double share) {
    double[] plain = Weights.plain().channels();
    double[] channels = weights.channels().clone();
    for (int i = 0; i < channels.length; i++) {
      double changed = channels[i] * factor(random, size, share);
      channels[i] = Math.max(LEAST * plain[i], Math.min(MOST * plain[i], changed));
    }
    double silence = weights.silence() * factor(random, size, share);
    return new Weights(
        channels,
        Math.min(MOST_MIX, weights.mix() * factor(random, size, share)),
        weights.budget() * factor(random, size, share),
        Math.max(SHORTEST_SILENCE, Math.min(LONGEST_SILENCE, silence)));
  }

  static double factor(SplittableRandom random, double size, double share) {
    return random.nextDouble() < share ? Math.exp(size * gaussian(random)) : 1;
  }

  static double gaussian(SplittableRandom random) {
    // Twelve uniform numbers, as Java 17's SplittableRandom has no seeded normal of its own.
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }
}
