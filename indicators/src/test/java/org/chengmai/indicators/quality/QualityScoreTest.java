package org.chengmai.indicators.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.SeriesKey;
import org.junit.jupiter.api.Test;

class QualityScoreTest {
  private static Finding finding(String code, String rule, boolean passed) {
    Finding.Row row = new Finding.Row(SeriesKey.of(code, "630102"), Cases.START);
    return Finding.of(row, rule, passed, 1, 1, List.of(row), () -> Reasons.of("坏", "bad"));
  }

  private static final List<Finding> FINDINGS =
      List.of(
          finding("CVS-ENV-0001", "range", true),
          finding("CVS-ENV-0001", "jump", false),
          finding("CVS-TRF-0001", "range", true),
          finding("CVS-TRF-0002", "flatline", true),
          finding("CVS-TRF-0002", "jump", false));

  @Test
  void rulesCountByTheirWeights() {
    QualityScore plain = QualityScore.of(FINDINGS, Map.of()).orElseThrow();
    assertThat(plain).isEqualTo(new QualityScore(60, 5, 3));
    QualityScore weighted =
        QualityScore.of(FINDINGS, Map.of("range", 3.0, "flatline", 0.0)).orElseThrow();
    assertThat(weighted).isEqualTo(new QualityScore(75, 4, 2));
  }

  @Test
  void nothingJudgedIsNoScore() {
    assertThat(QualityScore.of(List.of(), Map.of())).isEmpty();
    assertThat(QualityScore.of(FINDINGS.subList(0, 1), Map.of("range", 0.0))).isEmpty();
  }

  @Test
  void indicatorsAndDepartmentsHaveScoresOfTheirOwn() {
    assertThat(QualityScore.byIndicator(FINDINGS, Map.of()))
        .containsOnlyKeys("CVS-ENV-0001", "CVS-TRF-0001", "CVS-TRF-0002")
        .extractingByKey("CVS-TRF-0002")
        .isEqualTo(new QualityScore(50, 2, 1));
    Map<String, QualityScore> departments =
        QualityScore.byDepartment(
            FINDINGS, Map.of(), code -> code.startsWith("CVS-TRF") ? "traffic" : "environment");
    assertThat(departments).containsOnlyKeys("environment", "traffic");
    assertThat(departments.get("traffic").score()).isCloseTo(200 / 3.0, Offset.offset(1e-9));
  }
}
