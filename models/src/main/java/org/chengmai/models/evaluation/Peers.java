package org.chengmai.models.evaluation;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Simple rivals under the same protocol: a detector that does not beat them has no place. */
public final class Peers {

  /** What a threshold is laid on. */
  public enum Decision {
    /** The model's strangeness as it is: quick on a spike. */
    THRESHOLD,
    /**
     * How unlikely the mean strangeness of the last ten rows is among the means of the 4,000 rows
     * before them: sees what lasts.
     */
    LIKELIHOOD;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private Peers() {}

  /** The rivals that need nothing of other people's, by name. */
  public static Map<String, Strangeness.Making> models() {
    Map<String, Strangeness.Making> models = new LinkedHashMap<>();
    models.put("windowed-gaussian", (grain, dayClass) -> WindowedGaussian::new);
    models.put("seasonal-median", (grain, dayClass) -> () -> new SeasonalMedian(grain, dayClass));
    return models;
  }

  /** A rival's bare strangeness: every row is an alarm of its own, as strange as it is. */
  public static RowScorer.Kind raw(String name, Strangeness.Making making) {
    return RowScorer.Kind.of(
        name,
        (grain, dayClass) -> {
          var models = making.of(grain, dayClass);
          return () -> models.get()::next;
        });
  }

  /** A rival with a decision layer: an alarm from a threshold on, then silence for 100 rows. */
  public static RowScorer.Kind deciding(
      String name, Strangeness.Making making, Decision decision, double threshold) {
    return RowScorer.Kind.of(
        name + "+" + decision.key(),
        (grain, dayClass) -> {
          var models = making.of(grain, dayClass);
          return () -> new PeerAlarms(models.get(), decision, threshold);
        });
  }

  /** What the decision layer lays its threshold on, for the strangeness of a series' rows. */
  public static double[] scores(double[] strangeness, Decision decision) {
    return PeerAlarms.scores(strangeness, decision);
  }

  /** The alarms that scores make at a threshold, with silence after each. */
  public static double[] decide(double[] scores, double threshold) {
    return PeerAlarms.decide(scores, threshold);
  }
}
