package org.chengmai.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.chengmai.indicators.Grain;
import org.junit.jupiter.api.Test;

class DetectorSpeedTest {

  @Test
  void measuresRateHeapAndGrowth() {
    DetectorSpeed speed = new DetectorSpeed(Grain.of("PT15M"), 1);
    DetectorSpeed.Figures figures =
        speed.measure(Peers.raw("gaussian", Peers.models().get("windowed-gaussian")), 30_000);
    assertThat(figures.pointsPerSecondPerCore()).isPositive();
    assertThat(figures.p99Micros()).isGreaterThanOrEqualTo(figures.p50Micros());
    // Its window alone has 6,400 numbers of 8 bytes.
    assertThat(figures.stateBytesPerSeries()).isBetween(51_200L, 53_000L);
    assertThat(figures.growth()).extracting(DetectorSpeed.Growth::series).contains(1, 2, 4);
  }

  @Test
  void noMoreSeriesAreKeptAliveThanTheHeapHolds() {
    DetectorSpeed speed = new DetectorSpeed(Grain.of("PT6H"), 1);
    RowScorer.Kind gaussian = Peers.raw("gaussian", Peers.models().get("windowed-gaussian"));
    DetectorSpeed.Crowd crowd = speed.crowd(gaussian, 100);
    assertThat(crowd.alive()).isEqualTo(100);
    assertThat(crowd.heapMegabytes()).isBetween(4L, 6L);
    long limit = crowd.heapLimitMegabytes() << 20;
    assertThat(limit).isPositive();
  }
}
