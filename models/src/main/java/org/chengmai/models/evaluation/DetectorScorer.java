package org.chengmai.models.evaluation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.models.DayClass;
import org.jspecify.annotations.Nullable;

/**
 * The detectors that watch a series together, as one scorer: an alarm begins where the episode of
 * any of them begins, and it is as strange as the strangest.
 */
public final class DetectorScorer implements RowScorer {
  private static final SeriesKey KEY = SeriesKey.of("EVALUATION", "0");

  private final Grain grain;
  private final List<Watch<?>> watches;

  private DetectorScorer(Grain grain, List<Detector<?>> detectors) {
    this.grain = grain;
    this.watches = detectors.stream().<Watch<?>>map(Watch::new).toList();
  }

  /** A kind of scorer from the detectors of a grain, which all its series share. */
  public static RowScorer.Kind kind(
      String name, BiFunction<Grain, Function<LocalDate, DayClass>, List<Detector<?>>> making) {
    return RowScorer.Kind.of(
        name,
        (grain, dayClass) -> {
          List<Detector<?>> detectors = List.copyOf(making.apply(grain, dayClass));
          return () -> new DetectorScorer(grain, detectors);
        });
  }

  @Override
  public double next(Instant time, double value) {
    return feed(
        new DetectorEvent.Point(
            new IndicatorPoint(
                KEY, 1, time, grain, value, null, null, 1, Trust.COMPLETE, 1, time, "")));
  }

  @Override
  public double missing(Instant time) {
    return feed(new DetectorEvent.Missing(KEY, time, grain));
  }

  @Override
  public double strangeness() {
    return watches.stream().mapToDouble(watch -> watch.score).max().orElse(0);
  }

  @Override
  public @Nullable Band expected() {
    for (Watch<?> watch : watches) {
      Band band = watch.band();
      if (band != null) {
        return band;
      }
    }
    return null;
  }

  private double feed(DetectorEvent event) {
    double strangest = 0;
    for (Watch<?> watch : watches) {
      strangest = Math.max(strangest, watch.feed(event));
    }
    return strangest;
  }

  /** One detector with its state. */
  private static final class Watch<S> {
    private final Detector<S> detector;
    private S state;
    private boolean isOpen;
    private double score;

    Watch(Detector<S> detector) {
      this.detector = detector;
      this.state = detector.initial(KEY);
    }

    double feed(DetectorEvent event) {
      Detector.Step<S> step = detector.next(state, event);
      state = step.state();
      double began = 0;
      for (Anomaly anomaly : step.anomalies()) {
        boolean isFiring = anomaly.status() == Anomaly.Status.FIRING;
        if (isFiring && !isOpen) {
          began = anomaly.score();
        }
        isOpen = isFiring;
        score = isFiring ? anomaly.score() : 0;
      }
      return began;
    }

    @Nullable Band band() {
      return detector.band(state);
    }
  }
}
