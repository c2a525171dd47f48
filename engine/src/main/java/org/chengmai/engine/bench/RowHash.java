package org.chengmai.engine.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hash of a result that is equal for equal rows, whatever the types in which an engine gives
 * them: numbers to ten digits, everything else as its text. Not thread-safe.
 */
final class RowHash {
  private static final MathContext DIGITS = new MathContext(10);

  private final boolean isOrdered;
  private long hash;
  private long rows;

  RowHash(boolean isOrdered) {
    this.isOrdered = isOrdered;
  }

  void add(List<? extends @Nullable Object> row) {
    long one = 1;
    for (Object value : row) {
      one = one * 0x100000001b3L + text(value).hashCode();
    }
    hash = isOrdered ? hash * 31 + one : hash + one * (one | 1);
    rows++;
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Number number) {
      BigDecimal decimal =
          number instanceof BigDecimal exact ? exact : new BigDecimal(number.toString());
      return decimal.signum() == 0
          ? "0"
          : decimal.round(DIGITS).stripTrailingZeros().toPlainString();
    }
    return String.valueOf(value).stripTrailing();
  }

  @Override
  public String toString() {
    return "%d:%016x".formatted(rows, hash);
  }
}
