package org.chengmai.models.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;
import org.chengmai.models.forecast.Blend;
import org.chengmai.models.forecast.GridSeries;
import org.chengmai.models.forecast.HorizonFeatures;
import org.chengmai.models.forecast.HorizonFeatures.Row;
import org.chengmai.models.forecast.HorizonPlan;
import org.chengmai.models.forecast.Judgement;
import org.chengmai.models.forecast.Rehearsal;
import org.chengmai.models.forecast.Season;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HorizonTrainerTest {
  private static final Instant START = Instant.parse("2026-01-04T16:00:00Z");
  private static final HorizonFeatures NEXT =
      new HorizonFeatures(new HorizonPlan(Grain.of("PT1H"), DayClass::usual), 1, 0);
  private final HorizonTrainer trainer = new HorizonTrainer(HorizonConfig.defaults());

  /** A daily wave with noise of which the next hour remembers the given share. */
  private static GridSeries wave(String name, int hours, double memory, long seed) {
    Random random = new Random(seed);
    double[] values = new double[hours];
    double noise = 0;
    for (int i = 0; i < hours; i++) {
      noise = memory * noise + random.nextGaussian();
      values[i] = 100 + 20 * Math.sin(2 * Math.PI * i / 24) + 3 * noise;
    }
    return GridSeries.of(name, START, values);
  }

  private static List<Row> rows(double memory, int hours) {
    return Stream.of("630102", "630103")
        .flatMap(name -> NEXT.rows(wave(name, hours, memory, name.hashCode())).stream())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void eachKindBeatsTheNaiveForecastWhereTheNextHourRemembersTheLast(LinearKind kind) {
    List<Row> rows = rows(0.9, 1500);
    Instant cut = rows.get(1000).known();
    HorizonTrainer.Fit fit =
        trainer.train(
            kind,
            Rehearsal.of(rows.stream().filter(row -> row.target().isBefore(cut)).toList()),
            NEXT.names(),
            Season.DAY);
    List<Row> later = rows.stream().filter(row -> !row.known().isBefore(cut)).toList();
    Judgement judgement = Judgement.of(later, fit.forecast());
    assertThat(judgement.ratio()).isLessThan(0.5);
    assertThat(judgement.coverage()).isBetween(0.75, 0.92);
  }

  @ParameterizedTest
  @EnumSource
  void aModelComesBackFromItsBytes(LinearKind kind) {
    List<Row> rows = rows(0.5, 700);
    HorizonTrainer.Fit fit = trainer.train(kind, Rehearsal.of(rows), NEXT.names(), Season.DAY);
    LinearModel back = LinearModel.load(fit.model(), NEXT.names());
    assertThat(back.weights()).containsExactly(fit.forecast().weights());
    assertThat(back.bias()).isEqualTo(fit.forecast().bias());
    Row row = rows.get(rows.size() - 1);
    double byWeights = back.bias();
    for (int i = 0; i < back.weights().length; i++) {
      byWeights += back.weights()[i] * row.features()[i];
    }
    assertThat(LinearModel.predict(back.tribuo(), NEXT.names(), row.features()))
        .isCloseTo(byWeights, within(1e-6));
  }

  @Test
  void whereThereIsNothingToLearnTheModelHasLittleSayAndTheForecastIsHardlyWorseThanTheSlot() {
    List<Row> rows = rows(0, 1500);
    Instant cut = rows.get(1000).known();
    HorizonTrainer.Fit fit =
        trainer
            .trainAll(
                Rehearsal.of(rows.stream().filter(row -> row.target().isBefore(cut)).toList()),
                NEXT.names(),
                Season.DAY)
            .get(0);
    double slot = 0;
    double ours = 0;
    for (Row row : rows) {
      if (!row.known().isBefore(cut) && !Double.isNaN(row.value())) {
        slot += Math.abs(row.value() - row.raw(row.slot()));
        ours += Math.abs(row.value() - fit.forecast().estimate(row).center());
      }
    }
    assertThat(ours).isLessThan(1.05 * slot);
  }

  @Test
  void sharesAreConvex() {
    HorizonTrainer.Fit fit =
        trainer.train(
            LinearKind.ELASTIC_NET, Rehearsal.of(rows(0.3, 700)), NEXT.names(), Season.WEEK);
    for (Blend blend : fit.forecast().mix().own().values()) {
      assertThat(blend.model() + blend.seasonal() + blend.ofClass()).isBetween(0.0, 1 + 1e-9);
      assertThat(Math.min(blend.model(), Math.min(blend.seasonal(), blend.ofClass())))
          .isNotNegative();
    }
  }

  @Test
  void tooFewRowsAreRefusedWithTheirNumber() {
    assertThatThrownBy(
            () ->
                trainer.train(
                    LinearKind.LINEAR_SGD, Rehearsal.of(rows(0, 40)), NEXT.names(), Season.DAY))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("wait for more history");
    assertThatThrownBy(
            () ->
                trainer.train(
                    LinearKind.LINEAR_SGD, Rehearsal.of(List.of()), NEXT.names(), Season.DAY))
        .isInstanceOf(ChengmaiException.class);
  }

  @Test
  void foreignBytesAreRefused() {
    assertThatThrownBy(() -> LinearModel.load(new byte[] {1, 2, 3}, NEXT.names()))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("not a Tribuo");
  }
}
