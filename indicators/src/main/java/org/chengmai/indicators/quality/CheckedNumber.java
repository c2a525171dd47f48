package org.chengmai.indicators.quality;

import java.util.ArrayList;
import java.util.List;

/**
 * An identifier of eighteen characters whose last one follows from the others: their places in an
 * alphabet, weighted and summed, leave a remainder that names it. That a birth date or a division
 * in it exists is not looked at.
 *
 * @param alphabet of the first seventeen characters
 * @param weights of these
 * @param checks the last character by the remainder; its length is the divisor
 */
record CheckedNumber(String alphabet, int[] weights, String checks) {
  /** GB 11643-1999. */
  static final CheckedNumber CITIZEN =
      new CheckedNumber(
          "0123456789",
          new int[] {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2},
          "10X98765432");

  /** GB 32100-2015: the check is what is missing to a multiple of 31. */
  static final CheckedNumber CREDIT =
      new CheckedNumber(
          "0123456789ABCDEFGHJKLMNPQRTUWXY",
          new int[] {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28},
          "0YXWUTRQPNMLKJHGFEDCBA987654321");

  /** The condition of SQL that a column's text is such a number; unknown where it is null. */
  String sql(String column) {
    List<String> known = new ArrayList<>();
    List<String> sum = new ArrayList<>();
    known.add("CHAR_LENGTH(%s) = 18".formatted(column));
    for (int i = 0; i < weights.length; i++) {
      String place =
          "POSITION(SUBSTRING(%s FROM %d FOR 1) IN '%s')".formatted(column, i + 1, alphabet);
      known.add(place + " > 0");
      sum.add("(%s - 1) * %d".formatted(place, weights[i]));
    }
    known.add(
        "POSITION(UPPER(SUBSTRING(%s FROM 18 FOR 1)) IN '%s') = MOD(%s, %d) + 1"
            .formatted(column, checks, String.join(" + ", sum), checks.length()));
    return String.join(" AND ", known);
  }
}
