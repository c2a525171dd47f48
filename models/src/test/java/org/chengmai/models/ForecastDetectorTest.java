package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.models.tribuo.TribuoConfig;
import org.chengmai.models.tribuo.TribuoForecaster;
import org.junit.jupiter.api.Test;

class ForecastDetectorTest extends DetectorContract<RevisingDetector.State<ForecastMemory>> {
  private static final Grain HOUR = Grain.of("PT1H");
  private static final TrainedModel TRAINED = train();

  private static TrainedModel train() {
    Random random = new Random(1);
    List<IndicatorPoint> history = new ArrayList<>();
    for (DetectorEvent event :
        series(HOUR, 24 * 28, i -> StreamDetectorTest.city(i, 24, random, i / 24 % 7 > 4))) {
      history.add(((DetectorEvent.Point) event).point());
    }
    return new TribuoForecaster(TribuoConfig.defaults())
        .train("CVS-ENV-0001", 3, history, HOUR, DayClass::usual);
  }

  @Override
  ForecastDetector detector(Grain grain) {
    return new ForecastDetector(
        grain, DayClass::usual, AlarmConfig.defaults(), TribuoForecaster.load(TRAINED));
  }

  @Test
  void namesTheModelAndItsVersionInTheReasons() {
    Random random = new Random(2);
    int fault = 24 * 21 + 13;
    List<Anomaly> told =
        run(
                detector(HOUR),
                series(
                    HOUR,
                    24 * 25,
                    i ->
                        StreamDetectorTest.city(i, 24, random, i / 24 % 7 > 4)
                            * (i >= fault && i < fault + 4 ? 0.4 : 1)))
            .anomalies();
    assertThat(told)
        .extracting(Anomaly::status)
        .containsExactly(Anomaly.Status.FIRING, Anomaly.Status.CLEARED);
    Anomaly alarm = told.get(0);
    assertThat(alarm.periodStart()).isEqualTo(MONDAY.plus(HOUR.typical().multipliedBy(fault)));
    assertThat(alarm.model()).isEqualTo("tribuo-linear-sgd@3");
    assertThat(alarm.reasons().zh().get(0)).startsWith("模型 tribuo-linear-sgd@3 预期 ");
    assertThat(alarm.reasons().en().get(0)).startsWith("model tribuo-linear-sgd@3 expected ");
    assertThat(alarm.value()).isLessThan(alarm.band().low());
  }

  @Test
  void showsWhatTheModelExpectsExceptAfterALongGap() {
    Random random = new Random(6);
    ForecastDetector detector = detector(HOUR);
    RevisingDetector.State<ForecastMemory> state = detector.initial(KEY);
    boolean[] hasBand = new boolean[100];
    int i = 0;
    for (DetectorEvent event :
        series(
            HOUR,
            100,
            n -> n >= 50 && n < 60 ? Double.NaN : StreamDetectorTest.city(n, 24, random, false))) {
      state = detector.next(state, event).state();
      hasBand[i++] = detector.band(state) != null;
    }
    assertThat(hasBand[7]).isFalse();
    assertThat(hasBand[49]).isTrue();
    assertThat(hasBand[60]).isFalse();
    assertThat(hasBand[68]).isTrue();
  }

  @Test
  void aGapIsNotForecastFromZeros() {
    Random random = new Random(5);
    List<DetectorEvent> events =
        series(
            HOUR,
            24 * 30,
            i -> {
              double value = StreamDetectorTest.city(i, 24, random, i / 24 % 7 > 4);
              return i > 24 * 14 && i % 29 < 2 || i % 200 > 190 ? Double.NaN : value;
            });
    assertThat(
            run(detector(HOUR), events).anomalies().stream()
                .filter(a -> a.status() == Anomaly.Status.FIRING)
                .count())
        .isLessThanOrEqualTo(1);
  }
}
