package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Values of parameters: from what clients send to one Java class for each type, and from there to
 * the literals that a user would write. Texts are read as PostgreSQL reads them; times without an
 * offset are UTC.
 */
final class ParameterValue {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("[ ]['T']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalEnd()
          .appendPattern("[ ]")
          .appendPattern("[XXXXX][XXX][X]")
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter WRITTEN =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .toFormatter(Locale.ROOT);

  private ParameterValue() {}

  /**
   * The value as Boolean, Long, BigDecimal, Double, String, byte[], LocalDate, LocalTime or
   * Instant.
   *
   * @param number of the parameter, from 1, for errors
   * @throws ChengmaiException INVALID_INPUT when it is no value of the type
   */
  static @Nullable Object of(@Nullable Object value, String type, int number) {
    if (value == null) {
      return null;
    }
    try {
      return switch (SqlTypeName.valueOf(type)) {
        case BOOLEAN -> value instanceof Boolean ? value : truth(text(value));
        case INTEGER, BIGINT -> number(value).longValueExact();
        case DECIMAL -> number(value);
        case DOUBLE ->
            finite(
                value instanceof Number known
                    ? known.doubleValue()
                    : Double.parseDouble(text(value)));
        case DATE -> value instanceof LocalDate ? value : day(value);
        case TIME -> value instanceof LocalTime ? value : LocalTime.parse(text(value));
        case TIMESTAMP -> value instanceof Instant ? value : time(value);
        case VARBINARY -> value instanceof byte[] ? value : bytes(text(value));
        default ->
            value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
      };
    } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "parameter %d is no %s: %s"
              .formatted(number, type, value instanceof byte[] ? "bytes" : value),
          e);
    }
  }

  private static String text(Object value) {
    return value.toString().strip();
  }

  private static boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "t", "true", "y", "yes", "on", "1" -> true;
      case "f", "false", "n", "no", "off", "0" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static BigDecimal number(Object value) {
    if (value instanceof Boolean) {
      throw new IllegalArgumentException("a truth value");
    }
    String text = text(value);
    // a short text can stand for a number of a billion digits
    BigDecimal number = new BigDecimal(text);
    if (number.precision() - (long) number.scale() > 60 || number.scale() > 60) {
      throw new ArithmeticException("too many digits");
    }
    return value instanceof BigInteger || number.scale() < 0
        ? number.setScale(Math.max(0, number.scale()))
        : number;
  }

  private static double finite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("only finite numbers are compared");
    }
    return value;
  }

  private static LocalDate day(Object value) {
    return value instanceof Instant time
        ? LocalDate.ofInstant(time, ZoneOffset.UTC)
        // a driver may add an offset, which a day has no use for
        : LocalDate.from(TIME.parse(text(value)));
  }

  private static Instant time(Object value) {
    if (value instanceof LocalDate day) {
      return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    TemporalAccessor parsed =
        TIME.parseBest(text(value), OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
    if (parsed instanceof OffsetDateTime time) {
      return time.toInstant();
    }
    return parsed instanceof LocalDateTime time
        ? time.toInstant(ZoneOffset.UTC)
        : LocalDate.from(parsed).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static byte[] bytes(String text) {
    return HexFormat.of().parseHex(text.startsWith("\\x") ? text.substring(2) : text);
  }

  /**
   * What a user would write for the value: a literal, with a cast where its own type is another.
   *
   * @param value as {@link #of} gives it
   * @param isTypeFree whether the literal's own type makes no difference where it stands
   */
  static SqlNode literal(
      @Nullable Object value, String type, boolean isTypeFree, SqlParserPos place) {
    SqlTypeName name = SqlTypeName.valueOf(type);
    if (value == null) {
      return cast(SqlLiteral.createNull(place), new SqlBasicTypeNameSpec(name, place), place);
    }
    if (value instanceof Boolean truth) {
      return SqlLiteral.createBoolean(truth, place);
    }
    if (value instanceof Double number) {
      // without an exponent it would be a decimal
      return SqlLiteral.createApproxNumeric(
          BigDecimal.valueOf(number).unscaledValue() + "E" + -BigDecimal.valueOf(number).scale(),
          place);
    }
    if (value instanceof Long number) {
      SqlLiteral literal = SqlLiteral.createExactNumeric(number.toString(), place);
      return isTypeFree || literal.createSqlType(QueryPlanner.TYPES).getSqlTypeName() == name
          ? literal
          : cast(literal, new SqlBasicTypeNameSpec(name, place), place);
    }
    if (value instanceof BigDecimal number) {
      SqlLiteral literal = SqlLiteral.createExactNumeric(number.toPlainString(), place);
      return isTypeFree || number.scale() > 0
          ? literal
          : cast(literal, new SqlBasicTypeNameSpec(name, number.precision(), 0, place), place);
    }
    if (value instanceof byte[] bytes) {
      return SqlLiteral.createBinaryString(bytes, place);
    }
    return switch (name) {
      case DATE -> SqlLiteral.createUnknown("DATE", value.toString(), place);
      case TIME ->
          SqlLiteral.createUnknown(
              "TIME", DateTimeFormatter.ISO_LOCAL_TIME.format((LocalTime) value), place);
      case TIMESTAMP ->
          SqlLiteral.createUnknown(
              "TIMESTAMP", WRITTEN.format(((Instant) value).atOffset(ZoneOffset.UTC)), place);
      default -> SqlLiteral.createCharString(value.toString(), place);
    };
  }

  static SqlNode cast(SqlNode operand, SqlBasicTypeNameSpec type, SqlParserPos place) {
    return SqlStdOperatorTable.CAST.createCall(place, operand, new SqlDataTypeSpec(type, place));
  }
}
