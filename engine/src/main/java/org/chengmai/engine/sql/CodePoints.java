package org.chengmai.engine.sql;

import java.util.List;
import java.util.Map;
import org.apache.calcite.linq4j.function.Strict;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;

/**
 * Text functions of Calcite's generated code that count characters, not Java's halves of them.
 * Public for that code.
 */
public final class CodePoints {
  private static final SqlTypeFamily TEXT = SqlTypeFamily.CHARACTER;
  private static final SqlTypeFamily NUMBER = SqlTypeFamily.INTEGER;
  private static final Map<String, List<SqlFunction>> FUNCTIONS =
      Map.of(
          "CHAR_LENGTH", List.of(function("length", TEXT)),
          "CHARACTER_LENGTH", List.of(function("length", TEXT)),
          "LEFT", List.of(function("left", TEXT, NUMBER)),
          "RIGHT", List.of(function("right", TEXT, NUMBER)),
          "POSITION", List.of(function("position", TEXT, TEXT)),
          "SUBSTRING",
              List.of(
                  function("substring", TEXT, NUMBER),
                  function("substring", TEXT, NUMBER, NUMBER)));

  private CodePoints() {}

  /** The relation with our functions in place of Calcite's. */
  static RelNode apply(RelNode rel) {
    return new Expressions(rel.getCluster().getRexBuilder()).apply(rel);
  }

  private static final class Expressions extends EveryExpression {
    private final RexBuilder builder;

    Expressions(RexBuilder builder) {
      this.builder = builder;
    }

    @Override
    public RexNode visitCall(RexCall call) {
      RexCall visited = (RexCall) super.visitCall(call);
      for (SqlFunction function : FUNCTIONS.getOrDefault(call.getOperator().getName(), List.of())) {
        if (function.getOperandCountRange().isValidCount(visited.getOperands().size())) {
          return builder.makeCall(call.getType(), function, visited.getOperands());
        }
      }
      return visited;
    }
  }

  private static SqlFunction function(String method, SqlTypeFamily... operands) {
    Class<?>[] types = new Class<?>[operands.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = operands[i] == TEXT ? String.class : int.class;
    }
    boolean isNumber = method.equals("length") || method.equals("position");
    return SqlFunctions.function(
        method,
        isNumber ? ReturnTypes.INTEGER_NULLABLE : ReturnTypes.VARCHAR,
        SqlFunctions.method(CodePoints.class, method, types),
        operands);
  }

  /** {@code CHAR_LENGTH}. */
  @Strict
  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** All but the last characters for a negative number, as in PostgreSQL. */
  @Strict
  public static String left(String text, int count) {
    return substring(text, 1, count < 0 ? Math.max(0, length(text) + count) : count);
  }

  /** All but the first characters for a negative number, as in PostgreSQL. */
  @Strict
  public static String right(String text, int count) {
    int length = length(text);
    int kept = count < 0 ? Math.max(0, length + count) : Math.min(length, count);
    return substring(text, length - kept + 1);
  }

  @Strict
  public static int position(String part, String text) {
    int at = text.indexOf(part);
    return at < 0 ? 0 : text.codePointCount(0, at) + 1;
  }

  @Strict
  public static String substring(String text, int from) {
    return text.substring(offset(text, from - 1L));
  }

  @Strict
  public static String substring(String text, int from, int count) {
    if (count < 0) {
      throw new ArithmeticException("SUBSTRING: the length is negative");
    }
    return text.substring(offset(text, from - 1L), offset(text, from - 1L + count));
  }

  private static int offset(String text, long characters) {
    long inside = Math.max(0, Math.min(characters, length(text)));
    return text.offsetByCodePoints(0, (int) inside);
  }
}
