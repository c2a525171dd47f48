package org.chengmai.models.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.DayShape;
import org.chengmai.models.PatternModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tribuo.Model;
import org.tribuo.clustering.kmeans.KMeansModel;
import org.tribuo.protos.core.ModelProto;

final class TribuoPatternsTest {
  private static final Grain HOUR = Grain.of("PT1H");
  private static final Instant MONDAY = Instant.parse("2026-01-04T16:00:00Z");

  /** Hours of some districts: two peaks on working days, one late hump on days off. */
  static List<IndicatorPoint> history(int days, long seed) {
    Random random = new Random(seed);
    List<IndicatorPoint> points = new ArrayList<>();
    for (int day = 0; day < days; day++) {
      for (String region : List.of("630102", "630103", "630104")) {
        double size = 50 + 100 * random.nextDouble();
        for (int hour = 0; hour < 24; hour++) {
          double shape = day % 7 > 4 ? hump(hour, 15) : hump(hour, 8) + hump(hour, 18);
          Instant at = MONDAY.plus(Duration.ofHours(24L * day + hour));
          points.add(
              new IndicatorPoint(
                  SeriesKey.of("CVS-TRA-0001", region),
                  1,
                  at,
                  HOUR,
                  size * (0.2 + shape + 0.05 * random.nextGaussian()),
                  null,
                  null,
                  1,
                  Trust.COMPLETE,
                  1,
                  at,
                  "h"));
        }
      }
    }
    return points;
  }

  static double hump(int hour, int at) {
    return Math.exp(-(hour - at) * (hour - at) / 4.0);
  }

  private static double[] shape(int... peaks) {
    double[] sums = new double[24];
    int[] counts = new int[24];
    for (int hour = 0; hour < 24; hour++) {
      counts[hour] = 1;
      for (int peak : peaks) {
        sums[hour] += hump(hour, peak);
      }
    }
    return Objects.requireNonNull(DayShape.of(sums, counts));
  }

  @Test
  void usualDaysScoreLowAndADayOfAnotherShapeHigh() {
    PatternModel model =
        new TribuoPatterns().train("CVS-TRA-0001", 3, history(56, 1), HOUR).model();
    assertThat(model.label()).isEqualTo("tribuo-kmeans@3");
    assertThat(score(model, shape(8, 18))).isLessThan(2);
    assertThat(score(model, shape(15))).isLessThan(2);
    assertThat(score(model, shape(3))).as("a peak at night").isGreaterThan(5);
    assertThat(score(model, shape(8))).as("the evening's peak never came").isGreaterThan(5);
  }

  private static double score(PatternModel model, double[] shape) {
    return model.score(DayShape.distance(model.nearest(shape), shape));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void theBytesAloneBringTheSameModelBack(long seed) {
    TribuoPatterns.Trained trained =
        new TribuoPatterns().train("CVS-TRA-0001", 1, history(40, seed), HOUR);
    PatternModel loaded =
        TribuoPatterns.load(trained.bytes(), "tribuo-kmeans@1", trained.model().distances());
    assertThat(loaded.centroids()).isDeepEqualTo(trained.model().centroids());
    assertThat(Json.read(trained.provenance(), Map.class)).containsKeys("sha256", "tribuo");
  }

  @Test
  void tribuoCannotReadAModelBackOneOfWhoseClustersIsEmptySoNoneIsSaved() throws Exception {
    List<TribuoPatterns.Day> days = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      days.add(new TribuoPatterns.Day(i, i % 2 == 0 ? shape(8, 18) : shape(15)));
    }
    KMeansModel raw = TribuoPatterns.fit(days, 8);
    ModelProto bytes = ModelProto.parseFrom(raw.serialize().toByteArray());
    // shapes of two kinds for eight clusters: this is Tribuo 4.3.2's defect, known by its message
    assertThatThrownBy(() -> Model.deserialize(bytes)).isInstanceOf(IllegalStateException.class);

    KMeansModel saved = TribuoPatterns.fit(days);
    assertThat(Model.deserialize(ModelProto.parseFrom(saved.serialize().toByteArray())))
        .isInstanceOf(KMeansModel.class);
  }

  @Test
  void tooFewDaysTeachNothing() {
    assertThatThrownBy(() -> new TribuoPatterns().train("CVS-TRA-0001", 1, history(5, 1), HOUR))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES));
  }
}
