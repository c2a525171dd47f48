package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeasonalDetectorTest extends DetectorContract<RevisingDetector.State<SeasonalMemory>> {
  private static final Grain HOUR = Grain.of("PT1H");

  @Override
  SeasonalDetector detector(Grain grain) {
    return new SeasonalDetector(grain, DayClass::usual, AlarmConfig.defaults());
  }

  /** A city's day: busy by day, quiet at night, half as busy on the days that are off. */
  static double city(int period, double perDay, Random random, boolean isOff) {
    double day = 1 - Math.cos(2 * Math.PI * (period % perDay) / perDay);
    return (isOff ? 250 : 500) * (0.2 + day) + 12 * random.nextGaussian();
  }

  private static double city(int hour, Random random) {
    return city(hour, 24, random, hour / 24 % 7 > 4);
  }

  @Test
  void findsALossThatNoThresholdWouldSeeAndSaysSoWithItsBand() {
    Random random = new Random(1);
    int fault = 24 * 30 + 12;
    List<Anomaly> told =
        run(
                detector(HOUR),
                series(
                    HOUR, 24 * 35, i -> city(i, random) * (i >= fault && i < fault + 6 ? 0.4 : 1)))
            .anomalies();
    assertThat(told)
        .extracting(Anomaly::status)
        .containsExactly(Anomaly.Status.FIRING, Anomaly.Status.CLEARED);
    Anomaly alarm = told.get(0);
    assertThat(alarm.periodStart()).isEqualTo(MONDAY.plus(HOUR.typical().multipliedBy(fault)));
    assertThat(alarm.value()).isLessThan(alarm.band().low());
    assertThat(alarm.band().expected()).isBetween(950.0, 1200.0);
    assertThat(alarm.grade()).isGreaterThanOrEqualTo(Grade.YELLOW);
    assertThat(alarm.reasons().zh().get(0)).contains("预期");
    assertThat(alarm.reasons().en().get(0)).contains("expected");
    assertThat(told.get(1).periodStart())
        .isBefore(MONDAY.plus(HOUR.typical().multipliedBy(fault + 12)));
  }

  @Test
  void staysQuietOnTenCitiesOfTwelveWeeks() {
    int alarms = 0;
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      alarms +=
          (int)
              run(detector(HOUR), series(HOUR, 24 * 84, i -> city(i, random))).anomalies().stream()
                  .filter(anomaly -> anomaly.status() == Anomaly.Status.FIRING)
                  .count();
    }
    assertThat(alarms).isLessThanOrEqualTo(2);
  }

  @Test
  void aKnownHolidayIsNoAnomaly() {
    LocalDate holiday = LocalDate.of(2026, 2, 17);
    SeasonalDetector detector =
        new SeasonalDetector(
            HOUR,
            date -> date.equals(holiday) ? DayClass.OFF : DayClass.usual(date),
            AlarmConfig.defaults());
    int day = 43;
    Random random = new Random(2);
    assertThat(
            run(
                    detector,
                    series(
                        HOUR, 24 * 50, i -> city(i, 24, random, i / 24 % 7 > 4 || i / 24 == day)))
                .anomalies())
        .isEmpty();
    Random again = new Random(2);
    assertThat(
            run(
                    detector(HOUR),
                    series(HOUR, 24 * 50, i -> city(i, 24, again, i / 24 % 7 > 4 || i / 24 == day)))
                .anomalies())
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PT5M, 8640", "PT15M, 2880", "PT1H, 1440", "P1D, 200", "P1W, 120", "P1M, 80"})
  void findsAStepAtEveryGrain(String text, int periods) {
    Grain grain = Grain.of(text);
    double perDay = Math.max(1, 86_400.0 / grain.typical().toSeconds());
    Random random = new Random(3);
    int fault = periods - 6;
    List<Anomaly> told =
        run(
                detector(grain),
                series(
                    grain,
                    periods,
                    i ->
                        100
                            + (perDay > 1 ? 30 * Math.sin(2 * Math.PI * i / perDay) : 0)
                            + 2 * random.nextGaussian()
                            + (i >= fault ? 60 : 0)))
            .anomalies();
    assertThat(told).hasSize(1);
    assertThat(told.get(0).value()).isGreaterThan(told.get(0).band().high());
  }

  @Test
  void showsWhatItExpectsOfEachPeriodOnceItKnowsTheSeries() {
    Random random = new Random(5);
    SeasonalDetector detector = detector(HOUR);
    RevisingDetector.State<SeasonalMemory> state = detector.initial(KEY);
    int inside = 0;
    for (DetectorEvent event : series(HOUR, 24 * 28, i -> city(i, random))) {
      state = detector.next(state, event).state();
      Band band = detector.band(state);
      double value = ((DetectorEvent.Point) event).point().value();
      inside += band != null && value >= band.low() && value <= band.high() ? 1 : 0;
    }
    assertThat(inside).isBetween(24 * 21 - 40, 24 * 28 - 150);
  }

  @Test
  void isQuietWhileItDoesNotKnowTheSeries() {
    Random random = new Random(4);
    assertThat(
            run(detector(HOUR), series(HOUR, 140, i -> i == 100 ? 9000 : city(i, random)))
                .anomalies())
        .isEmpty();
  }
}
