package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grain;
import org.chengmai.models.stream.StreamDetector;
import org.chengmai.models.stream.StreamState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamDetectorTest extends DetectorContract<StreamState> {
  private static final Grain HOUR = Grain.of("PT1H");

  @Override
  StreamDetector detector(Grain grain) {
    return new StreamDetector(grain, DayClass::usual);
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
    assertThat(alarm.periodStart())
        .isBetween(
            MONDAY.plus(HOUR.typical().multipliedBy(fault)),
            MONDAY.plus(HOUR.typical().multipliedBy(fault + 2)));
    assertThat(alarm.value()).isLessThan(alarm.band().low());
    assertThat(alarm.band().expected()).isBetween(950.0, 1200.0);
    assertThat(alarm.reasons().zh().get(0)).contains("预期");
    assertThat(alarm.reasons().en().get(0)).contains("expected");
    assertThat(told.get(1).periodStart())
        .isBefore(MONDAY.plus(HOUR.typical().multipliedBy(fault + 24)));
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
    StreamDetector detector =
        new StreamDetector(
            HOUR, date -> date.equals(holiday) ? DayClass.OFF : DayClass.usual(date));
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
    assertThat(told).isNotEmpty();
    assertThat(told.get(0).status()).isEqualTo(Anomaly.Status.FIRING);
    assertThat(told.get(0).value()).isGreaterThan(told.get(0).band().high());
  }

  @Test
  void tellsOfASensorThatFreezesAtAValueWithDecimals() {
    Random random = new Random(6);
    Grain grain = Grain.of("PT5M");
    int fault = 288 * 14;
    double[] frozen = {0};
    List<Anomaly> told =
        firing(
            grain,
            series(
                grain,
                fault + 36,
                i -> i <= fault ? frozen[0] = city(i, 288, random, false) / 3 : frozen[0]));
    assertThat(told).hasSize(1);
    assertThat(told.get(0).reasons().en().get(0)).contains("no longer moves");
  }

  @Test
  void aSensorThatFrozeOnceIsToldOfWhenItFreezesAgain() {
    Random random = new Random(6);
    double[] frozen = {0};
    List<Anomaly> told =
        firing(
            HOUR,
            series(
                HOUR,
                24 * 60,
                i ->
                    i / 140 == 5 || i > 24 * 58
                        ? frozen[0]
                        : (frozen[0] = city(i, 24, random, false) / 3)));
    assertThat(told).hasSize(2);
    assertThat(told.get(1).periodStart()).isAfter(start(HOUR, 24 * 58));
    assertThat(told.get(1).reasons().en().get(0)).contains("no longer moves");
  }

  @Test
  void restAtTheLeastValueSaysNothingOfAnother() {
    Random random = new Random(6);
    int fault = 24 * 98;
    List<Anomaly> told =
        firing(
            HOUR,
            series(
                HOUR,
                24 * 100,
                i -> i >= fault ? 6 : i / 24 % 5 < 2 ? 2 : 2 + Math.rint(9 * random.nextDouble())));
    assertThat(told).isNotEmpty();
    Anomaly last = told.get(told.size() - 1);
    assertThat(last.periodStart()).isAfter(start(HOUR, fault));
    assertThat(last.reasons().en().get(0)).contains("no longer moves");
  }

  @Test
  void findsASpikeOnALowDayThatOnlyReachesWhatIsUsual() {
    Random random = new Random(9);
    Grain grain = Grain.of("PT10M");
    int fault = 144 * 21 + 60;
    double[] days = random.doubles(22, 0.8, 1.2).toArray();
    days[21] = 0.8;
    List<Anomaly> told =
        firing(
            grain,
            series(
                grain,
                fault + 4,
                i -> {
                  double peak = Math.exp(-Math.pow((i % 144 - 60) / 12.0, 2));
                  double usual = 200 + 600 * peak;
                  return usual * days[i / 144] + 3 * random.nextGaussian() + (i == fault ? 160 : 0);
                }));
    assertThat(told).isNotEmpty();
    Anomaly last = told.get(told.size() - 1);
    assertThat(last.periodStart()).isEqualTo(start(grain, fault + 1));
    assertThat(last.reasons().en().get(0)).contains("sticks out upwards");
  }

  @Test
  void aLeakDoesNotHideItselfByGrowingSlowly() {
    Random random = new Random(7);
    Grain grain = Grain.of("PT5M");
    int fault = 288 * 10 + 100;
    List<Anomaly> told =
        firing(
            grain,
            series(
                grain,
                fault + 144,
                i -> city(i, 288, random, false) + Math.max(0, i - fault) * 60 / 144.0));
    assertThat(told).hasSize(1);
    assertThat(told.get(0).periodStart()).isAfter(start(grain, fault));
  }

  @Test
  void findsALoneValueThatWouldBeOrdinaryAtAnotherTimeOfDay() {
    Random random = new Random(8);
    Grain grain = Grain.of("PT10M");
    int fault = 144 * 12 + 5;
    List<Anomaly> told =
        firing(
            grain,
            series(grain, fault + 20, i -> city(i, 144, random, false) + (i == fault ? 110 : 0)));
    assertThat(told).extracting(Anomaly::periodStart).containsExactly(start(grain, fault));
  }

  @Test
  void aFewRareEventsMoreAreNoAnomaly() {
    Grain grain = Grain.of("PT15M");
    int alarms = 0;
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      alarms += firing(grain, series(grain, 96 * 56, i -> rare(random, 0.2))).size();
    }
    // 160 series-weeks
    assertThat(alarms).isLessThanOrEqualTo(5);
  }

  @Test
  void twoOfAVeryRareKindAtOnceAreNoAnomaly() {
    Grain grain = Grain.of("PT15M");
    int alarms = 0;
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      alarms += firing(grain, series(grain, 96 * 56, i -> rare(random, 0.03))).size();
    }
    // 160 series-weeks; 19 while a second event was taken for impossible
    assertThat(alarms).isLessThanOrEqualTo(8);
  }

  /** A Poisson number. */
  private static double rare(Random random, double mean) {
    int events = 0;
    for (double p = random.nextDouble(); p > Math.exp(-mean); p *= random.nextDouble()) {
      events++;
    }
    return events;
  }

  private static Instant start(Grain grain, int period) {
    return MONDAY.plus(grain.typical().multipliedBy(period));
  }

  private List<Anomaly> firing(Grain grain, List<DetectorEvent> events) {
    return run(detector(grain), events).anomalies().stream()
        .filter(anomaly -> anomaly.status() == Anomaly.Status.FIRING)
        .toList();
  }

  @Test
  void showsWhatItExpectsOfEachPeriod() {
    Random random = new Random(5);
    StreamDetector detector = detector(HOUR);
    StreamState state = detector.initial(KEY);
    int inside = 0;
    for (DetectorEvent event : series(HOUR, 24 * 28, i -> city(i, random))) {
      state = detector.next(state, event).state();
      Band band = detector.band(state);
      double value = ((DetectorEvent.Point) event).point().value();
      inside += band != null && value >= band.low() && value <= band.high() ? 1 : 0;
    }
    assertThat(inside).isBetween(24 * 25, 24 * 28);
  }

  @Test
  void isQuietWhileItDoesNotKnowTheSeries() {
    Random random = new Random(4);
    assertThat(
            run(detector(HOUR), series(HOUR, 140, i -> i == 100 ? 9000 : city(i, random)))
                .anomalies())
        .isEmpty();
  }

  @Test
  void saysWhichChannelsSpokeHowOftenItHappensAndWhatWouldHaveBeenNormal() {
    Random random = new Random(6);
    int fault = 24 * 40 + 12;
    Anomaly alarm =
        run(detector(HOUR), series(HOUR, fault + 1, i -> city(i, random) + (i == fault ? 2000 : 0)))
            .anomalies()
            .get(0);
    assertThat(alarm.periodStart()).isEqualTo(MONDAY.plus(HOUR.typical().multipliedBy(fault)));
    assertThat(alarm.reasons().zh()).hasSize(3);
    assertThat(alarm.reasons().zh().get(0)).contains("预期", "区间");
    assertThat(alarm.reasons().en().get(1)).contains("about 1 in", "−log10 p");
    assertThat(alarm.reasons().en().get(2)).contains("it would have been normal between");
    assertThat(alarm.channels())
        .containsKeys("high", "jump", "record")
        .doesNotContainKeys("low", "still")
        .allSatisfy((name, strength) -> assertThat(strength).isBetween(0.01, 30.0));
  }

  @Test
  void aYoungSeriesSaysThatItIsStillBeingLearnt() {
    Random random = new Random(7);
    int fault = 24 * 9;
    assertThat(
            run(detector(HOUR), series(HOUR, fault + 1, i -> i == fault ? 9000 : city(i, random)))
                .anomalies()
                .get(0)
                .reasons()
                .en())
        .last()
        .asString()
        .contains("still learning");
  }

  /** Another meter that counts in other units is one incident, and then the new normal. */
  @ParameterizedTest
  @CsvSource({"10", "1000"})
  void aChangeOfUnitsIsOneIncidentAndThenTheNewNormal(double factor) {
    Random random = new Random(8);
    int change = 24 * 40;
    List<Anomaly> told =
        run(
                detector(HOUR),
                series(HOUR, 24 * 80, i -> (500 + city(i, random)) * (i < change ? 1 : factor)))
            .anomalies();
    assertThat(told)
        .extracting(Anomaly::status)
        .contains(Anomaly.Status.FIRING, Anomaly.Status.CLEARED);
    assertThat(told.stream().filter(one -> one.status() == Anomaly.Status.CLEARED)).hasSize(1);
    Anomaly last = told.get(told.size() - 1);
    assertThat(last.status()).isEqualTo(Anomaly.Status.CLEARED);
    assertThat(last.reasons().en().get(0)).contains("new normal");
    assertThat(last.periodStart())
        .isBefore(MONDAY.plus(HOUR.typical().multipliedBy(change + 8 * 24)));
  }

  /** Scale and shift are only units: the same periods alarm. */
  @ParameterizedTest
  @CsvSource({"4, 0", "1, 4096", "0.0625, -512"})
  void scaleAndShiftChangeNoAlarm(double scale, double shift) {
    List<Instant> plain = alarms(1, 0, 0);
    assertThat(plain).isNotEmpty();
    assertThat(alarms(scale, shift, 0)).isEqualTo(plain);
  }

  @Test
  void aSeriesSomeWeeksLaterAlarmsAtTheSamePeriods() {
    List<Instant> later =
        alarms(1, 0, 7 * 24).stream().map(at -> at.minusSeconds(7 * 86_400)).toList();
    assertThat(later).isEqualTo(alarms(1, 0, 0));
  }

  private List<Instant> alarms(double scale, double shift, int hours) {
    Random random = new Random(9);
    return run(
            detector(HOUR),
            series(
                    HOUR,
                    24 * 60 + hours,
                    i ->
                        i < hours
                            ? Double.NaN
                            : scale
                                    * (city(i - hours, random)
                                        + ((i - hours) % 997 > 990 ? 1500 : 0))
                                + shift)
                .subList(hours, 24 * 60 + hours))
        .anomalies()
        .stream()
        .filter(anomaly -> anomaly.status() == Anomaly.Status.FIRING)
        .map(Anomaly::periodStart)
        .toList();
  }

  /** A counter that starts again every day is odd once at most. */
  @Test
  void aCounterThatResetsEveryDayIsOrdinary() {
    Random random = new Random(10);
    List<Anomaly> told =
        run(detector(HOUR), series(HOUR, 24 * 40, i -> (i % 24) * 100 + 5 * random.nextDouble()))
            .anomalies();
    assertThat(
            told.stream().filter(one -> one.periodStart().isAfter(MONDAY.plusSeconds(14 * 86_400))))
        .isEmpty();
  }

  @Test
  void oneOfARareKindOfCallIsOrdinary() {
    Random random = new Random(7);
    Grain quarter = Grain.of("PT15M");
    assertThat(
            run(
                    detector(quarter),
                    series(quarter, 96 * 56, i -> random.nextDouble() < 0.015 ? 1.0 : 0.0))
                .anomalies())
        .filteredOn(anomaly -> anomaly.status() == Anomaly.Status.FIRING)
        .as("a hundred calls in eight weeks")
        .hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void aConstantIsOrdinaryAndItsFirstChangeIsNot() {
    List<Anomaly> told =
        run(detector(HOUR), series(HOUR, 24 * 40, i -> i < 24 * 39 ? 45 : 60)).anomalies();
    assertThat(told).isNotEmpty();
    assertThat(told.get(0).periodStart())
        .isEqualTo(MONDAY.plus(HOUR.typical().multipliedBy(24 * 39)));
  }

  @Test
  void aStateTakesLessThanSixteenKilobytesOfHeap() {
    StreamState state = detector(Grain.of("PT5M")).initial(KEY);
    assertThat(state.bytes()).isLessThanOrEqualTo(16 * 1024);
  }
}
