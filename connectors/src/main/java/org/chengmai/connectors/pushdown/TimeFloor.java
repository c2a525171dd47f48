package org.chengmai.connectors.pushdown;

import com.google.common.collect.ImmutableList;
import java.lang.reflect.Method;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.List;
import org.apache.calcite.linq4j.function.Strict;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.impl.ScalarFunctionImpl;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;

/**
 * {@code TIME_FLOOR(ts, 'PT15M'[, 'Asia/Shanghai'])}: the start of the local period that holds a
 * time; UTC without a zone.
 *
 * <p>Each dialect writes it in its own words; what stays with us calls {@link #floor(long, String,
 * String)}.
 */
public final class TimeFloor extends SqlUserDefinedFunction {
  public static final TimeFloor UTC =
      new TimeFloor(
          method(long.class, String.class), SqlTypeFamily.DATETIME, SqlTypeFamily.CHARACTER);
  public static final TimeFloor ZONED =
      new TimeFloor(
          method(long.class, String.class, String.class),
          SqlTypeFamily.DATETIME,
          SqlTypeFamily.CHARACTER,
          SqlTypeFamily.CHARACTER);

  /**
   * From here on most zones that ever had summer time and gave it up, China's among them, have a
   * fixed offset.
   */
  private static final Instant SINCE = Instant.parse("1992-01-01T00:00:00Z");

  private TimeFloor(Method method, SqlTypeFamily... operands) {
    super(
        new SqlIdentifier("TIME_FLOOR", SqlParserPos.ZERO),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.ARG0_NULLABLE,
        null,
        OperandTypes.operandMetadata(
            List.of(operands),
            factory -> List.of(),
            i -> List.of("time", "grain", "zone").get(i),
            i -> false),
        ScalarFunctionImpl.create(method),
        // not a user's function: Calcite's JDBC rules keep those away from sources
        SqlFunctionCategory.TIMEDATE,
        SqlSyntax.FUNCTION);
  }

  @Override
  public List<String> getParamNames() {
    return ImmutableList.of("time", "grain", "zone");
  }

  /** Called by generated code. */
  @Strict
  public static long floor(long millis, String grain) {
    return floor(millis, grain, "UTC");
  }

  /** Called by generated code. */
  @Strict
  public static long floor(long millis, String grain, String zone) {
    return Grain.of(grain).floor(Instant.ofEpochMilli(millis), zone(zone)).toEpochMilli();
  }

  /** The grain and zone of a call whose arguments are literals. */
  public record Arguments(Grain grain, ZoneId zone) {

    /** The zone's offset to UTC in seconds, where it is fixed. */
    public int offsetSeconds() {
      return zone.getRules().getOffset(Instant.parse("2020-01-01T00:00:00Z")).getTotalSeconds();
    }

    /** The length in seconds of a grain below a day; 0 for calendar periods. */
    public long seconds() {
      return grain.toString().startsWith("PT") ? grain.typical().toSeconds() : 0;
    }

    /** {@code day}, {@code week}, {@code month} or {@code year} for a calendar period. */
    public String unit() {
      return switch (grain.toString()) {
        case "P1W" -> "week";
        case "P1M" -> "month";
        case "P1Y" -> "year";
        default -> "day";
      };
    }

    public boolean isUtc() {
      return zone.getRules().isFixedOffset() && offsetSeconds() == 0;
    }
  }

  /** A dialect of a source that computes it. */
  public interface Dialect {

    /** How the dialect writes it, with {@code ?} in place of the time. */
    String timeFloor(Arguments floor);
  }

  @Override
  public void unparse(SqlWriter writer, SqlCall call, int leftPrecedence, int rightPrecedence) {
    if (writer.getDialect() instanceof Dialect dialect) {
      String zone = call.operandCount() > 2 ? text(call.operand(2)) : "UTC";
      SqlTemplate.write(
          writer, dialect.timeFloor(arguments(text(call.operand(1)), zone)), call.operand(0));
    } else {
      super.unparse(writer, call, leftPrecedence, rightPrecedence);
    }
  }

  private static Arguments arguments(String grain, String zone) {
    return new Arguments(Grain.of(grain), zone(zone));
  }

  /**
   * Whether sources can be asked: with literal arguments, and where wall-clock bins equal ours. In
   * a zone with summer time bins longer than an hour differ on the days of the change, so those
   * stay with us.
   */
  static boolean isPushable(RexCall call) {
    List<RexNode> operands = call.getOperands();
    for (RexNode operand : operands.subList(1, operands.size())) {
      if (!(operand instanceof RexLiteral)) {
        return false;
      }
    }
    Arguments arguments =
        arguments(
            String.valueOf(RexLiteral.stringValue(operands.get(1))),
            operands.size() > 2 ? String.valueOf(RexLiteral.stringValue(operands.get(2))) : "UTC");
    return hasFixedOffset(arguments.zone().getId())
        || arguments.seconds() <= Duration.ofHours(1).toSeconds();
  }

  /** Whether a zone has one offset since 1992, as China's. */
  public static boolean hasFixedOffset(String zone) {
    ZoneRules rules = zone(zone).getRules();
    return rules.isFixedOffset() || rules.nextTransition(SINCE) == null;
  }

  private static String text(SqlNode literal) {
    return String.valueOf(((SqlLiteral) literal).toValue());
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "TIME_FLOOR: unknown time zone '%s'".formatted(name), e);
    }
  }

  private static Method method(Class<?>... parameters) {
    try {
      return TimeFloor.class.getMethod("floor", parameters);
    } catch (NoSuchMethodException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
