package org.chengmai.dashboards;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;

/**
 * What a board must know of one indicator to show it.
 *
 * @param code such as {@code CVS-ENV-0001}
 * @param domain the domain's key, such as {@code environment}
 * @param unitDisplay the unit as people read it, empty for a bare number
 * @param decimals digits after the point, 0 to 9
 * @param grain length of a period
 * @param direction which way is good
 * @param thresholds the number at which each grade begins, mild to severe; empty where grades do
 *     not hang on the value alone
 */
public record BoardIndicator(
    String code,
    String nameZh,
    String nameEn,
    String domain,
    String unitDisplay,
    int decimals,
    Grain grain,
    Direction direction,
    List<Threshold> thresholds) {
  private static final Pattern CODE = Pattern.compile("CVS-[A-Z]{3}-\\d{4}");

  public BoardIndicator {
    if (!CODE.matcher(code).matches()) {
      throw refused(code, "a code is CVS-, three capital letters, - and four digits");
    }
    if (decimals < 0 || decimals > 9) {
      throw refused(code, "decimals %d are not between 0 and 9".formatted(decimals));
    }
    thresholds = thresholds.stream().sorted(Comparator.comparing(Threshold::grade)).toList();
    if (new HashSet<>(thresholds.stream().map(Threshold::grade).toList()).size()
        < thresholds.size()) {
      throw refused(code, "a grade has two thresholds");
    }
  }

  /** Which way is good. */
  public enum Direction {
    HIGHER_BETTER,
    LOWER_BETTER,
    /** Good lies between two bounds. */
    TARGET_RANGE,
    NEUTRAL
  }

  /** Where a grade begins. */
  public record Threshold(Grade grade, double value) {}

  public Label name() {
    return new Label(nameZh, nameEn);
  }

  /**
   * The three letters of a code in lower case, such as {@code env}: indicators of one family share
   * a live stream.
   */
  public static String family(String code) {
    String[] parts = code.split("-", 3);
    return (parts.length == 3 ? parts[1] : "other").toLowerCase(Locale.ROOT);
  }

  private static ChengmaiException refused(String code, String why) {
    return new ChengmaiException(
        ErrorCode.INVALID_DEFINITION, "indicator '%s': %s".formatted(code, why));
  }
}
