package org.chengmai.models.stream;

import java.util.Arrays;

/**
 * What the channels weigh and how alarms hold each other back: one set for all series.
 *
 * @param channels one per {@link Channel}, in its order
 * @param mix how much the second strongest channel adds to the strongest
 * @param budget how much the threshold rises for each recent alarm of the series
 * @param silence periods after an alarm without a further one
 */
public record Weights(double[] channels, double mix, double budget, double silence) {
  /** A series forgets an alarm by this factor a period: half of it in about 1,400 periods. */
  public static final double BUDGET_DECAY = 0.9995;

  private static final double LONGEST_SILENCE_DAYS = 3;
  private static final double SHORTEST_SILENCE = 7;

  private static final Weights FITTED =
      new Weights(
          new double[] {
            1.103, 0.044, 0.090, 0.021, 1.066, 1.066, 3.000, 3.000, 0.020, 0.970, 1.110, 1.110,
            0.924, 0.231, 0.359, 0.359, 0.776, 0.776, 0.413, 0.413, 0.917, 1.422, 0.383, 0.183,
            2.247, 0.405, 0.024, 0.389
          },
          0.235,
          0.0118,
          94);

  public Weights {
    channels = channels.clone();
  }

  /**
   * Where every search starts: likelihoods count less because they are normal tails of what is not.
   */
  public static Weights plain() {
    double[] channels = new double[Channel.COUNT];
    for (Channel channel : Channel.ALL) {
      channels[channel.ordinal()] = channel.isLikelihood() ? 0.4 : 1;
    }
    return new Weights(channels, 0.08, 0.07, 110);
  }

  /** What ships: searched for all aims at once, see docs/models.md. */
  public static Weights fitted() {
    return FITTED;
  }

  /** Periods of silence where a day has so many periods. */
  public double silence(double periodsPerDay) {
    return Math.min(silence, Math.max(SHORTEST_SILENCE, LONGEST_SILENCE_DAYS * periodsPerDay));
  }

  /** What the channels come to: the strongest, and a share of the second strongest. */
  public double weigh(double[] scores, int from) {
    double first = 0;
    double second = 0;
    for (int i = 0; i < channels.length; i++) {
      double score = channels[i] * Math.min(Channel.ALL[i].most(), scores[from + i]);
      if (score > first) {
        second = first;
        first = score;
      } else if (score > second) {
        second = score;
      }
    }
    return first + mix * second;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Weights weights
        && Arrays.equals(channels, weights.channels)
        && mix == weights.mix
        && budget == weights.budget
        && silence == weights.silence;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(channels);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Channel channel : Channel.ALL) {
      text.append("%s %.3f, ".formatted(channel, channels[channel.ordinal()]));
    }
    return text.append("mix %.3f, budget %.3f, silence %.0f".formatted(mix, budget, silence))
        .toString();
  }
}
