package org.chengmai.connectors.arrow;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DecimalVector;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Writes decimals, and refuses those that would lose digits. */
public final class Decimals {
  private Decimals() {}

  /** Writes a value whose digits after the point fit once trailing zeros are gone. */
  public static void set(DecimalVector vector, int row, BigDecimal value) {
    BigDecimal exact;
    try {
      exact = value.setScale(vector.getScale(), RoundingMode.UNNECESSARY);
    } catch (ArithmeticException e) {
      throw tooLong(vector, value.toPlainString());
    }
    if (exact.precision() > vector.getPrecision() && exact.signum() != 0) {
      throw tooLong(vector, value.toPlainString());
    }
    if (exact.unscaledValue().bitLength() < Long.SIZE) {
      vector.set(row, exact.unscaledValue().longValue());
    } else {
      vector.set(row, exact);
    }
  }

  /** Writes an unscaled value of 128 bits that is known to fit. */
  public static void set(DecimalVector vector, int row, long high, long low) {
    ArrowBuf values = vector.getDataBuffer();
    values.setLong((long) row * DecimalVector.TYPE_WIDTH, low);
    values.setLong((long) row * DecimalVector.TYPE_WIDTH + Long.BYTES, high);
    BitVectorHelper.setBit(vector.getValidityBuffer(), row);
  }

  public static ChengmaiException tooLong(DecimalVector vector, String value) {
    return new ChengmaiException(
        ErrorCode.EXTERNAL,
        "column %s: the value %s does not fit into DECIMAL(%d, %d)"
            .formatted(vector.getName(), value, vector.getPrecision(), vector.getScale()));
  }
}
