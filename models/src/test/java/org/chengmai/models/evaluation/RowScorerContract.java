package org.chengmai.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every scorer must keep, whoever wrote it. */
abstract class RowScorerContract {
  private static final Instant MONDAY = Instant.parse("2026-01-04T16:00:00Z");
  private static final int ROWS = 1_500;

  abstract RowScorer.Kind kind();

  /** Hours with a daily course, noise, a gap, a spike and a shift of level. */
  static TimedSeries series(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Instant> times = new ArrayList<>();
    double[] values = new double[ROWS];
    for (int row = 0; row < ROWS; row++) {
      times.add(MONDAY.plus(Duration.ofHours(row)));
      values[row] = 100 + 30 * Math.sin(2 * Math.PI * row / 24) + 4 * random.nextDouble(-1, 1);
    }
    Arrays.fill(values, 700, 705, Double.NaN);
    values[1_000] += 90;
    for (int row = 1_200; row < 1_260; row++) {
      values[row] -= 50;
    }
    return new TimedSeries("made", "s" + seed, Grain.of("PT1H"), DayClass::usual, times, values);
  }

  private double[] alarms(TimedSeries series) {
    return series.alarms(kind(), series.values().length);
  }

  private static List<Integer> rows(double[] alarms) {
    List<Integer> rows = new ArrayList<>();
    for (int row = 0; row < alarms.length; row++) {
      if (alarms[row] > 0) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static TimedSeries map(TimedSeries series, DoubleUnaryOperator change) {
    return series.with(Arrays.stream(series.values()).map(change).toArray());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void cuttingTheFutureChangesNoPastScore(long seed) {
    TimedSeries whole = series(seed);
    double[] all = alarms(whole);
    double[] strangeness = whole.strangeness(kind());
    for (int end : new int[] {1, 200, 703, 1_001, 1_210}) {
      TimedSeries cut =
          new TimedSeries(
              "made",
              "cut",
              whole.grain(),
              whole.dayClass(),
              whole.times().subList(0, end),
              Arrays.copyOf(whole.values(), end));
      assertThat(alarms(cut)).isEqualTo(Arrays.copyOf(all, end));
      assertThat(cut.strangeness(kind())).isEqualTo(Arrays.copyOf(strangeness, end));
    }
  }

  @ParameterizedTest(name = "times {0}")
  @ValueSource(doubles = {0.001, 0.5, 1_024, 1e6})
  void theUnitChangesNoAlarm(double factor) {
    TimedSeries series = series(1);
    assertThat(rows(alarms(map(series, value -> value * factor))))
        .isEqualTo(rows(alarms(series)))
        .isNotEmpty();
  }

  @ParameterizedTest(name = "plus {0}")
  @ValueSource(doubles = {-500, 37, 1_000})
  void theOriginOfTheScaleChangesNoAlarm(double offset) {
    TimedSeries series = series(1);
    assertThat(rows(alarms(map(series, value -> value + offset))))
        .isEqualTo(rows(alarms(series)))
        .isNotEmpty();
  }

  @ParameterizedTest(name = "{0} weeks later")
  @ValueSource(longs = {-52, 1, 300})
  void wholeWeeksChangeNoScore(long weeks) {
    TimedSeries series = series(1);
    TimedSeries later =
        new TimedSeries(
            "made",
            "later",
            series.grain(),
            series.dayClass(),
            series.times().stream().map(time -> time.plus(Duration.ofDays(7 * weeks))).toList(),
            series.values());
    assertThat(alarms(later)).isEqualTo(alarms(series));
    assertThat(later.strangeness(kind())).isEqualTo(series.strangeness(kind()));
  }
}
