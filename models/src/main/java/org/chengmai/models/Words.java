package org.chengmai.models;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;

/** Puts figures into sentences in Chinese and in English. */
public final class Words {
  private Words() {}

  /** Four significant digits, without an exponent where people can read it so. */
  public static String number(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    BigDecimal rounded =
        new BigDecimal(value)
            .round(new MathContext(4, RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    double size = Math.abs(value);
    return size >= 1e12 || size < 1e-6
        ? rounded.toString()
        : (size >= 1e4 ? new BigDecimal(value).setScale(0, RoundingMode.HALF_EVEN) : rounded)
            .toPlainString();
  }

  /** One sentence in both languages; grades and durations are worded in each. */
  public static Anomaly.Reasons reasons(String chinese, String english, Object... figures) {
    List<Object> zh = new ArrayList<>();
    List<Object> en = new ArrayList<>();
    for (Object figure : figures) {
      if (figure instanceof Grade grade) {
        zh.add(grade.chinese());
        en.add(grade.key());
      } else if (figure instanceof Duration duration) {
        zh.add(duration(duration, "天", "小时", "分钟", "秒"));
        en.add(duration(duration, " d", " h", " min", " s"));
      } else if (figure instanceof Double number) {
        zh.add(number(number));
        en.add(number(number));
      } else {
        zh.add(figure);
        en.add(figure);
      }
    }
    return Anomaly.Reasons.of(chinese.formatted(zh.toArray()), english.formatted(en.toArray()));
  }

  private static String duration(
      Duration duration, String days, String hours, String minutes, String seconds) {
    long length = duration.toSeconds();
    if (length >= 86_400 && length % 86_400 == 0) {
      return length / 86_400 + days;
    }
    if (length >= 3600 && length % 3600 == 0) {
      return length / 3600 + hours;
    }
    return length % 60 == 0 ? length / 60 + minutes : length + seconds;
  }
}
