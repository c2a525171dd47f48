package org.chengmai.models.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.junit.jupiter.api.Test;

class GridSeriesTest {
  private static final Grain HOUR = Grain.of("PT1H");
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private static IndicatorPoint point(int hour, double value, int revision) {
    return new IndicatorPoint(
        SeriesKey.of("CVS-A", "630102"),
        1,
        START.plus(Duration.ofHours(hour)),
        HOUR,
        value,
        null,
        null,
        1,
        Trust.COMPLETE,
        revision,
        START,
        "h");
  }

  @Test
  void weatherIsTakenInThePeriodsOfTheSeriesAndItsGapsStayGaps() {
    GridSeries series =
        GridSeries.of(
            "a",
            List.of(point(4, 40, 1), point(2, 20, 2), point(2, 19, 1)),
            List.of(
                List.of(point(1, 1, 1), point(2, 2, 1), point(4, 4, 1), point(5, 5, 1)), List.of()),
            HOUR);
    assertThat(series.start()).isEqualTo(START.plus(Duration.ofHours(2)));
    assertThat(series.values()).containsExactly(20, Double.NaN, 40);
    assertThat(series.weather())
        .containsExactly(
            new double[] {2, Double.NaN, 4}, new double[] {Double.NaN, Double.NaN, Double.NaN});
  }
}
