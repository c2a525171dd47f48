package org.chengmai.connectors.druid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.chengmai.connectors.arrow.Decimals;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Writes one column's JSON values to its vector. */
final class DruidColumn {
  private static final long MICROS_OF_DAY = 86_400_000_000L;

  private final FieldVector vector;
  private final Writer writer;

  /** What is done with a value that is not null. */
  private interface Writer {
    void write(int row, JsonToken token, JsonParser value) throws IOException;
  }

  private DruidColumn(FieldVector vector, Writer writer) {
    this.vector = vector;
    this.writer = writer;
  }

  void set(int row, JsonToken token, JsonParser value) throws IOException {
    try {
      writer.write(row, token, value);
    } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "column %s: the value %s does not fit into %s"
              .formatted(vector.getName(), value.getText(), vector.getField().getType()),
          e);
    }
  }

  static DruidColumn of(FieldVector vector) {
    return new DruidColumn(vector, writer(vector));
  }

  private static Writer writer(FieldVector vector) {
    if (vector instanceof BigIntVector target) {
      return (row, token, value) -> target.set(row, integer(token, value));
    }
    if (vector instanceof IntVector target) {
      return (row, token, value) -> target.set(row, Math.toIntExact(integer(token, value)));
    }
    if (vector instanceof SmallIntVector target) {
      return (row, token, value) -> target.set(row, Short.parseShort(value.getText()));
    }
    if (vector instanceof TinyIntVector target) {
      return (row, token, value) -> target.set(row, Byte.parseByte(value.getText()));
    }
    if (vector instanceof Float8Vector target) {
      return (row, token, value) -> target.set(row, real(token, value));
    }
    if (vector instanceof Float4Vector target) {
      return (row, token, value) -> target.set(row, (float) real(token, value));
    }
    if (vector instanceof DecimalVector target) {
      return (row, token, value) -> Decimals.set(target, row, new BigDecimal(value.getText()));
    }
    if (vector instanceof BitVector target) {
      return (row, token, value) ->
          target.set(
              row,
              token == JsonToken.VALUE_TRUE
                      || token.isNumeric() && value.getDoubleValue() != 0
                      || token == JsonToken.VALUE_STRING && Boolean.parseBoolean(value.getText())
                  ? 1
                  : 0);
    }
    if (vector instanceof TimeStampVector target) {
      return (row, token, value) -> target.set(row, micros(token, value));
    }
    if (vector instanceof DateDayVector target) {
      return (row, token, value) ->
          target.set(row, Math.toIntExact(Math.floorDiv(micros(token, value), MICROS_OF_DAY)));
    }
    if (vector instanceof TimeMicroVector target) {
      return (row, token, value) ->
          target.set(row, LocalTime.parse(value.getText()).toNanoOfDay() / 1000);
    }
    if (vector instanceof BaseVariableWidthVector target && !(vector instanceof VarBinaryVector)) {
      return (row, token, value) ->
          target.setSafe(row, text(token, value).getBytes(StandardCharsets.UTF_8));
    }
    throw new ChengmaiException(
        ErrorCode.EXTERNAL,
        "column %s: Druid has no values of %s"
            .formatted(vector.getName(), vector.getField().getType()));
  }

  private static long integer(JsonToken token, JsonParser value) throws IOException {
    return switch (token) {
      case VALUE_NUMBER_INT -> value.getLongValue();
      case VALUE_TRUE -> 1;
      case VALUE_FALSE -> 0;
      default -> new BigDecimal(value.getText()).longValueExact();
    };
  }

  /** Not-a-number and the infinities arrive as texts. */
  private static double real(JsonToken token, JsonParser value) throws IOException {
    return token.isNumeric() ? value.getDoubleValue() : Double.parseDouble(value.getText());
  }

  private static String text(JsonToken token, JsonParser value) throws IOException {
    return token.isStructStart() ? value.readValueAsTree().toString() : value.getText();
  }

  /** Times are epoch milliseconds, or ISO texts in UTC. */
  private static long micros(JsonToken token, JsonParser value) throws IOException {
    if (token.isNumeric()) {
      return Math.multiplyExact(value.getLongValue(), 1000L);
    }
    char[] text = value.getTextCharacters();
    int at = value.getTextOffset();
    if (value.getTextLength() == 24 && text[at + 23] == 'Z' && text[at + 19] == '.') {
      long day = epochDay(number(text, at, 4), number(text, at + 5, 2), number(text, at + 8, 2));
      long millis =
          ((day * 24 + number(text, at + 11, 2)) * 60 + number(text, at + 14, 2)) * 60_000
              + number(text, at + 17, 2) * 1000L
              + number(text, at + 20, 3);
      return millis * 1000;
    }
    Instant time = Instant.parse(value.getText());
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
  }

  private static int number(char[] text, int at, int length) {
    int number = 0;
    for (int i = at; i < at + length; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new NumberFormatException("no digit: " + text[i]);
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Days from 1970-01-01 in the Gregorian calendar, without an object. */
  private static long epochDay(int year, int month, int day) {
    long years = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(years, 400);
    long yearOfEra = years - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468;
  }
}
