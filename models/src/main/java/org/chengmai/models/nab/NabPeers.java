package org.chengmai.models.nab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chengmai.models.DayClass;
import org.chengmai.models.evaluation.Cadence;
import org.chengmai.models.evaluation.Peers;
import org.chengmai.models.evaluation.RowScorer;
import org.chengmai.models.evaluation.Strangeness;
import org.chengmai.models.evaluation.TimedSeries;

/**
 * Peers on the benchmark, under the rules that ours keep: each row once, nothing of the file beyond
 * it, one setting for all files. Each peer stands bare and with each decision layer, whose
 * threshold is the best of a grid on these very files, as the benchmark chooses its own.
 */
public final class NabPeers {
  /** Shares of all rows at whose score a threshold is tried. */
  private static final double[] SHARES = {
    1e-2, 7e-3, 5e-3, 3.5e-3, 2.5e-3, 1.8e-3, 1.2e-3, 8e-4, 6e-4, 4e-4, 2.5e-4, 1.5e-4, 1e-4
  };

  private NabPeers() {}

  /**
   * One peer's line.
   *
   * @param name such as {@code seasonal-median+likelihood}
   * @param scores best score by profile
   * @param tries thresholds that were tried for the decision layer, 0 for the bare model
   */
  public record Line(String name, Map<String, Double> scores, int tries) {
    public Line {
      scores = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    }
  }

  /** Judges the whole corpus by one model. */
  public static List<Line> run(Path folder, String name, Strangeness.Making making) {
    RowScorer.Kind raw = Peers.raw(name, making);
    List<double[]> strangeness = new ArrayList<>();
    List<List<int[]>> windows = new ArrayList<>();
    NabLabels.read(folder)
        .forEach(
            (file, labels) -> {
              NabSeries series = NabSeries.read(folder, file);
              strangeness.add(timed(series).alarms(raw, series.values().length));
              windows.add(NabReport.rows(series, labels));
            });
    List<Line> lines = new ArrayList<>();
    lines.add(new Line(name, best(List.of(strangeness), windows), 0));
    for (Peers.Decision decision : Peers.Decision.values()) {
      List<double[]> scores =
          strangeness.stream().map(rows -> Peers.scores(rows, decision)).toList();
      double[] sorted = scores.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
      List<List<double[]>> tried = new ArrayList<>();
      for (double share : SHARES) {
        double threshold = sorted[(int) ((1 - share) * sorted.length)];
        tried.add(scores.stream().map(rows -> Peers.decide(rows, threshold)).toList());
      }
      lines.add(new Line(name + "+" + decision.key(), best(tried, windows), tried.size()));
    }
    return lines;
  }

  private static TimedSeries timed(NabSeries series) {
    return new TimedSeries(
        "nab",
        series.name(),
        Cadence.nearest(series.step()),
        DayClass::usual,
        IntStream.range(0, series.values().length).mapToObj(series::instant).toList(),
        series.values());
  }

  /** The best score of a profile over all that was tried. */
  private static Map<String, Double> best(List<List<double[]>> tried, List<List<int[]>> windows) {
    Map<String, Double> best = new LinkedHashMap<>();
    for (List<double[]> scores : tried) {
      List<NabScorer.Scored> corpus = new ArrayList<>();
      for (int index = 0; index < windows.size(); index++) {
        corpus.add(new NabScorer.Scored(scores.get(index), windows.get(index)));
      }
      for (NabScorer.Profile profile : NabScorer.Profile.values()) {
        best.merge(profile.key(), NabScorer.best(corpus, profile).score(), Math::max);
      }
    }
    return best;
  }
}
