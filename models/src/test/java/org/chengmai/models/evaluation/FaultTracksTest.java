package org.chengmai.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.chengmai.models.stream.StreamDetector;
import org.chengmai.models.stream.Threshold;
import org.chengmai.models.stream.Weights;
import org.junit.jupiter.api.Test;

class FaultTracksTest {
  private static final List<TimedSeries> SERIES =
      IntStream.rangeClosed(1, 6).mapToObj(FaultTracksTest::ordinary).toList();
  private static final FaultSuite SUITE = new FaultSuite(SERIES, 5, 2);
  private static final FaultTracks TRACKS = new FaultTracks(SUITE, SERIES);

  /** Without what is strange in it. */
  private static TimedSeries ordinary(int seed) {
    TimedSeries series = RowScorerContract.series(seed);
    double[] values = series.values().clone();
    for (int row = 1_000; row < 1_260; row++) {
      values[row] = values[row - 21 * 24];
    }
    return series.with(values);
  }

  private static FaultTracks.Outcome at(double score) {
    return TRACKS.judge(Weights.fitted(), score);
  }

  @Test
  void comesToWhatTheDetectorFinds() {
    RowScorer.Kind detector =
        DetectorScorer.kind(
            "suite", (grain, dayClass) -> List.of(new StreamDetector(grain, dayClass)));
    FaultTracks.Outcome outcome = at(Threshold.OPERATING.score());
    // the detector's alarms within an incident that goes on are no alarms of their own
    assertThat(outcome.recall()).isCloseTo(SUITE.judge(detector).recall(), within(0.03));
    assertThat(outcome.falseAlarms())
        .isCloseTo(QuietReport.of(SERIES, detector).falseAlarmsPer100SeriesWeeks(), within(5.0));
  }

  @Test
  void aHigherThresholdFindsLessAndIsQuieter() {
    FaultTracks.Outcome low = at(3);
    FaultTracks.Outcome high = at(12);
    assertThat(low.recall()).isGreaterThan(high.recall());
    assertThat(low.falseAlarms()).isGreaterThan(high.falseAlarms());
    assertThat(at(1000)).isEqualTo(new FaultTracks.Outcome(0, 0));
  }

  @Test
  void judgingTwiceIsTheSame() {
    FaultTracks.Outcome first = at(6);
    at(9);
    assertThat(at(6)).isEqualTo(first);
  }
}
