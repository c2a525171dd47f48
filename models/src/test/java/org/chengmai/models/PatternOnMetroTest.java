package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.models.tribuo.TribuoPatterns;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Unknown courses of days over 80 real stations of a metro: learnt on 13 days, judged on 6 later.
 */
class PatternOnMetroTest {
  private static final Path FILE = Path.of("../../shared/data/hangzhou-metro/inflow_10min.csv");
  private static final Grain GRAIN = Grain.of("PT10M");
  private static final int A_DAY = 108;
  private static final int LEARNT = 13;
  private static final int STATIONS = 80;

  private static final List<Instant> TIMES = new ArrayList<>();
  private static final List<double[]> ROWS = new ArrayList<>();
  private static PatternDetector detector;

  @BeforeAll
  static void learn() throws IOException {
    assumeTrue(Files.exists(FILE), "needs the data of the metro");
    for (String line : Files.readAllLines(FILE).subList(1, 1 + 20 * A_DAY)) {
      String[] cells = line.split(",");
      TIMES.add(
          LocalDateTime.parse(cells[0].replace(' ', 'T'))
              .atZone(DetectorContract.CHINA)
              .toInstant());
      double[] values = new double[STATIONS];
      for (int i = 0; i < STATIONS; i++) {
        values[i] = Double.parseDouble(cells[i + 1]);
      }
      ROWS.add(values);
    }
    List<IndicatorPoint> history = new ArrayList<>();
    for (int row = 0; row < LEARNT * A_DAY; row++) {
      for (int station = 0; station < STATIONS; station++) {
        history.add(point(station, row, ROWS.get(row)[station]));
      }
    }
    detector =
        new PatternDetector(GRAIN, new TribuoPatterns().train("METRO", 1, history, GRAIN).model());
  }

  private static IndicatorPoint point(int station, int row, double value) {
    return new IndicatorPoint(
        SeriesKey.of("METRO", "s" + station),
        1,
        TIMES.get(row),
        GRAIN,
        value,
        null,
        null,
        1,
        Trust.COMPLETE,
        1,
        TIMES.get(row),
        "h");
  }

  /** A value of a station, perhaps another than was measured. */
  private interface Course {
    double at(int station, int row);
  }

  /** How many stations alarm in the judged days. */
  private static int alarms(Course course) {
    int alarms = 0;
    for (int station = 0; station < STATIONS; station++) {
      alarms += alarms(detector, station, course);
    }
    return alarms;
  }

  private static <S> int alarms(Detector<S> detector, int station, Course course) {
    S state = detector.initial(SeriesKey.of("METRO", "s" + station));
    int alarms = 0;
    for (int row = 0; row < ROWS.size(); row++) {
      Detector.Step<S> step =
          detector.next(
              state, new DetectorEvent.Point(point(station, row, course.at(station, row))));
      state = step.state();
      for (Anomaly anomaly : step.anomalies()) {
        boolean isJudged = row >= (LEARNT + 1) * A_DAY;
        alarms += isJudged && anomaly.status() == Anomaly.Status.FIRING ? 1 : 0;
      }
    }
    return alarms;
  }

  /** On the seventeenth day, what another course gives; else what was measured. */
  private static Course disturbed(Course other) {
    return (station, row) -> row / A_DAY == 16 ? other.at(station, row) : ROWS.get(row)[station];
  }

  @Test
  void ordinaryDaysAreHardlyEverStrange() {
    int alarms = alarms((station, row) -> ROWS.get(row)[station]);
    assertThat(alarms).as("in 480 days of stations").isLessThanOrEqualTo(4);
  }

  @Test
  void aDayThatRunsBackwardsOrFourHoursLateIsStrangeAtMostStations() {
    int backwards =
        alarms(
            disturbed((station, row) -> ROWS.get(16 * A_DAY + A_DAY - 1 - row % A_DAY)[station]));
    int late =
        alarms(
            disturbed(
                (station, row) ->
                    ROWS.get(16 * A_DAY + Math.floorMod(row % A_DAY - 24, A_DAY))[station]));
    assertThat(backwards).isGreaterThan(40);
    assertThat(late).isGreaterThan(60);
  }

  @Test
  void aWeakEveningIsStrangeAtTheStationsThatLiveByIt() {
    int without =
        alarms(
            disturbed(
                (station, row) ->
                    row % A_DAY >= 60 && row % A_DAY < 84
                        ? 0.3 * ROWS.get(row)[station]
                        : ROWS.get(row)[station]));
    assertThat(without).isGreaterThan(8);
  }
}
