package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
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
    watch.see(point("630102", 0, 1), false);
    watch.see(point("630103", 0, 1), false);
    assertThat(told(watch.see(point("630102", 1, 20), false))).containsExactly("FIRING seen 2");
    assertThat(told(watch.see(point("630102", 2, -1), false)))
        .containsExactly("CLEARED the detector failed and learns the series anew");
    assertThat(told(watch.see(point("630102", 3, 20), false))).containsExactly("FIRING seen 1");
    assertThat(told(watch.see(point("630103", 1, 20), false)))
        .as("other series keep what they know")
        .containsExactly("FIRING seen 2");
  }

  @Test
  void aSeriesThatStartedAnewIsSaved() {
    SeriesWatch watch = new SeriesWatch((code, version, models) -> List.of(new Breaking()));
    watch.see(point("630102", 0, 20), false);
    assertThat(watch.cut(10, 99, null).states()).hasSize(1);
    watch.see(point("630102", 1, -1), false);
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

  /** Breaking ones under a policy, whose detectors are gone from version 2 on. */
  private static DetectorSource source(AlarmPolicy policy) {
    return new DetectorSource() {
      @Override
      public List<Detector<?>> detectors(String code, int version, List<StoredModel> models) {
        return version < 2 ? List.of(new Breaking()) : List.of();
      }

      @Override
      public AlarmPolicy policy(String code, int version) {
        return policy;
      }
    };
  }

  private static IndicatorPoint with(IndicatorPoint point, int version, Trust trust) {
    return new IndicatorPoint(
        point.key(),
        version,
        point.periodStart(),
        point.grain(),
        point.value(),
        null,
        null,
        1,
        trust,
        1,
        point.computedAt(),
        point.inputHash());
  }

  @Test
  void aVersionWithoutADetectorEndsWhatThatHeldAndForgetsItsState() {
    SeriesWatch watch = new SeriesWatch(source(AlarmPolicy.all(ZoneOffset.UTC)));
    watch.see(point("630102", 0, 20), false);
    watch.cut(10, 1, null);
    assertThat(told(watch.see(with(point("630102", 1, 20), 2, Trust.COMPLETE), false)))
        .containsExactly("CLEARED the detector no longer watches this series");
    assertThat(watch.see(point("630102", 2, 20), false)).as("an older version again").isEmpty();
    assertThat(watch.cut(10, 2, null).states())
        .singleElement()
        .satisfies(gone -> assertThat(gone.state()).isNull());
  }

  @Test
  void whatADetectorHeldThatIsGoneSinceTheLastStartIsEnded() {
    SeriesWatch before = new SeriesWatch((code, version, models) -> List.of(new Breaking()));
    before.see(point("630102", 0, 20), false);
    SeriesWatch watch = new SeriesWatch((code, version, models) -> List.of());
    before.cut(10, 1, null).states().forEach(watch::restore);
    watch.at(1, null);
    assertThat(told(watch.see(point("630102", 1, 20), false)))
        .containsExactly("CLEARED the detector no longer watches this series");
    assertThat(watch.see(point("630102", 2, 20), false)).isEmpty();
  }

  @Test
  void aSeriesLeavesOutTheRecordsThatItsSavedStateHasSeen() {
    SeriesWatch before = new SeriesWatch((code, version, models) -> List.of(new Breaking()));
    before.at(5, null);
    before.see(point("630102", 0, 1), false);
    before.at(6, null);
    before.see(point("630103", 0, 1), false);
    SeriesWatch.Cut cut = before.cut(1, 7, null);
    assertThat(cut.offset()).as("the other series is not saved yet").isEqualTo(6);
    SeriesWatch watch = new SeriesWatch((code, version, models) -> List.of(new Breaking()));
    cut.states().forEach(watch::restore);
    watch.at(6, null);
    assertThat(watch.see(point("630102", 1, 20), false)).isEmpty();
    watch.at(7, null);
    assertThat(told(watch.see(point("630102", 2, 20), false))).containsExactly("FIRING seen 2");
  }

  @Test
  void alarmsAreSuppressedWhileTheirValueIsOfBadQuality() {
    SeriesWatch watch = new SeriesWatch(source(new AlarmPolicy(null, true, ZoneOffset.UTC)));
    assertThat(watch.see(with(point("630102", 0, 20), 1, Trust.PARTIAL), false)).isEmpty();
    assertThat(told(watch.see(with(point("630102", 1, 20), 1, Trust.COMPLETE), false)))
        .containsExactly("FIRING seen 2");
  }

  @Test
  void historyTellsNothingButEnds() {
    SeriesWatch watch = new SeriesWatch((code, version, models) -> List.of(new Breaking()));
    assertThat(watch.see(point("630102", 0, 20), true)).isEmpty();
    assertThat(told(watch.see(point("630102", 1, -1), true)))
        .containsExactly("CLEARED the detector failed and learns the series anew");
  }
}
