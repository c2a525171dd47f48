package org.chengmai.indicators.calendar;

import java.util.Locale;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Which days of different years or weeks are held to be the same: {@code compare.align}. */
public enum Alignment {
  /** Days of the same month and day. */
  SOLAR,
  /** Days of the same lunar date; January and February together where months are compared. */
  LUNAR,
  /** The nearest day of the same kind: working day, weekend or holiday. */
  WORKDAY;

  /** Reads a definition's word, solar if absent; INVALID_DEFINITION for another word. */
  public static Alignment of(@Nullable String word) {
    return switch (word == null ? "solar" : word.toLowerCase(Locale.ROOT)) {
      case "solar" -> SOLAR;
      case "lunar" -> LUNAR;
      case "workday" -> WORKDAY;
      default ->
          throw new ChengmaiException(
              ErrorCode.INVALID_DEFINITION,
              "alignment '%s': one of solar, lunar, workday".formatted(word));
    };
  }
}
