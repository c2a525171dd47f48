package org.chengmai.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.junit.jupiter.api.Test;

class FeedDetectorTest extends DetectorContract<RevisingDetector.State<FeedDetector.Memory>> {
  private static final Grain HOUR = Grain.of("PT1H");

  @Override
  FeedDetector detector(Grain grain) {
    return new FeedDetector(grain, 3, grain.typical().multipliedBy(6), false);
  }

  private static List<String> told(boolean zeroMayRest, double... values) {
    return run(
            new FeedDetector(HOUR, 2, Duration.ofHours(3), zeroMayRest),
            series(HOUR, values.length, i -> values[i]))
        .steps()
        .stream()
        .map(
            step ->
                step.isEmpty()
                    ? ""
                    : step.get(0).status() + " " + step.get(0).reasons().zh().get(0))
        .toList();
  }

  @Test
  void anOutageIsAnAnomalyOfItsOwnAndEndsWithTheNextPoint() {
    double gap = Double.NaN;
    assertThat(told(false, 1, gap, gap, gap, 2))
        .containsExactly("", "", "FIRING 数据中断:连续 2 个周期无数据", "", "CLEARED 数据恢复");
  }

  @Test
  void aZeroIsNoOutage() {
    assertThat(told(false, 1, 0, 2, 0, 1)).containsOnly("");
  }

  @Test
  void aValueThatNoLongerMovesIsAFlatLine() {
    assertThat(told(false, 1, 5, 5, 5, 5, 6))
        .containsExactly("", "", "", "FIRING 数值恒定:5 已保持 3小时 不变", "", "CLEARED 数值不再恒定");
  }

  @Test
  void aGapBreaksAFlatLine() {
    assertThat(told(false, 5, 5, Double.NaN, 5, 5, 6)).containsOnly("");
  }

  @Test
  void zeroMayRestWhereTheDefinitionSaysSo() {
    assertThat(told(true, 0, 0, 0, 0, 0)).containsOnly("");
    assertThat(told(false, 0, 0, 0)).contains("FIRING 数值恒定:0 已保持 3小时 不变");
  }

  @Test
  void anOutageOfADayIsGraver() {
    Run<?> run =
        run(new FeedDetector(HOUR, 2, null, false), series(HOUR, 30, i -> i == 0 ? 1 : Double.NaN));
    assertThat(run.anomalies())
        .extracting(Anomaly::grade)
        .containsExactly(Grade.YELLOW, Grade.ORANGE);
  }
}
