package org.chengmai.indicators.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.SeriesKey;
import org.junit.jupiter.api.Test;

class QualityScoreTest {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 1);

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

  private static double weight(Finding finding, Map<String, Double> weights) {
    return weights.getOrDefault(finding.rule(), 1.0);
  }

  @Test
  void rulesCountByTheirWeights() {
    QualityScore plain = QualityScore.of(FINDINGS, one -> 1).orElseThrow();
    assertThat(plain).isEqualTo(new QualityScore(60, 5, 3));
    Map<String, Double> weights = Map.of("range", 3.0, "flatline", 0.0);
    QualityScore weighted = QualityScore.of(FINDINGS, one -> weight(one, weights)).orElseThrow();
    assertThat(weighted).isEqualTo(new QualityScore(75, 4, 2));
  }

  @Test
  void nothingJudgedIsNoScore() {
    assertThat(QualityScore.of(List.<Finding>of(), one -> 1)).isEmpty();
    assertThat(QualityScore.of(FINDINGS.subList(0, 1), one -> 0)).isEmpty();
  }

  @Test
  void indicatorsAndDepartmentsHaveScoresOfTheirOwn() {
    Function<Finding, String> code = one -> one.value().key().code();
    assertThat(QualityScore.by(code, FINDINGS, one -> 1))
        .containsOnlyKeys("CVS-ENV-0001", "CVS-TRF-0001", "CVS-TRF-0002")
        .extractingByKey("CVS-TRF-0002")
        .isEqualTo(new QualityScore(50, 2, 1));
    Map<String, QualityScore> departments =
        QualityScore.by(
            code.andThen(one -> one.startsWith("CVS-TRF") ? "traffic" : "environment"),
            FINDINGS,
            one -> 1);
    assertThat(departments).containsOnlyKeys("environment", "traffic");
    assertThat(departments.get("traffic").score()).isCloseTo(200 / 3.0, Offset.offset(1e-9));
  }

  @Test
  void rowsCountByTheShareThatKeptTheRule() {
    List<TableFinding> findings =
        List.of(
            new TableFinding("given", DAY, 200, 10, 0.95, 0.9, 1, List.of()),
            new TableFinding("once", DAY, 200, 200, 0, 1, 3, List.of()));
    assertThat(QualityScore.of(findings, TableFinding::weight).orElseThrow())
        .isEqualTo(new QualityScore(23.75, 2, 1));
  }
}
