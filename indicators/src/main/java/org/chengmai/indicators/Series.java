package org.chengmai.indicators;

import java.util.regex.Pattern;

/**
 * A registered source of observations: what it measures, where, in which unit and within which
 * plausible range.
 *
 * @param id unique, 1 to 128 characters of {@code A-Z a-z 0-9 . _ : -}
 * @param measure what is measured, such as {@code air.pm25}
 * @param region GB/T 2260 code of the place
 * @param unit unit code of the values
 * @param min least plausible value, may be negative infinity
 * @param max greatest plausible value, may be positive infinity
 */
public record Series(
    String id, String measure, String region, String unit, double min, double max) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  public Series {
    if (!ID.matcher(id).matches()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "series id '%s': 1 to 128 of A-Z a-z 0-9 . _ : -".formatted(id));
    }
    if (!(min < max)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "series %s: min %s is not below max %s".formatted(id, min, max));
    }
  }
}
