package org.chengmai.indicators.definition;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.Anomaly.Reasons;

/** Sentences in both languages, collected. Not thread-safe. */
final class Notes {
  private final List<String> zh = new ArrayList<>();
  private final List<String> en = new ArrayList<>();

  void add(String chinese, String english) {
    zh.add(chinese);
    en.add(english);
  }

  boolean isEmpty() {
    return zh.isEmpty();
  }

  Reasons reasons() {
    return new Reasons(zh, en);
  }

  /** Why a member has no value. */
  static Notes whyMissing(Member member, Contribution contribution) {
    Notes notes = new Notes();
    Double denominator = contribution.parts().get(0).denominator();
    if (contribution.n() == 0) {
      notes.add("本周期无数据", "no input in this period");
    } else if (!member.absent(contribution).isEmpty()) {
      List<String> absent = member.absent(contribution);
      notes.add("缺少" + absent, absent + " are missing");
    } else if (denominator != null && denominator == 0) {
      notes.add("分母为零", "the denominator is zero");
    } else if (!member.isUsable(contribution)) {
      notes.add("分子或分母无数据", "the numerator or the denominator has no input");
    } else {
      notes.add(
          "结果不是有限数，或有效输入不足", "the result is not a finite number, or valid inputs are too few");
    }
    return notes;
  }

  /** That fewer inputs came than the definition asks of so many base regions. */
  void addCoverage(IndicatorDefinition definition, long n, int regionCount) {
    Double expected = definition.definition().expected();
    double least = definition.definition().missing().minCoverage();
    if (expected != null && n < expected * regionCount * least) {
      String of = BigDecimal.valueOf(expected * regionCount).stripTrailingZeros().toPlainString();
      add("应有%s个输入，实有%d个".formatted(of, n), "%d of %s expected inputs".formatted(n, of));
    }
  }

  /** That a value is outside the plausible range of its unit. */
  void addRange(IndicatorDefinition definition, double value) {
    List<Double> range = definition.unit().range();
    if (!range.isEmpty() && (value < range.get(0) || value > range.get(1))) {
      add(
          "数值%s超出合理范围%s".formatted(value, range),
          "%s is outside the plausible range %s".formatted(value, range));
    }
  }
}
