package org.chengmai.indicators.region;

import java.util.regex.Pattern;
import org.chengmai.indicators.region.Region.Level;
import org.jspecify.annotations.Nullable;

/**
 * What the digits of a division code say: six digits as in GB/T 2260, nine a street, more a grid.
 */
final class DivisionCode {
  private static final Pattern SIX_DIGITS = Pattern.compile("[1-9][0-9]{5}");
  private static final Pattern NINE_DIGITS = Pattern.compile("[1-9][0-9]{8}");
  private static final Pattern MORE_DIGITS = Pattern.compile("[1-9][0-9]{9,29}");

  private DivisionCode() {}

  /** Throws {@link IllegalArgumentException} when the code is not one of six digits. */
  static void checkDistrict(String code) {
    check(SIX_DIGITS.matcher(code).matches(), code, "six digits");
  }

  static void checkStreet(String code) {
    check(NINE_DIGITS.matcher(code).matches(), code, "nine digits");
  }

  static void checkGrid(String code) {
    check(MORE_DIGITS.matcher(code).matches(), code, "a street's nine digits and more");
  }

  /** Of any level. */
  static void check(String code) {
    if (code.length() > 9) {
      checkGrid(code);
    } else if (code.length() > 6) {
      checkStreet(code);
    } else {
      checkDistrict(code);
    }
  }

  private static void check(boolean isRight, String code, String meaning) {
    if (!isRight) {
      throw new IllegalArgumentException("region code '%s' is not %s".formatted(code, meaning));
    }
  }

  static Level level(String code) {
    if (code.length() > 9) {
      return Level.GRID;
    } else if (code.length() == 9) {
      return Level.STREET;
    } else if (code.endsWith("0000")) {
      return Level.PROVINCE;
    }
    return code.endsWith("00") ? Level.CITY : Level.COUNTY;
  }

  /** The code of what holds it: 630106100 for 63010610007, then 630106, 630100, 630000, null. */
  static @Nullable String parent(String code) {
    return switch (level(code)) {
      case PROVINCE -> null;
      case CITY -> code.substring(0, 2) + "0000";
      case COUNTY -> code.substring(0, 4) + "00";
      case STREET -> code.substring(0, 6);
      case GRID -> code.substring(0, 9);
    };
  }
}
