package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.alerts.Sighting;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.junit.jupiter.api.Test;

final class SeriesWatchTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  static IndicatorPoint point(String region, int minute, double value) {
    Instant start = START.plusSeconds(60L * minute);
    return new IndicatorPoint(
        SeriesKey.of("CVS-A", region),
        1,
        start,
        Grain.of("PT1M"),
        value,
        null,
        null,
        1,
        null,
        Map.of(),
        Trust.COMPLETE,
        1,
        start.plusSeconds(65),
        "hash of " + value);
  }

  /** Counts in place, fires above ten, and breaks half way at a negative value. */
  private static final class Breaking implements Detector<long[]> {
    @Override
    public String id() {
      return "breaking";
    }

    @Override
    public String model() {
      return "breaking@1";
    }

    @Override
    public long[] initial(SeriesKey key) {
      return new long[1];
    }

    @Override
    public Step<long[]> next(long[] state, DetectorEvent event) {
      if (!(event instanceof DetectorEvent.Point seen)) {
        return Step.ignored(state);
      }
      state[0]++;
      IndicatorPoint point = seen.point();
      double value = point.value() == null ? 0 : point.value();
      if (value < 0) {
        throw new IllegalStateException("a negative value");
      }
      return value <= 10
          ? Step.quiet(state)
          : Step.found(
              state,
              new Anomaly(
                  point.key(),
                  id(),
                  model(),
                  Anomaly.Status.FIRING,
                  point.periodStart(),
                  point.revision(),
                  Grade.YELLOW,
                  value,
                  null,
                  value,
                  Anomaly.Reasons.of("见过 " + state[0], "seen " + state[0])));
    }

    @Override
    public byte[] write(long[] state) {
      return new byte[] {(byte) state[0]};
    }

    @Override
    public long[] read(byte[] snapshot) {
      return new long[] {snapshot[0]};
    }
  }

  private static List<String> told(List<Sighting> sightings) {
    return sightings.stream()
        .map(Sighting::anomaly)
        .map(anomaly -> anomaly.status() + " " + anomaly.reasons().en().get(0))
        .toList();
  }

  @Test
  void aDetectorThatThrowsStartsThatSeriesAnewAndEndsWhatItHeld() {
    SeriesWatch watch = new SeriesWatch((code, version, models) -> List.of(new Breaking()));
    watch.see(point("630102", 0, 1));
    watch.see(point("630103", 0, 1));
    assertThat(told(watch.see(point("630102", 1, 20)))).containsExactly("FIRING seen 2");
    assertThat(told(watch.see(point("630102", 2, -1))))
        .containsExactly("CLEARED the detector failed and learns the series anew");
    assertThat(told(watch.see(point("630102", 3, 20)))).containsExactly("FIRING seen 1");
    assertThat(told(watch.see(point("630103", 1, 20))))
        .as("other series keep what they know")
        .containsExactly("FIRING seen 2");
  }

  @Test
  void aSeriesThatStartedAnewIsSaved() {
    SeriesWatch watch = new SeriesWatch((code, version, models) -> List.of(new Breaking()));
    watch.see(point("630102", 0, 20));
    assertThat(watch.cut(10, 99, null).states()).hasSize(1);
    watch.see(point("630102", 1, -1));
    assertThat(watch.cut(10, 99, null).states())
        .singleElement()
        .satisfies(
            snapshot -> {
              assertThat(snapshot.state()).containsExactly(0);
              assertThat(snapshot.standing()).isNull();
            });
    watch.tick(START.plusSeconds(600));
    assertThat(watch.cut(10, 99, null).states()).as("nothing was taken in").isEmpty();
  }
}
