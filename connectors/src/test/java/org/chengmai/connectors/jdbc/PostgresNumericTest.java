package org.chengmai.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.DecimalVector;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresNumericTest {

  /** A value as the server sends it. */
  static byte[] wire(BigDecimal value) {
    BigDecimal plain = value.abs();
    BigInteger whole = plain.toBigInteger();
    List<Short> groups = new ArrayList<>();
    for (BigInteger rest = whole;
        rest.signum() > 0;
        rest = rest.divide(BigInteger.valueOf(10_000))) {
      groups.add(0, rest.mod(BigInteger.valueOf(10_000)).shortValue());
    }
    int weight = groups.size() - 1;
    BigDecimal fraction = plain.subtract(new BigDecimal(whole));
    while (fraction.signum() > 0) {
      fraction = fraction.movePointRight(4);
      groups.add(fraction.setScale(0, RoundingMode.DOWN).shortValue());
      fraction = fraction.subtract(fraction.setScale(0, RoundingMode.DOWN));
    }
    while (!groups.isEmpty() && groups.get(0) == 0) {
      groups.remove(0);
      weight--;
    }
    while (!groups.isEmpty() && groups.get(groups.size() - 1) == 0) {
      groups.remove(groups.size() - 1);
    }
    ByteBuffer bytes = ByteBuffer.allocate(8 + 2 * groups.size());
    bytes.putShort((short) groups.size()).putShort((short) weight);
    bytes.putShort((short) (value.signum() < 0 ? 0x4000 : 0)).putShort((short) value.scale());
    groups.forEach(bytes::putShort);
    return bytes.array();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyValueThatFitsComesBackAndEveryOtherIsRefused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 4000; i++) {
      int precision = 1 + random.nextInt(38);
      int scale = random.nextInt(precision + 1);
      BigDecimal value =
          new BigDecimal(new BigInteger(random.nextInt(127), random), random.nextInt(39) - 3);
      if (random.nextBoolean()) {
        value = value.negate();
      }
      if (random.nextInt(3) == 0) {
        value = value.round(new MathContext(1 + random.nextInt(precision)));
      }
      try (BufferAllocator memory = new RootAllocator();
          DecimalVector vector = new DecimalVector("amount", memory, precision, scale)) {
        vector.allocateNew(1);
        byte[] wire = wire(value);
        BigDecimal stripped = value.stripTrailingZeros();
        boolean fits =
            value.signum() == 0
                || stripped.scale() <= scale && stripped.setScale(scale).precision() <= precision;
        if (fits) {
          PostgresNumeric.decimal(vector, 0, wire, 0);
          assertThat(vector.getObject(0)).isEqualTo(value.setScale(scale));
        } else {
          assertThatThrownBy(() -> PostgresNumeric.decimal(vector, 0, wire, 0))
              .as("%s as DECIMAL(%d, %d)", value, precision, scale)
              .isInstanceOf(ChengmaiException.class)
              .hasMessageContaining("amount");
        }
      }
    }
  }

  @Test
  void theWidestValuesFit() {
    for (String text : List.of("9".repeat(38), "-" + "9".repeat(38), "1" + "0".repeat(37))) {
      try (BufferAllocator memory = new RootAllocator();
          DecimalVector vector = new DecimalVector("amount", memory, 38, 0)) {
        vector.allocateNew(1);
        PostgresNumeric.decimal(vector, 0, wire(new BigDecimal(text)), 0);
        assertThat(vector.getObject(0)).isEqualTo(new BigDecimal(text));
      }
    }
  }
}
