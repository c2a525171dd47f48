package org.chengmai.indicators.comparison;

import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.comparison.Reading.Cause;
import org.chengmai.indicators.comparison.Reading.Unknown;
import org.chengmai.indicators.definition.Measure;

/** The sentences that say why there is no number. */
final class Because {
  private Because() {}

  static Unknown valueMissing(String period) {
    return unknown(Cause.VALUE_MISSING, period + " 没有值", period + " has no value");
  }

  static Unknown baseMissing(String base) {
    return unknown(
        Cause.BASE_MISSING, "基期 " + base + " 没有值", "the base period " + base + " has no value");
  }

  static Unknown notDue(String base) {
    return unknown(
        Cause.BASE_MISSING,
        "基期 " + base + " 按日历不统计",
        "by the calendar no value is due in the base period " + base);
  }

  static Unknown historyBegins(String beginning, String base) {
    return unknown(
        Cause.TOO_LITTLE_HISTORY,
        "历史不足：数据自 %s 起，基期为 %s".formatted(beginning, base),
        "too little history: it begins at %s, the base is %s".formatted(beginning, base));
  }

  static Unknown tooFew(int known, int asked, int needed) {
    return unknown(
        Cause.TOO_LITTLE_HISTORY,
        "历史不足：参照的 %d 期中 %d 期有值，至少需要 %d 期".formatted(asked, known, needed),
        "too little history: %d of %d periods have a value, %d are needed"
            .formatted(known, asked, needed));
  }

  static Unknown incomplete(int missing, int asked) {
    return unknown(
        Cause.VALUE_MISSING,
        "%d 期中有 %d 期没有值".formatted(asked, missing),
        "%d of %d periods have no value".formatted(missing, asked));
  }

  static Unknown zeroBase() {
    return unknown(
        Cause.ZERO_BASE, "基期为零，不计算相对变化", "the base is zero: no relative change is stated");
  }

  static Unknown negativeBase() {
    return unknown(
        Cause.NEGATIVE_BASE, "基期为负，不计算相对变化", "the base is negative: no relative change is stated");
  }

  static Unknown noSpread() {
    return unknown(
        Cause.NO_SPREAD,
        "参照的各期数值相同，无法衡量偏离",
        "the values to compare with are all the same: nothing measures a deviation");
  }

  static Unknown combinedMonths() {
    return unknown(
        Cause.COMBINED_MONTHS,
        "1月不单独同比，与2月合并比较",
        "January is not compared alone, but together with February");
  }

  static Unknown notCombinable(String periods) {
    return unknown(
        Cause.NOT_COMBINABLE,
        periods + " 无法合并计算",
        "no value of " + periods + " together can be told");
  }

  static Unknown grain(Measure measure, Grain grain) {
    return unknown(
        Cause.GRAIN,
        "%s 不适用于周期 %s".formatted(measure, grain),
        "%s has no meaning for periods of %s".formatted(measure, grain));
  }

  static Unknown noSuchDay(String near) {
    return unknown(
        Cause.NO_SUCH_DAY, near + " 附近没有同类日", "no day of the same kind lies near " + near);
  }

  static Unknown notFinite() {
    return unknown(Cause.NOT_FINITE, "结果超出数值范围", "the result is too large for a number");
  }

  static Unknown notCompared(Measure measure) {
    return unknown(
        Cause.NOT_COMPARED, measure + " 不由历史比较得出", measure + " is not answered from the history");
  }

  private static Unknown unknown(Cause cause, String zh, String en) {
    return new Unknown(cause, Reasons.of(zh, en));
  }
}
