package org.chengmai.models.nab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.chengmai.models.nab.NabScorer.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NabResultsTest {
  private static final LocalDateTime START = LocalDateTime.of(2015, 3, 1, 0, 0);

  @TempDir private Path folder;

  /** 100 rows of five minutes with a window from row 40 to 49. */
  private void write(String detector, String name, double[] scores) {
    List<LocalDateTime> times = new ArrayList<>();
    for (int row = 0; row < scores.length; row++) {
      times.add(START.plusMinutes(5L * row));
    }
    NabSeries series = new NabSeries(name, times, new double[scores.length]);
    NabResults.write(
        folder,
        detector,
        series,
        scores,
        List.of(new NabLabels.Window(times.get(40), times.get(49))));
  }

  private static double[] at(double score, int... rows) {
    double[] scores = new double[100];
    for (int row : rows) {
      scores[row] = score;
    }
    return scores;
  }

  @Test
  void whatWasWrittenIsReadAgain() throws IOException {
    write("ours", "realTraffic/speed_1.csv", at(0.25, 41, 60));
    Path file = folder.resolve("ours/realTraffic/ours_speed_1.csv");
    assertThat(Files.readAllLines(file))
        .startsWith("timestamp,value,anomaly_score,label", "2015-03-01 00:00:00,0.0,0.0,0")
        .contains("2015-03-01 03:25:00,0.0,0.25,1", "2015-03-01 05:00:00,0.0,0.25,0");
    NabResults results = NabResults.read(folder).get(0);
    assertThat(results.detector()).isEqualTo("ours");
    NabScorer.Scored series = results.series().get("realTraffic/speed_1.csv");
    assertThat(series.scores()).isEqualTo(at(0.25, 41, 60));
    assertThat(series.windows()).containsExactly(new int[] {40, 49});
  }

  @Test
  void eachDetectorOfAFolderIsScoredForAllProfilesWithOneThresholdForAllSeries() {
    // Good: one hit at each left edge, one false alarm far behind at a lower score.
    write("good", "a/one.csv", at(0.9, 40));
    double[] scores = at(0.9, 40);
    scores[90] = 0.5;
    write("good", "b/two.csv", scores);
    // Bad: a false alarm as strange as its only hit, 30 rows and so more than 3 widths behind it.
    write("bad", "a/one.csv", at(0.7, 40, 80));
    write("bad", "b/two.csv", at(0, 0));
    List<NabResults> results = NabResults.read(folder);
    assertThat(results).extracting(NabResults::detector).containsExactly("bad", "good");
    assertThat(results.get(1).best().values()).containsOnly(new NabScorer.Best(100, 0.9));
    var bad = results.get(0).best();
    // Standard: 1 - 0.11 - 1 = -0.11 of -2 … 2; low FP: -0.22; low FN: 1 - 0.11 - 2 of -4 … 2.
    assertThat(bad.get(Profile.STANDARD).score()).isCloseTo(47.25, within(1e-9));
    assertThat(bad.get(Profile.REWARD_LOW_FP).score()).isCloseTo(44.5, within(1e-9));
    assertThat(bad.get(Profile.REWARD_LOW_FN).score()).isCloseTo(100 * 2.89 / 6, within(1e-9));
    assertThat(bad.get(Profile.STANDARD).threshold()).isEqualTo(0.7);
  }

  @Test
  void oneDetectorsFolderIsReadToo() {
    write("ours", "a/one.csv", at(1, 40));
    List<NabResults> results = NabResults.read(folder.resolve("ours"));
    assertThat(results).extracting(NabResults::detector).containsExactly("ours");
    assertThat(results.get(0).series()).containsOnlyKeys("a/one.csv");
  }

  @Test
  void furtherColumnsAndFilesThatAreNoResultsArePassedOver() throws IOException {
    Path category = Files.createDirectories(folder.resolve("htm/a"));
    Files.writeString(folder.resolve("htm/htm_standard_scores.csv"), "Detector,Profile\n");
    Files.writeString(category.resolve("notes.txt"), "nothing");
    Files.writeString(
        category.resolve("htm_x.csv"),
        "timestamp,value,anomaly_score,label,S(t)_standard\n2015-03-01 00:00:00,1,0.5,1,0.3\n");
    assertThat(NabResults.read(folder).get(0).series()).containsOnlyKeys("a/x.csv");
  }

  @Test
  void aRowThatCannotBeReadIsNamedWithFileAndLine() throws IOException {
    write("ours", "a/one.csv", at(1, 40));
    Path file = folder.resolve("ours/a/ours_one.csv");
    Files.writeString(file, Files.readString(file).replace("00:05:00,0.0,0.0", "00:05:00,0.0,?"));
    assertThatThrownBy(() -> NabResults.read(folder)).hasMessageContaining("ours_one.csv line 3");
  }

  @Test
  void aFolderWithoutResultsIsRefused() {
    assertThatThrownBy(() -> NabResults.read(folder)).hasMessageContaining("holds no results");
  }

  @Test
  void theSweepFindsWhatTryingEachThresholdFinds() {
    SplittableRandom random = new SplittableRandom(7);
    for (int turn = 0; turn < 50; turn++) {
      List<NabScorer.Scored> corpus = new ArrayList<>();
      TreeMap<Double, Boolean> thresholds = new TreeMap<>();
      for (int series = 0; series < 3; series++) {
        double[] scores = new double[120];
        for (int row = 0; row < scores.length; row++) {
          scores[row] = random.nextInt(12) == 0 ? random.nextInt(1, 9) / 8.0 : 0;
          thresholds.put(scores[row], true);
        }
        int first = random.nextInt(10, 60);
        corpus.add(
            new NabScorer.Scored(
                scores, List.of(new int[] {first, first + 9}, new int[] {first + 30, first + 42})));
      }
      for (Profile profile : Profile.values()) {
        double best = NabScorer.score(corpus, Double.POSITIVE_INFINITY, profile);
        for (double threshold : thresholds.tailMap(0.0, false).keySet()) {
          best = Math.max(best, NabScorer.score(corpus, threshold, profile));
        }
        assertThat(NabScorer.best(corpus, profile).score()).isCloseTo(best, within(1e-9));
      }
    }
  }
}
