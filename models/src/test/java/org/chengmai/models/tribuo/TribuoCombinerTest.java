package org.chengmai.models.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.feedback.Combiner;
import org.chengmai.models.feedback.CombinerConfig;
import org.chengmai.models.feedback.JudgedAlarm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TribuoCombinerTest {
  private final TribuoCombiner combiners = new TribuoCombiner(CombinerConfig.defaults());

  /** Real alarms score higher and more often have others beside them; one channel is noise. */
  private static List<JudgedAlarm> alarms(int count, double share, long seed) {
    Random random = new Random(seed);
    List<JudgedAlarm> alarms = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean isReal = random.nextDouble() < share;
      Map<String, Double> features = new TreeMap<>();
      features.put("score", 1.5 + (isReal ? 0.8 : 0) + 0.5 * random.nextGaussian());
      features.put("agreeing", isReal && random.nextBoolean() ? 0.7 : 0.01);
      features.put("code=" + (isReal ? random.nextInt(4) : random.nextInt(2)), 1.0);
      features.put("channel=noise", random.nextGaussian());
      alarms.add(new JudgedAlarm(features, isReal));
    }
    return alarms;
  }

  @Test
  void theWeightsTakenOutPredictWhatTribuoPredicts() {
    List<JudgedAlarm> alarms = alarms(120, 0.4, 3);
    TribuoCombiner.Trained trained = combiners.train(1, alarms);
    var model = TribuoCombiner.model(trained.bytes());
    for (JudgedAlarm alarm : alarms) {
      double expected =
          model.predict(TribuoCombiner.example(alarm)).getOutputScores().get("real").getScore();
      assertThat(trained.combiner().probability(alarm.features()))
          .isCloseTo(expected, within(1e-9));
    }
  }

  @Test
  void theBytesAloneBringTheSameCombinerBack() {
    TribuoCombiner.Trained trained = combiners.train(7, alarms(120, 0.5, 4));
    Combiner loaded =
        TribuoCombiner.load(
            trained.bytes(), "feedback-combiner@7", trained.combiner().demoteBelow());
    assertThat(loaded).isEqualTo(trained.combiner());
  }

  @Test
  void theSameLabelsGiveTheSameModelAndOthersAnotherHash() {
    TribuoCombiner.Trained one = combiners.train(1, alarms(120, 0.5, 5));
    TribuoCombiner.Trained two = combiners.train(1, alarms(120, 0.5, 5));
    assertThat(two.combiner()).isEqualTo(one.combiner());
    assertThat(sha(two)).isEqualTo(sha(one)).hasSize(64);
    assertThat(sha(combiners.train(1, alarms(120, 0.5, 6)))).isNotEqualTo(sha(one));
  }

  private static String sha(TribuoCombiner.Trained trained) {
    return Json.read(trained.provenance(), Map.class).get("sha256").toString();
  }

  @Test
  void tooFewLabelsOfEitherKindTeachNothing() {
    List<JudgedAlarm> allReal = alarms(60, 1.1, 7);
    assertThat(combiners.isEnough(allReal)).isFalse();
    assertThatThrownBy(() -> combiners.train(1, allReal))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES));
  }

  @Test
  void aFeatureThatWasNeverLearntChangesNothing() {
    Combiner combiner = combiners.train(1, alarms(120, 0.5, 8)).combiner();
    Map<String, Double> features = alarms(1, 0.5, 9).get(0).features();
    Map<String, Double> more = new TreeMap<>(features);
    more.put("channel=unheard-of", 5.0);
    assertThat(combiner.probability(more)).isEqualTo(combiner.probability(features));
  }

  @Test
  void aRedAlarmIsNeverDemoted() {
    Combiner combiner = new Combiner("x@1", Map.of(), -9, 0.5);
    assertThat(combiner.demotes(Grade.ORANGE, combiner.probability(Map.of()))).isTrue();
    assertThat(combiner.demotes(Grade.RED, combiner.probability(Map.of()))).isFalse();
  }

  @Test
  void fewRealAlarmsAreTooFewToPromiseTheBoundSoNothingIsDemoted() {
    // 18 real ones would allow 0.95 of one to be missed
    assertThat(CombinerConfig.defaults().demoteBelow(new double[18])).isZero();
    double[] ascending = new double[149];
    for (int i = 0; i < ascending.length; i++) {
      ascending[i] = (i + 1) / 1000.0;
    }
    assertThat(CombinerConfig.defaults().demoteBelow(ascending)).isEqualTo(0.007);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13})
  void onAlarmsNotSeenFewerRealOnesAreDemotedThanTheBoundAndManyFalseOnes(long seed) {
    double missed = 0;
    double dropped = 0;
    int rounds = 6;
    for (int round = 0; round < rounds; round++) {
      Combiner combiner = combiners.train(1, alarms(300, 0.5, 100 * seed + round)).combiner();
      List<JudgedAlarm> later = alarms(2000, 0.5, 100 * seed + 50 + round);
      missed += share(combiner, later, true) / rounds;
      dropped += share(combiner, later, false) / rounds;
    }
    // the bound of 5 % holds on average over draws; the rest is the spread of six of them
    assertThat(missed).isLessThan(0.07);
    assertThat(dropped).isGreaterThan(0.2);
  }

  private static double share(Combiner combiner, List<JudgedAlarm> alarms, boolean isReal) {
    return alarms.stream()
        .filter(alarm -> alarm.isReal() == isReal)
        .mapToDouble(
            alarm -> combiner.demotes(Grade.YELLOW, combiner.probability(alarm.features())) ? 1 : 0)
        .average()
        .orElseThrow();
  }
}
