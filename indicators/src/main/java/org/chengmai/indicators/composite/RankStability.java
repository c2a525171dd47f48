package org.chengmai.indicators.composite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * How far the order of regions depends on the choice of weights: all weights are multiplied by
 * random factors, again and again, and the orders compared. Regions without an index are left out.
 *
 * @param spread 0.2: factors are drawn evenly from 0.8 to 1.2, then the weights scaled to sum 1
 * @param draws how many times
 * @param seed the same seed draws the same factors
 * @param meanTau mean over the draws of Kendall's tau-b between the order and the drawn one: 1 the
 *     same, 0 unrelated, −1 opposite
 * @param leastTau the least of them
 * @param regions by rank, then by code
 */
public record RankStability(
    double spread,
    int draws,
    long seed,
    double meanTau,
    double leastTau,
    List<RegionRank> regions) {
  private static final double SPREAD = 0.2;

  /**
   * One region's rank.
   *
   * @param rank 1 is the greatest score; equal scores share the better rank
   * @param kept the share of draws in which the rank is the same
   */
  public record RegionRank(String region, double score, int rank, double kept) {}

  public RankStability {
    regions = List.copyOf(regions);
  }

  /**
   * Draws weights. Time grows with draws and the square of regions: 1,000 draws of 100 regions take
   * one to two seconds.
   *
   * @param readings by region code, then by input code
   * @throws ChengmaiException INVALID_INPUT when fewer than two regions have an index, or without
   *     draws
   */
  public static RankStability of(
      CompositeIndex index, Map<String, Map<String, Reading>> readings, int draws, long seed) {
    List<String> regions = new ArrayList<>();
    new TreeMap<>(readings)
        .forEach(
            (region, inputs) -> {
              if (index.value(inputs).score() != null) {
                regions.add(region);
              }
            });
    if (regions.size() < 2 || draws < 1) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "%s: rank stability needs two regions with an index or more and a draw, has %s and %d"
              .formatted(index.code(), regions, draws));
    }
    double[] scores = scores(index, index.weights(), regions, readings);
    int[] ranks = ranks(scores);
    int[] kept = new int[ranks.length];
    double sum = 0;
    double least = 1;
    Random random = new Random(seed);
    for (int draw = 0; draw < draws; draw++) {
      double[] drawn = scores(index, index.weights().perturbed(random, SPREAD), regions, readings);
      int[] drawnRanks = ranks(drawn);
      for (int i = 0; i < ranks.length; i++) {
        kept[i] += ranks[i] == drawnRanks[i] ? 1 : 0;
      }
      double tau = tau(scores, drawn);
      sum += tau;
      least = Math.min(least, tau);
    }
    List<RegionRank> result = new ArrayList<>();
    for (int i = 0; i < ranks.length; i++) {
      result.add(new RegionRank(regions.get(i), scores[i], ranks[i], (double) kept[i] / draws));
    }
    result.sort(Comparator.comparingInt(RegionRank::rank).thenComparing(RegionRank::region));
    return new RankStability(SPREAD, draws, seed, sum / draws, least, result);
  }

  /**
   * Kendall's tau-b of two orders, which allows for equal figures; 1 when nothing is ordered in
   * either, 0 when in one of them only.
   */
  static double tau(double[] one, double[] other) {
    long agreeing = 0;
    long ordered = 0;
    long otherOrdered = 0;
    for (int i = 0; i < one.length; i++) {
      for (int j = 0; j < i; j++) {
        int sign = Double.compare(one[i], one[j]);
        int otherSign = Double.compare(other[i], other[j]);
        agreeing += (long) sign * otherSign;
        ordered += Math.abs(sign);
        otherOrdered += Math.abs(otherSign);
      }
    }
    if (ordered == 0 || otherOrdered == 0) {
      return ordered == otherOrdered ? 1 : 0;
    }
    return agreeing / Math.sqrt((double) ordered * otherOrdered);
  }

  private static double[] scores(
      CompositeIndex index,
      Weights weights,
      List<String> regions,
      Map<String, Map<String, Reading>> readings) {
    return regions.stream()
        .mapToDouble(region -> index.score(weights, readings.getOrDefault(region, Map.of())))
        .toArray();
  }

  private static int[] ranks(double[] scores) {
    int[] ranks = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      ranks[i] = 1;
      for (double other : scores) {
        ranks[i] += other > scores[i] ? 1 : 0;
      }
    }
    return ranks;
  }
}
