package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;
import org.chengmai.connectors.pushdown.TimeFloor;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.jspecify.annotations.Nullable;

/**
 * Turns what only we understand into what sources understand, before planning: texts of times into
 * literals, the clock into the moment of the query, {@code DATE_BIN} into {@code TIME_FLOOR} where
 * both mean the same; tables go behind their policies. Used for one query.
 */
final class Rewrites {
  private final RexBuilder builder;
  private final Instant now;
  private final String defaultLibrary;
  private final Parameters parameters;
  private final Policies policies;
  private boolean usesClock;

  Rewrites(
      RexBuilder builder,
      Instant now,
      String defaultLibrary,
      Parameters parameters,
      Policies policies) {
    this.builder = builder;
    this.now = now;
    this.defaultLibrary = defaultLibrary;
    this.parameters = parameters;
    this.policies = policies;
  }

  /** Whether the plan holds the moment of its query and must not be used for another. */
  boolean usesClock() {
    return usesClock;
  }

  RelNode apply(RelNode rel) {
    return rel.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            return other instanceof TableScan table
                ? SecureBarrier.above(table, policies)
                : super.visit(other).accept(new Expressions());
          }
        });
  }

  private final class Expressions extends RexShuttle {
    @Override
    public RexNode visitSubQuery(RexSubQuery query) {
      return ((RexSubQuery) super.visitSubQuery(query)).clone(Rewrites.this.apply(query.rel));
    }

    @Override
    public RexNode visitDynamicParam(RexDynamicParam parameter) {
      return parameters.first(parameter);
    }

    @Override
    public RexNode visitCall(RexCall call) {
      RexNode visited = super.visitCall(call);
      RexNode rewritten = visited instanceof RexCall same ? rewrite(same) : null;
      if (rewritten == null) {
        return visited;
      }
      return rewritten.getType().equals(call.getType())
          ? rewritten
          : builder.makeAbstractCast(call.getType(), rewritten, false);
    }
  }

  private @Nullable RexNode rewrite(RexCall call) {
    List<RexNode> operands = call.getOperands();
    if (call.getOperator() == SqlFunctions.DATE_BIN) {
      return dateBin(operands);
    }
    if (call.getOperator() == SqlFunctions.DATABASE) {
      return builder.makeLiteral(defaultLibrary, call.getType(), true);
    }
    if (call.getKind() == SqlKind.CAST) {
      return operands.get(0) instanceof RexDynamicParam parameter
          ? parameters.cast(parameter, call.getType())
          : time(builder, operands.get(0), call.getType());
    }
    if ((call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS)
        && call.getType().getSqlTypeName() == SqlTypeName.DATE
        && SqlTypeUtil.isInterval(operands.get(1).getType())) {
      return movedDay(call);
    }
    if ((call.getKind() == SqlKind.TIMES || call.getKind() == SqlKind.DIVIDE)
        && SqlTypeUtil.isInterval(call.getType())) {
      return scaledInterval(call);
    }
    if (call.getKind() == SqlKind.EXTRACT
        && ((RexLiteral) operands.get(0)).getValueAs(TimeUnitRange.class) == TimeUnitRange.DOW) {
      return dayOfWeek(operands.get(1), call.getType());
    }
    return switch (call.getOperator().getName()) {
      case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "NOW" -> clock(call.getType());
      case "CURRENT_SCHEMA" -> builder.makeLiteral(defaultLibrary, call.getType(), true);
      case "CURRENT_CATALOG" -> builder.makeLiteral(PostgresCatalog.DATABASE, call.getType(), true);
      case "CURRENT_DATE" -> {
        usesClock = true;
        yield builder.makeDateLiteral(
            DateString.fromDaysSinceEpoch(
                (int) LocalDate.ofInstant(now, ZoneOffset.UTC).toEpochDay()));
      }
      default -> null;
    };
  }

  /** A day plus or minus an interval is a time in most databases; here it is a day. */
  private RexNode movedDay(RexCall call) {
    RelDataType time =
        builder
            .getTypeFactory()
            .createTypeWithNullability(
                builder.getTypeFactory().createSqlType(SqlTypeName.TIMESTAMP, 3),
                call.getType().isNullable());
    return builder.makeAbstractCast(
        call.getType(),
        builder.makeCall(
            time,
            call.getOperator(),
            List.of(
                builder.makeAbstractCast(time, call.getOperands().get(0), false),
                call.getOperands().get(1))),
        false);
  }

  /** Calcite computes with integers and doubles only, and cuts off parts of months. */
  private @Nullable RexNode scaledInterval(RexCall call) {
    boolean isMultiplied = call.getKind() == SqlKind.TIMES;
    boolean isByIntegers =
        call.getOperands().stream()
            .allMatch(
                operand ->
                    SqlTypeUtil.isInterval(operand.getType())
                        || SqlTypeUtil.isIntType(operand.getType()));
    if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(call.getType().getSqlTypeName())
        && !(isMultiplied && isByIntegers)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "an interval of months or years is taken a whole number of times: multiply it by an integer, or write days");
    }
    if (isByIntegers) {
      return null;
    }
    if (!isMultiplied) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "an interval is divided by integers only; multiply it by a fraction instead");
    }
    RelDataType number = builder.getTypeFactory().createSqlType(SqlTypeName.DOUBLE);
    return builder.makeCall(
        call.getType(),
        call.getOperator(),
        call.getOperands().stream()
            .map(
                operand ->
                    SqlTypeUtil.isInterval(operand.getType())
                        ? operand
                        : builder.makeAbstractCast(
                            builder
                                .getTypeFactory()
                                .createTypeWithNullability(number, operand.getType().isNullable()),
                            operand,
                            false))
            .toList());
  }

  /** From 0 for Sunday, as in PostgreSQL; Calcite counts from 1. */
  private RexNode dayOfWeek(RexNode time, RelDataType type) {
    return builder.makeCall(
        type,
        SqlStdOperatorTable.MOD,
        List.of(
            builder.makeCall(
                type,
                SqlStdOperatorTable.EXTRACT,
                List.of(builder.makeFlag(TimeUnitRange.ISODOW), time)),
            builder.makeExactLiteral(BigDecimal.valueOf(7), type)));
  }

  private RexNode clock(RelDataType type) {
    usesClock = true;
    int precision = Math.max(0, type.getPrecision());
    return builder.makeTimestampLiteral(
        TimestampString.fromMillisSinceEpoch(now.toEpochMilli()).round(precision), precision);
  }

  /** {@code CAST('2026-11-22T00:00:00Z' AS TIMESTAMP)}, written or implied by a comparison. */
  static @Nullable RexNode time(RexBuilder builder, RexNode operand, RelDataType type) {
    if (type.getSqlTypeName() != SqlTypeName.TIMESTAMP
        || !(operand instanceof RexLiteral literal)
        || !SqlTypeUtil.isCharacter(operand.getType())) {
      return null;
    }
    String text = literal.getValueAs(String.class);
    Instant time = text == null ? null : SqlText.isoTime(text.strip());
    return time == null
        ? null
        : builder.makeTimestampLiteral(
            TimestampString.fromMillisSinceEpoch(time.toEpochMilli()),
            Math.max(0, type.getPrecision()));
  }

  private @Nullable RexNode dateBin(List<RexNode> operands) {
    if (!(operands.get(0) instanceof RexLiteral stride)
        || !(operands.get(2) instanceof RexLiteral origin)) {
      return null;
    }
    BigDecimal millis = stride.getValueAs(BigDecimal.class);
    TimestampString from = origin.getValueAs(TimestampString.class);
    if (millis == null
        || from == null
        || millis.signum() <= 0
        || millis.remainder(BigDecimal.valueOf(1000)).signum() != 0) {
      return null;
    }
    long seconds = millis.longValue() / 1000;
    // bins that start at midnight UTC whatever the day are floors
    boolean isFloor =
        seconds <= 86_400
            && 86_400 % seconds == 0
            && from.getMillisSinceEpoch() % (seconds * 1000) == 0;
    return isFloor
        ? builder.makeCall(
            TimeFloor.UTC,
            List.of(
                operands.get(1),
                builder.makeLiteral(
                    Grain.of(seconds == 86_400 ? "P1D" : "PT" + seconds + "S").toString())))
        : null;
  }
}
