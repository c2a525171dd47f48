package org.chengmai.models.evaluation;

import java.time.Instant;
import java.util.Arrays;

/**
 * A peer's model with a decision layer, which is worth more than the model below it: an alarm from
 * a threshold on, and silence for a hundred rows after it. Bare strangeness has no such thing, and
 * is far worse without it.
 *
 * <p>Source of the likelihood: Ahmad et al., Unsupervised real-time anomaly detection for streaming
 * data, 2017.
 */
final class PeerAlarms implements RowScorer {
  private static final int SHORT = 10;
  private static final int LONG = 4_000;
  private static final int LEAST = 150;
  private static final double MOST = 30;
  private static final int SILENCE = 100;

  private final Strangeness model;
  private final Peers.Decision decision;
  private final double threshold;
  private final double[] recent = new double[SHORT];
  private final double[] means = new double[LONG];
  private final double[] delayed = new double[SHORT];
  private long rows;
  private long settled;
  private double sum;
  private double squares;
  private int quiet;
  private double score;

  PeerAlarms(Strangeness model, Peers.Decision decision, double threshold) {
    this.model = model;
    this.decision = decision;
    this.threshold = threshold;
  }

  @Override
  public double next(Instant time, double value) {
    double strangeness = model.next(time, value);
    score = decision == Peers.Decision.LIKELIHOOD ? likelihood(strangeness) : strangeness;
    return decide();
  }

  @Override
  public double strangeness() {
    return score;
  }

  private double decide() {
    if (quiet > 0) {
      quiet--;
      return 0;
    }
    if (!(score >= threshold)) {
      return 0;
    }
    quiet = SILENCE;
    return score;
  }

  /** What the threshold is laid on, for each row's strangeness; no strangeness passes as 0. */
  static double[] scores(double[] strangeness, Peers.Decision decision) {
    PeerAlarms silent = new PeerAlarms((time, value) -> value, decision, Double.POSITIVE_INFINITY);
    double[] scores = new double[strangeness.length];
    for (int row = 0; row < scores.length; row++) {
      silent.next(Instant.EPOCH, strangeness[row]);
      scores[row] = silent.strangeness();
    }
    return scores;
  }

  /** The alarms that scores make at a threshold. */
  static double[] decide(double[] scores, double threshold) {
    double[] alarms = new double[scores.length];
    for (int row = 0; row < alarms.length; row++) {
      if (scores[row] >= threshold) {
        alarms[row] = scores[row];
        row += SILENCE;
      }
    }
    return alarms;
  }

  private double likelihood(double strangeness) {
    recent[(int) (rows % SHORT)] = strangeness;
    double now = Arrays.stream(recent).sum() / SHORT;
    double answer = 0;
    if (settled > LEAST) {
      double count = Math.min(settled, LONG);
      double mean = sum / count;
      double spread = Math.sqrt(Math.max(0, squares / count - mean * mean));
      double z = (now - mean) / Math.max(spread, 0.01 * Math.abs(mean) + 1e-4);
      answer = z <= 0 ? 0 : Math.min(MOST, NormalTail.minusLog10(z));
    }
    if (rows >= 2 * SHORT) {
      double old = delayed[(int) (rows % SHORT)];
      int place = (int) (settled % LONG);
      sum += old - means[place];
      squares += old * old - means[place] * means[place];
      means[place] = old;
      settled++;
    }
    delayed[(int) (rows % SHORT)] = now;
    rows++;
    return answer;
  }
}
