package org.chengmai.models.nab;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.models.AlarmConfig;
import org.chengmai.models.DayClass;
import org.chengmai.models.SeasonalDetector;

/**
 * How a detector does on the Numenta Anomaly Benchmark. Detectors see each row once, in order, and
 * nothing of the series beyond it; a detection is the row at which an episode begins.
 *
 * @param series one line per file
 * @param scores final score by profile, with every episode counted, as the detector is configured
 * @param tunedScores the same with the threshold chosen on these very files: an upper bound, not a
 *     promise
 * @param eventPrecision share of episodes that fall into a window
 * @param eventRecall share of windows found
 * @param pointsPerSecond rows judged a second, one thread
 */
public record NabReport(
    List<SeriesReport> series,
    Map<String, Double> scores,
    Map<String, Double> tunedScores,
    int windows,
    int found,
    int missed,
    int falseAlarms,
    double eventPrecision,
    double eventRecall,
    double pointsPerSecond) {

  /** One file's line. */
  public record SeriesReport(
      String name, int rows, int windows, int found, int missed, int falseAlarms) {}

  /** Windows found and missed, and detections outside all of them. */
  public record Counts(int found, int missed, int falseAlarms) {}

  static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final int[] STEPS = {
    60, 120, 180, 240, 300, 360, 600, 720, 900, 1200, 1800, 3600, 7200, 10_800
  };

  public NabReport {
    series = List.copyOf(series);
    scores = Map.copyOf(scores);
    tunedScores = Map.copyOf(tunedScores);
  }

  /**
   * Runs the seasonal detector with its defaults over the given files; all labelled files when none
   * are given.
   */
  public static NabReport run(Path folder, List<String> files) {
    return run(
        folder,
        files,
        grain -> new SeasonalDetector(grain, DayClass::usual, AlarmConfig.defaults()));
  }

  /** Runs a detector over the given files, all labelled files when none are given. */
  public static NabReport run(
      Path folder, List<String> files, Function<Grain, Detector<?>> detectors) {
    Map<String, List<NabLabels.Window>> labels = NabLabels.read(folder);
    List<SeriesReport> lines = new ArrayList<>();
    List<NabScorer.Scored> corpus = new ArrayList<>();
    long rows = 0;
    long nanos = 0;
    Counts sum = new Counts(0, 0, 0);
    for (String name : files.isEmpty() ? List.copyOf(labels.keySet()) : files) {
      List<NabLabels.Window> windows = labels.get(name);
      if (windows == null) {
        throw new ChengmaiException(
            ErrorCode.NOT_FOUND, "the benchmark has no labels for '%s'".formatted(name));
      }
      NabSeries series = NabSeries.read(folder, name);
      long start = System.nanoTime();
      double[] scores = scores(detectors.apply(grain(series.step())), series);
      nanos += System.nanoTime() - start;
      rows += scores.length;
      corpus.add(new NabScorer.Scored(scores, rows(series, windows)));
      Counts counts = count(detections(series, scores), scored(series, windows));
      sum =
          new Counts(
              sum.found() + counts.found(),
              sum.missed() + counts.missed(),
              sum.falseAlarms() + counts.falseAlarms());
      lines.add(
          new SeriesReport(
              name,
              scores.length,
              windows(counts),
              counts.found(),
              counts.missed(),
              counts.falseAlarms()));
    }
    Map<String, Double> asConfigured = new java.util.TreeMap<>();
    Map<String, Double> tuned = new java.util.TreeMap<>();
    for (NabScorer.Profile profile : NabScorer.Profile.values()) {
      asConfigured.put(profile.key(), NabScorer.score(corpus, Double.MIN_VALUE, profile));
      tuned.put(profile.key(), NabScorer.best(corpus, profile).score());
    }
    int windows = windows(sum);
    int hits = hits(corpus);
    return new NabReport(
        lines,
        asConfigured,
        tuned,
        windows,
        sum.found(),
        sum.missed(),
        sum.falseAlarms(),
        hits + sum.falseAlarms() == 0 ? 0 : (double) hits / (hits + sum.falseAlarms()),
        windows == 0 ? 0 : (double) sum.found() / windows,
        nanos == 0 ? 0 : rows * 1e9 / nanos);
  }

  /** Counts windows that hold a detection, windows that hold none, and detections in no window. */
  public static Counts count(List<LocalDateTime> detections, List<NabLabels.Window> windows) {
    int found =
        (int)
            windows.stream().filter(window -> detections.stream().anyMatch(window::holds)).count();
    int outside =
        (int)
            detections.stream()
                .filter(time -> windows.stream().noneMatch(window -> window.holds(time)))
                .count();
    return new Counts(found, windows.size() - found, outside);
  }

  /** The grain that tiles a day and lies nearest to a step. */
  static Grain grain(Duration step) {
    int nearest = STEPS[0];
    for (int seconds : STEPS) {
      if (Math.abs(seconds - step.toSeconds()) < Math.abs(nearest - step.toSeconds())) {
        nearest = seconds;
      }
    }
    return Grain.of(Duration.ofSeconds(nearest).toString());
  }

  /** One score per row: score / (score + 10) where an episode begins, else 0. */
  public static <S> double[] scores(Detector<S> detector, NabSeries series) {
    SeriesKey key = SeriesKey.of("NAB", series.name());
    S state = detector.initial(key);
    Grain grain = grain(series.step());
    double[] scores = new double[series.values().length];
    boolean isOpen = false;
    for (int row = 0; row < scores.length; row++) {
      Instant start = series.times().get(row).atZone(CHINA).toInstant();
      IndicatorPoint point =
          new IndicatorPoint(
              key,
              1,
              start,
              grain,
              series.values()[row],
              null,
              null,
              1,
              Trust.COMPLETE,
              1,
              start,
              "");
      Detector.Step<S> step = detector.next(state, new DetectorEvent.Point(point));
      state = step.state();
      for (Anomaly anomaly : step.anomalies()) {
        if (anomaly.status() == Anomaly.Status.FIRING && !isOpen) {
          scores[row] = anomaly.score() / (anomaly.score() + 10);
        }
        isOpen = anomaly.status() == Anomaly.Status.FIRING;
      }
    }
    return scores;
  }

  private static int windows(Counts counts) {
    return counts.found() + counts.missed();
  }

  private static int hits(List<NabScorer.Scored> corpus) {
    int hits = 0;
    for (NabScorer.Scored series : corpus) {
      for (int row = NabScorer.probation(series.scores().length);
          row < series.scores().length;
          row++) {
        int at = row;
        if (series.scores()[row] > 0
            && series.windows().stream().anyMatch(w -> w[0] <= at && at <= w[1])) {
          hits++;
        }
      }
    }
    return hits;
  }

  private static List<LocalDateTime> detections(NabSeries series, double[] scores) {
    List<LocalDateTime> times = new ArrayList<>();
    for (int row = NabScorer.probation(scores.length); row < scores.length; row++) {
      if (scores[row] > 0) {
        times.add(series.times().get(row));
      }
    }
    return times;
  }

  /** The windows that do not lie wholly within the rows that are not scored. */
  private static List<NabLabels.Window> scored(NabSeries series, List<NabLabels.Window> windows) {
    LocalDateTime first = series.times().get(NabScorer.probation(series.values().length));
    return windows.stream().filter(window -> !window.end().isBefore(first)).toList();
  }

  static List<int[]> rows(NabSeries series, List<NabLabels.Window> windows) {
    List<int[]> rows = new ArrayList<>();
    for (NabLabels.Window window : windows) {
      int first = -1;
      int last = -1;
      for (int row = 0; row < series.times().size(); row++) {
        if (window.holds(series.times().get(row))) {
          first = first < 0 ? row : first;
          last = row;
        }
      }
      if (first >= 0) {
        rows.add(new int[] {first, last});
      }
    }
    return rows;
  }
}
