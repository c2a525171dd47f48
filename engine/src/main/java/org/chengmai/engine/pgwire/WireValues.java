package org.chengmai.engine.pgwire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.chengmai.engine.sql.PostgresType;

/**
 * Values in PostgreSQL's text and binary formats. Values of rows are those of {@link
 * org.chengmai.indicators.Table}: times in UTC, bytes as hexadecimal digits.
 */
final class WireValues {
  private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
  private static final Instant EPOCH_TIME = EPOCH.atStartOfDay(ZoneOffset.UTC).toInstant();
  private static final int NUMERIC_BASE = 10_000;
  private static final int NEGATIVE = 0x4000;

  /** Digits of a numeric that are read; a message of a few bytes can claim more. */
  private static final int MOST_GROUPS = 1_000;

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT);
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(TIME)
          .appendLiteral("+00")
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Whose binary form is their text. */
  private static final Set<PostgresType> TEXTS =
      Set.of(PostgresType.TEXT, PostgresType.VARCHAR, PostgresType.BPCHAR, PostgresType.NAME);

  private WireValues() {}

  static String text(Object value, PostgresType type) {
    return switch (type) {
      case BOOL -> Boolean.TRUE.equals(value) ? "t" : "f";
      case FLOAT4, FLOAT8 -> number(((Number) value).doubleValue());
      case NUMERIC ->
          value instanceof BigDecimal number ? number.toPlainString() : value.toString();
      case TIME -> TIME.format((LocalTime) value);
      case TIMESTAMPTZ, TIMESTAMP -> TIMESTAMP.format((Instant) value);
      case BYTEA -> "\\x" + value;
      case INTERVAL -> interval(((Number) value).longValue());
      default -> value.toString();
    };
  }

  /** The shortest digits that say the number, as PostgreSQL writes them. */
  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value);
    }
    String text = Double.toString(value);
    int exponent = text.indexOf('E');
    if (exponent < 0) {
      return text;
    }
    String digits = text.substring(0, exponent);
    String power = text.substring(exponent + 1);
    return (digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits)
        + (power.startsWith("-") ? "e-" : "e+")
        + (power.replace("-", "").length() < 2 ? "0" : "")
        + power.replace("-", "");
  }

  private static String interval(long millis) {
    long days = millis / 86_400_000;
    long rest = millis % 86_400_000;
    String time =
        (rest < 0 ? "-" : "") + TIME.format(LocalTime.ofNanoOfDay(Math.abs(rest) * 1_000_000));
    return days == 0 ? time : days + (Math.abs(days) == 1 ? " day " : " days ") + time;
  }

  /** Writes a value with its length before it. */
  static void binary(MessageWriter out, Object value, PostgresType type) {
    switch (type) {
      case BOOL -> out.int4(1).int1(Boolean.TRUE.equals(value) ? 1 : 0);
      case INT2 -> out.int4(2).int2(((Number) value).intValue());
      case INT4 -> out.int4(4).int4(((Number) value).intValue());
      case INT8 -> out.int4(8).int8(((Number) value).longValue());
      case FLOAT4 -> out.int4(4).int4(Float.floatToIntBits(((Number) value).floatValue()));
      case FLOAT8 -> out.int4(8).int8(Double.doubleToLongBits(((Number) value).doubleValue()));
      case DATE -> out.int4(4).int4((int) ChronoUnit.DAYS.between(EPOCH, (LocalDate) value));
      case TIME -> out.int4(8).int8(((LocalTime) value).toNanoOfDay() / 1000);
      case TIMESTAMP, TIMESTAMPTZ ->
          out.int4(8).int8(ChronoUnit.MICROS.between(EPOCH_TIME, (Instant) value));
      case INTERVAL -> {
        long millis = ((Number) value).longValue();
        out.int4(16).int8(millis % 86_400_000 * 1000);
        out.int4((int) (millis / 86_400_000)).int4(0);
      }
      case NUMERIC ->
          numeric(out, value instanceof BigDecimal n ? n : new BigDecimal(value.toString()));
      case BYTEA -> out.value(HexFormat.of().parseHex(value.toString()));
      default -> out.value(value.toString());
    }
  }

  /** Groups of four digits, the point between two of them. */
  private static void numeric(MessageWriter out, BigDecimal value) {
    int scale = Math.max(0, value.scale());
    int behind = (scale + 3) / 4;
    BigInteger rest = value.abs().setScale(behind * 4, RoundingMode.UNNECESSARY).unscaledValue();
    List<Integer> groups = new ArrayList<>();
    while (rest.signum() > 0) {
      BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(NUMERIC_BASE));
      groups.add(0, parts[1].intValue());
      rest = parts[0];
    }
    int weight = groups.size() - behind - 1;
    out.int4(8 + 2 * groups.size()).int2(groups.size()).int2(groups.isEmpty() ? 0 : weight);
    out.int2(value.signum() < 0 ? NEGATIVE : 0).int2(scale);
    groups.forEach(out::int2);
  }

  /**
   * A parameter as {@link org.chengmai.engine.sql.SqlEngine#stream} takes it.
   *
   * @throws PostgresError.Refusal when the bytes are no value of the type
   */
  static Object parameter(byte[] bytes, boolean isBinary, PostgresType type, Charset charset) {
    if (!isBinary || TEXTS.contains(type)) {
      return MessageReader.text(bytes, charset);
    }
    if (type.size() >= 0 && bytes.length != type.size()) {
      throw new PostgresError.Refusal("22P03", "a binary value is not as long as its type");
    }
    try {
      return binary(bytes, type);
    } catch (ArithmeticException | DateTimeException e) {
      throw new PostgresError.Refusal("22008", "a time out of range");
    }
  }

  private static Object binary(byte[] bytes, PostgresType type) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return switch (type) {
      case BOOL -> bytes[0] != 0;
      case INT2 -> in.getShort();
      case INT4, OID -> in.getInt();
      case INT8 -> in.getLong();
      case FLOAT4 -> (double) in.getFloat();
      case FLOAT8 -> in.getDouble();
      case DATE -> EPOCH.plusDays(in.getInt());
      case TIME -> LocalTime.ofNanoOfDay(Math.multiplyExact(in.getLong(), 1000L));
      case TIMESTAMP, TIMESTAMPTZ -> EPOCH_TIME.plus(in.getLong(), ChronoUnit.MICROS);
      case NUMERIC -> numeric(in);
      case BYTEA -> bytes;
      default ->
          throw new PostgresError.Refusal(
              PostgresError.NOT_SUPPORTED, "binary values of type " + type + " are not read");
    };
  }

  private static BigDecimal numeric(ByteBuffer in) {
    if (in.remaining() < 8) {
      throw MessageReader.broken();
    }
    int count = in.getShort();
    int weight = in.getShort();
    int sign = in.getShort() & 0xffff;
    int scale = in.getShort();
    if (count < 0
        || count > MOST_GROUPS
        || in.remaining() != 2 * count
        || Math.abs(weight) > MOST_GROUPS
        || scale < 0
        || scale > 4 * MOST_GROUPS
        || sign != 0 && sign != NEGATIVE) {
      throw new PostgresError.Refusal("22P03", "a binary numeric that is not read here");
    }
    BigInteger digits = BigInteger.ZERO;
    for (int i = 0; i < count; i++) {
      int group = in.getShort();
      if (group < 0 || group >= NUMERIC_BASE) {
        throw new PostgresError.Refusal("22P03", "a binary numeric that is not read here");
      }
      digits = digits.multiply(BigInteger.valueOf(NUMERIC_BASE)).add(BigInteger.valueOf(group));
    }
    BigDecimal number =
        new BigDecimal(digits, 4 * (count - 1 - weight)).setScale(scale, RoundingMode.HALF_UP);
    return sign == NEGATIVE ? number.negate() : number;
  }
}
