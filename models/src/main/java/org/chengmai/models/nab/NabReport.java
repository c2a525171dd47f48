package org.chengmai.models.nab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.models.DayClass;
import org.chengmai.models.evaluation.Cadence;
import org.chengmai.models.evaluation.DetectorScorer;
import org.chengmai.models.evaluation.RowScorer;
import org.chengmai.models.stream.StreamDetector;
import org.chengmai.models.stream.Threshold;
import org.chengmai.models.stream.Weights;

/**
 * How the streaming suite does on the Numenta Anomaly Benchmark, in sample and held out side by
 * side. The suite sees each row once and nothing of the series beyond it.
 *
 * @param inSample the weights that ship, which were searched on this very corpus: an upper bound
 * @param searched the same search run again, from the seed
 * @param averaged the search that learns little, in sample
 * @param leaveOneCategoryOut weights and thresholds by the search that learns little, each category
 *     with those chosen on the other categories
 * @param leaveOneCategoryOutSearched the same by the search that finds the optimum, in fewer steps
 * @param fiveFold as {@code leaveOneCategoryOut}, by every fifth file
 * @param tries sets of weights that were compared, all searches together
 * @param nab alarms at the benchmark's optimum for the standard profile
 * @param operating incidents of the detector as it ships
 */
public record NabReport(
    Scores inSample,
    Scores searched,
    Scores averaged,
    Scores leaveOneCategoryOut,
    Scores leaveOneCategoryOutSearched,
    Scores fiveFold,
    int tries,
    long seed,
    Events nab,
    Events operating,
    double pointsPerSecond,
    List<Line> series) {
  /** Seed of the search unless another is asked for. */
  public static final long SEED = 3;

  private static final int STEPS = 6000;
  private static final int HELD_OUT_STEPS = 1000;

  /** Final scores by profile. */
  public record Scores(double standard, double lowFp, double lowFn) {}

  /**
   * Alarms as events.
   *
   * @param precision share of alarms within a window
   * @param latency mean share of a window that had passed at its first alarm
   */
  public record Events(
      Scores scores,
      int windows,
      int windowsFound,
      int falseAlarms,
      double falseAlarmsPer100SeriesWeeks,
      double precision,
      double recall,
      double latency) {}

  /** One file's line: windows found and false alarms at {@code nab} and at {@code operating}. */
  public record Line(
      String name,
      int rows,
      int windows,
      int found,
      int falseAlarms,
      int operatingFound,
      int operatingFalseAlarms) {}

  public NabReport {
    series = List.copyOf(series);
  }

  /** Runs everything; writes the benchmark's result files below {@code out} unless it is null. */
  public static NabReport run(Path folder, long seed, @org.jspecify.annotations.Nullable Path out) {
    Map<String, List<NabLabels.Window>> labels = NabLabels.read(folder);
    List<NabTrack> tracks = new ArrayList<>();
    List<NabScorer.Scored> nab = new ArrayList<>();
    List<NabScorer.Scored> operating = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    for (Map.Entry<String, List<NabLabels.Window>> entry : labels.entrySet()) {
      NabSeries series = NabSeries.read(folder, entry.getKey());
      NabTrack track = new NabTrack(series, entry.getValue());
      tracks.add(track);
      List<int[]> windows = rows(series, entry.getValue());
      double[] scores = track.alarms(Weights.fitted(), Threshold.NAB.score());
      double[] quiet = operating(series);
      nab.add(new NabScorer.Scored(scores, windows));
      operating.add(new NabScorer.Scored(quiet, windows));
      NabEvents loud = NabEvents.of(nab.get(nab.size() - 1));
      NabEvents shipped = NabEvents.of(operating.get(operating.size() - 1));
      lines.add(
          new Line(
              track.name,
              track.rows,
              track.windows,
              loud.found(),
              loud.falseAlarms(),
              shipped.found(),
              shipped.falseAlarms()));
      if (out != null) {
        NabResults.write(out, "chengmai", series, scores, entry.getValue());
        NabResults.write(out, "chengmai-operating", series, quiet, entry.getValue());
      }
    }
    NabSearch search = new NabSearch(tracks, seed);
    Predicate<NabTrack> all = track -> true;
    List<Predicate<NabTrack>> categories = new ArrayList<>();
    for (String category : new TreeSet<>(tracks.stream().map(NabTrack::category).toList())) {
      categories.add(track -> track.category().equals(category));
    }
    List<Predicate<NabTrack>> folds = new ArrayList<>();
    for (int fold = 0; fold < 5; fold++) {
      int of = fold;
      folds.add(track -> tracks.indexOf(track) % 5 == of);
    }
    double weeks = tracks.stream().mapToDouble(track -> track.weeks).sum();
    return new NabReport(
        scores(tracks, shipped(), all),
        scores(tracks, search.climb(all, STEPS), all),
        scores(tracks, search.average(all), all),
        heldOut(tracks, categories, search::average),
        heldOut(tracks, categories, seen -> search.climb(seen, HELD_OUT_STEPS)),
        heldOut(tracks, folds, search::average),
        search.tries(),
        seed,
        events(nab, weeks),
        events(operating, weeks),
        tracks.stream().mapToDouble(track -> track.rows).sum()
            * 1e9
            / tracks.stream().mapToDouble(track -> track.nanos).sum(),
        lines);
  }

  private static NabSearch.Found shipped() {
    double[] thresholds = {
      Threshold.NAB.score(), Threshold.NAB_LOW_FP.score(), Threshold.NAB_LOW_FN.score()
    };
    return new NabSearch.Found(Weights.fitted(), thresholds, 0);
  }

  /** Chooses weights by some tracks. */
  private interface Choice {
    NabSearch.Found by(Predicate<NabTrack> isSeen);
  }

  private static Scores heldOut(
      List<NabTrack> tracks, List<Predicate<NabTrack>> parts, Choice choice) {
    double[] raw = new double[NabScorer.Profile.values().length];
    for (Predicate<NabTrack> part : parts) {
      NabSearch.Found found = choice.by(part.negate());
      for (NabScorer.Profile profile : NabScorer.Profile.values()) {
        raw[profile.ordinal()] += raw(tracks, found, part, profile);
      }
    }
    return scores(raw, tracks.stream().mapToInt(track -> track.windows).sum());
  }

  private static Scores scores(
      List<NabTrack> tracks, NabSearch.Found found, Predicate<NabTrack> part) {
    double[] raw = new double[NabScorer.Profile.values().length];
    for (NabScorer.Profile profile : NabScorer.Profile.values()) {
      raw[profile.ordinal()] = raw(tracks, found, part, profile);
    }
    return scores(raw, tracks.stream().filter(part).mapToInt(track -> track.windows).sum());
  }

  private static Scores scores(double[] raw, int windows) {
    return new Scores(
        NabScorer.Profile.STANDARD.scaled(raw[0], windows),
        NabScorer.Profile.REWARD_LOW_FP.scaled(raw[1], windows),
        NabScorer.Profile.REWARD_LOW_FN.scaled(raw[2], windows));
  }

  private static double raw(
      List<NabTrack> tracks,
      NabSearch.Found found,
      Predicate<NabTrack> part,
      NabScorer.Profile profile) {
    double[] threshold = {found.thresholds()[profile.ordinal()]};
    return tracks.stream()
        .filter(part)
        .mapToDouble(track -> track.judge(found.weights(), threshold)[0].raw(profile))
        .sum();
  }

  /** The detector as it ships: its rarity where an incident begins, brought below 1. */
  private static double[] operating(NabSeries series) {
    RowScorer scorer =
        DetectorScorer.kind(
                "chengmai", (grain, dayClass) -> List.of(new StreamDetector(grain, dayClass)))
            .of(Cadence.nearest(series.step()), DayClass::usual)
            .get();
    double[] scores = new double[series.values().length];
    for (int row = 0; row < scores.length; row++) {
      double score = scorer.next(series.instant(row), series.values()[row]);
      scores[row] = score / (score + 10);
    }
    return scores;
  }

  private static Events events(List<NabScorer.Scored> corpus, double weeks) {
    NabEvents sum = NabEvents.NONE;
    for (NabScorer.Scored series : corpus) {
      sum = sum.plus(NabEvents.of(series));
    }
    double[] scores = new double[NabScorer.Profile.values().length];
    for (NabScorer.Profile profile : NabScorer.Profile.values()) {
      scores[profile.ordinal()] = NabScorer.score(corpus, Double.MIN_VALUE, profile);
    }
    return new Events(
        new Scores(scores[0], scores[1], scores[2]),
        sum.windows(),
        sum.found(),
        sum.falseAlarms(),
        100 * sum.falseAlarms() / weeks,
        (double) sum.hits() / Math.max(1, sum.hits() + sum.falseAlarms()),
        (double) sum.found() / Math.max(1, sum.windows()),
        sum.passed() / Math.max(1, sum.found()));
  }

  /** First and last row of each window. */
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
      if (first < 0) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT,
            "%s has no row in the window from %s".formatted(series.name(), window.start()));
      }
      rows.add(new int[] {first, last});
    }
    return rows;
  }

  /** The report as one JSON object. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("in_sample", json(inSample));
    json.put("in_sample_searched_again", json(searched));
    json.put("in_sample_averaged", json(averaged));
    json.put("leave_one_category_out", json(leaveOneCategoryOut));
    json.put("leave_one_category_out_searched", json(leaveOneCategoryOutSearched));
    json.put("five_fold", json(fiveFold));
    json.put("tries", tries);
    json.put("seed", seed);
    json.putAll(json(nab));
    json.put("points_per_second_per_core", Math.round(pointsPerSecond));
    json.put("nab", json(nab));
    json.put("operating", json(operating));
    List<Map<String, Object>> files = new ArrayList<>();
    for (Line line : series) {
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("file", line.name());
      file.put("rows", line.rows());
      file.put("windows", line.windows());
      file.put("windows_found", line.found());
      file.put("false_alarms", line.falseAlarms());
      file.put("operating_windows_found", line.operatingFound());
      file.put("operating_false_alarms", line.operatingFalseAlarms());
      files.add(file);
    }
    json.put("files", files);
    return json;
  }

  private static Map<String, Object> json(Scores scores) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("standard", scores.standard());
    json.put("low_fp", scores.lowFp());
    json.put("low_fn", scores.lowFn());
    return json;
  }

  private static Map<String, Object> json(Events events) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("scores", json(events.scores()));
    json.put("windows", events.windows());
    json.put("windows_found", events.windowsFound());
    json.put("false_alarms", events.falseAlarms());
    json.put("false_alarms_per_100_series_weeks", events.falseAlarmsPer100SeriesWeeks());
    json.put("event_precision", events.precision());
    json.put("event_recall", events.recall());
    json.put("event_latency", events.latency());
    return json;
  }
}
