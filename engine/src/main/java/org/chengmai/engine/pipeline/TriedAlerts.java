package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Grade;
import org.jspecify.annotations.Nullable;

/** The alerts that anomalies of a tried past would have made. Not thread-safe. */
final class TriedAlerts {
  private final Map<String, Alerted> open = new HashMap<>();
  private final List<Alerted> over = new ArrayList<>();

  /**
   * An alert that would have been.
   *
   * @param grade the severest that it reached
   * @param to the first period without it, null when it never ended
   * @param value at its beginning
   * @param band what was expected then, null where the detector expects nothing
   * @param score the greatest
   */
  public record Alerted(
      String detector,
      String region,
      String dimensions,
      Grade grade,
      Instant from,
      @Nullable Instant to,
      @Nullable Double value,
      @Nullable Band band,
      double score,
      List<String> zh,
      List<String> en) {

    private static Alerted of(Anomaly anomaly) {
      return new Alerted(
          anomaly.detector(),
          anomaly.key().region(),
          anomaly.key().dimensionText(),
          anomaly.grade(),
          anomaly.periodStart(),
          null,
          anomaly.value(),
          anomaly.band(),
          anomaly.score(),
          anomaly.reasons().zh(),
          anomaly.reasons().en());
    }

    private Alerted with(Grade other, double otherScore, @Nullable Instant end) {
      return new Alerted(
          detector,
          region,
          dimensions,
          grade.compareTo(other) < 0 ? other : grade,
          from,
          end,
          value,
          band,
          Math.max(score, otherScore),
          zh,
          en);
    }
  }

  /** Takes an anomaly; true when an alert begins with it. */
  boolean take(Anomaly anomaly) {
    String fingerprint = anomaly.key() + " " + anomaly.detector();
    Alerted held = open.get(fingerprint);
    switch (anomaly.status()) {
      case FIRING ->
          open.put(
              fingerprint,
              held == null
                  ? Alerted.of(anomaly)
                  : held.with(anomaly.grade(), anomaly.score(), null));
      case CLEARED -> {
        if (held != null) {
          open.remove(fingerprint);
          over.add(held.with(held.grade(), held.score(), anomaly.periodStart()));
        }
      }
      case PENDING -> {}
    }
    return anomaly.status() == Anomaly.Status.FIRING && held == null;
  }

  /** All of them by their beginnings, those that never ended among them. */
  List<Alerted> all() {
    List<Alerted> all = new ArrayList<>(over);
    all.addAll(open.values());
    all.sort(Comparator.comparing(Alerted::from).thenComparing(Alerted::region));
    return all;
  }
}
