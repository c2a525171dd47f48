package org.chengmai.connectors.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.chengmai.connectors.arrow.Decimals;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * PostgreSQL's binary numeric: four shorts (count of groups, weight of the first, sign, digits to
 * show) and then groups of four decimal digits. Value: the sum of group i times 10000^(weight - i).
 */
final class PostgresNumeric {
  private static final int GROUPS = 8;
  private static final int NEGATIVE = 0x4000;
  private static final int DIGITS_OF_GROUP = 4;
  private static final long BASE = 10_000;
  private static final long[] POWERS = new long[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private PostgresNumeric() {}

  /** Writes a value with the vector's scale, without objects. */
  static void decimal(DecimalVector vector, int row, byte[] data, int at) {
    int sign = sign(vector, data, at);
    int weight = BigEndian.int2(data, at + 2);
    int first = at + GROUPS;
    int end = first + 2 * BigEndian.int2(data, at);
    while (first < end && group(data, first) == 0) {
      first += 2;
      weight--;
    }
    while (end > first && group(data, end - 2) == 0) {
      end -= 2;
    }
    if (first == end) {
      vector.set(row, 0L);
      return;
    }
    int count = (end - first) / 2;
    // the value is the groups as one number, times ten to this power, in units of the scale
    int shift = DIGITS_OF_GROUP * (weight - count + 1) + vector.getScale();
    int digits = DIGITS_OF_GROUP * (count - 1) + digits(group(data, first)) + shift;
    int last = group(data, end - 2);
    int cut = Math.max(0, -shift);
    if (digits > vector.getPrecision()
        || cut >= DIGITS_OF_GROUP
        || last % POWERS[Math.max(0, cut)] != 0) {
      throw Decimals.tooLong(vector, text(data, at));
    }
    if (digits < POWERS.length) {
      long value = 0;
      for (int group = first; group < end - 2; group += 2) {
        value = value * BASE + group(data, group);
      }
      value = value * POWERS[DIGITS_OF_GROUP - cut] + last / POWERS[cut];
      value *= POWERS[Math.max(0, shift)];
      vector.set(row, sign == NEGATIVE ? -value : value);
    } else {
      wide(vector, row, data, first, end, cut, Math.max(0, shift), sign == NEGATIVE);
    }
  }

  /** The same with two longs; the number of digits says that all fits. */
  private static void wide(
      DecimalVector vector,
      int row,
      byte[] data,
      int first,
      int end,
      int cut,
      int shift,
      boolean isNegative) {
    long high = 0;
    long low = 0;
    for (int group = first; group < end; group += 2) {
      boolean isLast = group == end - 2;
      long factor = isLast ? POWERS[DIGITS_OF_GROUP - cut] : BASE;
      long more = isLast ? group(data, group) / POWERS[cut] : group(data, group);
      high = high * factor + highProduct(low, factor);
      long sum = low * factor + more;
      high += Long.compareUnsigned(sum, more) < 0 ? 1 : 0;
      low = sum;
    }
    for (int left = shift; left > 0; left -= POWERS.length - 1) {
      long factor = POWERS[Math.min(left, POWERS.length - 1)];
      high = high * factor + highProduct(low, factor);
      low *= factor;
    }
    if (isNegative) {
      high = ~high + (low == 0 ? 1 : 0);
      low = -low;
    }
    Decimals.set(vector, row, high, low);
  }

  /** The upper 64 bits of an unsigned number times a positive one. */
  private static long highProduct(long unsigned, long positive) {
    return Math.multiplyHigh(unsigned, positive) + ((unsigned >> 63) & positive);
  }

  /** A whole number, such as the sum of integers. */
  static long int8(FieldVector vector, byte[] data, int at) {
    sign(vector, data, at);
    BigDecimal value = value(data, at);
    try {
      return value.longValueExact();
    } catch (ArithmeticException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "column %s: the value %s does not fit into %s"
              .formatted(vector.getName(), value.toPlainString(), vector.getField().getType()),
          e);
    }
  }

  private static int sign(FieldVector vector, byte[] data, int at) {
    int sign = BigEndian.int2(data, at + 4);
    if (sign != 0 && sign != NEGATIVE) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "column %s: not-a-number and infinity are no values of %s"
              .formatted(vector.getName(), vector.getField().getType()));
    }
    return sign;
  }

  private static int group(byte[] data, int at) {
    return BigEndian.int2(data, at);
  }

  private static int digits(int group) {
    return group >= 1000 ? 4 : group >= 100 ? 3 : group >= 10 ? 2 : 1;
  }

  private static String text(byte[] data, int at) {
    return value(data, at).toPlainString();
  }

  private static BigDecimal value(byte[] data, int at) {
    int count = BigEndian.int2(data, at);
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < count; i++) {
      number =
          number
              .multiply(BigInteger.valueOf(BASE))
              .add(BigInteger.valueOf(group(data, at + GROUPS + 2 * i)));
    }
    int scale = DIGITS_OF_GROUP * (count - 1 - BigEndian.int2(data, at + 2));
    BigDecimal value = new BigDecimal(number, scale);
    return BigEndian.int2(data, at + 4) == NEGATIVE ? value.negate() : value;
  }
}
