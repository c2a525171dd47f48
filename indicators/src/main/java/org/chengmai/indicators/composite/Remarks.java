package org.chengmai.indicators.composite;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;

/** Collects what people should know of one value of an index. Not thread-safe. */
final class Remarks {
  private static final double ROUNDING = 1e-9;

  private final List<String> zh = new ArrayList<>();
  private final List<String> en = new ArrayList<>();

  void tooFew(double coverage, double minCoverage, Collection<String> missing) {
    zh.add(
        "权重覆盖率 %s 低于 %s，不出指数；缺：%s"
            .formatted(percent(coverage), percent(minCoverage), String.join("、", missing)));
    en.add(
        "Weight coverage %s is below %s, so there is no index; missing: %s"
            .formatted(percent(coverage), percent(minCoverage), String.join(", ", missing)));
  }

  void some(double coverage, Collection<String> missing) {
    zh.add("权重覆盖率 %s，其余权重重新归一；缺：%s".formatted(percent(coverage), String.join("、", missing)));
    en.add(
        "Weight coverage %s, the other weights are scaled up; missing: %s"
            .formatted(percent(coverage), String.join(", ", missing)));
  }

  void lifeLinesUnknown(Collection<String> lifeLines) {
    zh.add("生命线指标无数据，未参与封顶：%s".formatted(String.join("、", lifeLines)));
    en.add("No data of life-lines, which therefore cap nothing: " + String.join(", ", lifeLines));
  }

  void cap(String lifeLine, Grade grade) {
    zh.add("生命线指标 %s 为%s色，指数等级不轻于%s色".formatted(lifeLine, grade.chinese(), grade.chinese()));
    en.add("Life-line %s is %s, so the index' grade is no milder".formatted(lifeLine, grade.key()));
  }

  Anomaly.Reasons toReasons() {
    return new Anomaly.Reasons(zh, en);
  }

  /** Rounded down, so that a coverage below the limit never reads like the limit. */
  private static String percent(double share) {
    return BigDecimal.valueOf(100 * share + ROUNDING)
            .setScale(1, RoundingMode.FLOOR)
            .toPlainString()
        + " %";
  }
}
