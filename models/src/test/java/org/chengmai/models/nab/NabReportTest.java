package org.chengmai.models.nab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.models.nab.NabLabels.Window;
import org.chengmai.models.stream.Threshold;
import org.chengmai.models.stream.Weights;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NabReportTest {
  private static final List<NabTrack> TRACKS = new ArrayList<>();

  /** The benchmark's folder beside the repository; the tests are skipped where it is absent. */
  private static Path benchmark() {
    Path start =
        Path.of(System.getProperty("chengmai.root", System.getProperty("user.dir")))
            .toAbsolutePath();
    for (Path root = start; root != null; root = root.getParent()) {
      Path folder = root.resolve("../shared/data/nab").normalize();
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    assumeThat(false).as("the Numenta benchmark is not at ../shared/data/nab").isTrue();
    return start;
  }

  @BeforeAll
  static void look() {
    Path folder = benchmark();
    NabLabels.read(folder)
        .forEach(
            (name, windows) -> TRACKS.add(new NabTrack(NabSeries.read(folder, name), windows)));
  }

  private static double score(NabScorer.Profile profile, Threshold threshold) {
    double raw = 0;
    int windows = 0;
    for (NabTrack track : TRACKS) {
      raw += track.judge(Weights.fitted(), new double[] {threshold.score()})[0].raw(profile);
      windows += track.windows;
    }
    assertThat(windows).isEqualTo(116);
    return profile.scaled(raw, windows);
  }

  @Test
  void theWeightsThatShipStayAboveTheirFloorOnTheWholeCorpus() {
    assertThat(TRACKS).hasSize(58);
    assertThat(score(NabScorer.Profile.STANDARD, Threshold.NAB)).isGreaterThan(75.5);
    assertThat(score(NabScorer.Profile.REWARD_LOW_FP, Threshold.NAB_LOW_FP)).isGreaterThan(67.0);
    assertThat(score(NabScorer.Profile.REWARD_LOW_FN, Threshold.NAB_LOW_FN)).isGreaterThan(80.4);
  }

  @Test
  void findsAllFiveWindowsOfTheTaxisWithFewFalseAlarms() {
    NabTrack taxi =
        TRACKS.stream()
            .filter(track -> track.name.endsWith("nyc_taxi.csv"))
            .findFirst()
            .orElseThrow();
    NabTrack.Outcome outcome =
        taxi.judge(Weights.fitted(), new double[] {Threshold.NAB.score()})[0];
    assertThat(outcome.found()).isEqualTo(5);
    assertThat(outcome.falseAlarms()).isLessThanOrEqualTo(3);
  }

  @Test
  void filesWithoutAnAnomalyAreSilent() {
    for (NabTrack track : TRACKS) {
      if (track.category().equals("artificialNoAnomaly")) {
        double[] threshold = {Threshold.OPERATING.score()};
        assertThat(track.judge(Weights.fitted(), threshold)[0].falseAlarms())
            .as(track.name)
            .isZero();
      }
    }
  }

  /** What the search reckons with is what the scorer of result files says. */
  @Test
  void theSearchCountsAsTheScorerDoes() {
    Path folder = benchmark();
    List<NabScorer.Scored> corpus = new ArrayList<>();
    double raw = 0;
    for (NabTrack track : TRACKS) {
      NabSeries series = NabSeries.read(folder, track.name);
      List<int[]> rows = NabReport.rows(series, NabLabels.read(folder).get(track.name));
      corpus.add(new NabScorer.Scored(track.alarms(Weights.plain(), 4), rows));
      raw += track.judge(Weights.plain(), new double[] {4})[0].raw(NabScorer.Profile.STANDARD);
    }
    assertThat(NabScorer.score(corpus, Double.MIN_VALUE, NabScorer.Profile.STANDARD))
        .isCloseTo(NabScorer.Profile.STANDARD.scaled(raw, 116), within(1e-9));
  }

  @Test
  void aWeightedTrackIsReckonedWithTheSameForAnySeed() {
    List<NabTrack> few = TRACKS.subList(0, 8);
    NabSearch.Found first = new NabSearch(few, 5).climb(track -> true, 20);
    NabSearch.Found again = new NabSearch(few, 5).climb(track -> true, 20);
    assertThat(again.weights()).isEqualTo(first.weights());
    assertThat(again.thresholds()).isEqualTo(first.thresholds());
  }

  @Test
  void countsWindowsFoundAndMissedAndDetectionsOutside() {
    LocalDateTime start = LocalDateTime.of(2015, 1, 1, 0, 0);
    List<Window> windows =
        List.of(
            new Window(start, start.plusHours(5)),
            new Window(start.plusDays(2), start.plusDays(3)));
    assertThat(NabLabels.count(List.of(start, start.plusHours(1), start.plusHours(6)), windows))
        .isEqualTo(new NabLabels.Counts(1, 1, 1));
    assertThat(NabLabels.count(List.of(), windows)).isEqualTo(new NabLabels.Counts(0, 2, 0));
    assertThat(NabLabels.count(List.of(start.plusDays(3)), windows))
        .isEqualTo(new NabLabels.Counts(1, 1, 0));
  }

  @Test
  void eventsCountTheFirstAlarmOfAWindowForItsLatency() {
    double[] scores = new double[100];
    scores[10] = 1;
    scores[30] = 1;
    scores[45] = 1;
    scores[47] = 1;
    NabEvents events =
        NabEvents.of(new NabScorer.Scored(scores, List.of(new int[] {40, 49}, new int[] {60, 69})));
    assertThat(events).isEqualTo(new NabEvents(2, 1, 2, 1, 0.5));
  }

  @Test
  void anAbsentFolderIsNamed() {
    assertThatThrownBy(() -> NabReport.run(Path.of("/nowhere"), 1, null))
        .hasMessageContaining("/nowhere");
  }
}
