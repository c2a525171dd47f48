package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.rel.rel2sql.SqlImplementor;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriterConfig;
import org.apache.calcite.sql.pretty.SqlPrettyWriter;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a plan that is used for many values: each is one of the query's literals after
 * the casts that the planner wanted. Filled while a query is planned, immutable afterwards.
 *
 * <p>In the plan's SQL a parameter is a mark that {@link #bind} replaces by the value in the
 * source's dialect, because not every way to ask a source takes parameters.
 */
final class Parameters {
  private static final char EDGE = '\u0001';
  private static final Pattern MARK = Pattern.compile(EDGE + "(\\d+)" + EDGE);

  /** A literal cannot be a parameter here: the planner must know its value. */
  static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfit(String reason) {
      super(reason, null, false, false);
    }
  }

  /** One of the query's literals, cast to these types one after the other. */
  private record Parameter(int literal, List<RelDataType> casts) {}

  private final List<RexLiteral> literals;
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<RexLiteral> values = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>();

  private record Condition(int parameter, Predicate<RexLiteral> holds) {}

  /**
   * @param literals those of the query that is planned; of others the plan is used for later
   */
  Parameters(List<RexLiteral> literals) {
    this.literals = literals;
  }

  /** Those of a query that is planned for its own literals only. */
  static Parameters none() {
    return new Parameters(List.of());
  }

  boolean isEmpty() {
    return literals.isEmpty();
  }

  /** The value of a parameter in the query that is planned. */
  RexLiteral value(RexDynamicParam parameter) {
    return values.get(parameter.getIndex());
  }

  /** What the parser's parameter becomes, which is counted by literals. */
  RexDynamicParam first(RexDynamicParam parsed) {
    return add(parsed.getType(), new Parameter(parsed.getIndex(), List.of()));
  }

  /** A parameter cast to another type, itself a parameter. */
  RexDynamicParam cast(RexDynamicParam parameter, RelDataType type) {
    Parameter old = parameters.get(parameter.getIndex());
    List<RelDataType> casts = new ArrayList<>(old.casts);
    casts.add(type);
    return add(type, new Parameter(old.literal, List.copyOf(casts)));
  }

  private RexDynamicParam add(RelDataType type, Parameter parameter) {
    RexLiteral value = value(parameter, literals);
    if (value == null) {
      throw new Unfit("a literal cannot be cast to %s while planning".formatted(type));
    }
    parameters.add(parameter);
    values.add(value);
    return new RexDynamicParam(type, parameters.size() - 1);
  }

  private static @Nullable RexLiteral value(Parameter parameter, List<RexLiteral> literals) {
    RexNode value = literals.get(parameter.literal);
    for (RelDataType type : parameter.casts) {
      RexNode time = Rewrites.time(Literals.BUILDER, value, type);
      value = time != null ? time : Literals.BUILDER.makeCast(type, value);
    }
    return value instanceof RexLiteral literal && !literal.isNull() ? literal : null;
  }

  /** The plan is good for other values of a parameter while this is true. */
  void holdsWhile(RexDynamicParam parameter, Predicate<RexLiteral> holds) {
    conditions.add(new Condition(parameter.getIndex(), holds));
  }

  /** The values for a query of the same form; null when the plan is not good for them. */
  @Nullable List<RexLiteral> values(List<RexLiteral> others) {
    List<RexLiteral> found = new ArrayList<>();
    for (Parameter parameter : parameters) {
      RexLiteral value = value(parameter, others);
      if (value == null) {
        return null;
      }
      found.add(value);
    }
    return conditions.stream().allMatch(one -> one.holds.test(found.get(one.parameter)))
        ? found
        : null;
  }

  /** SQL text with marks for parameters. */
  static String sql(SqlNode statement, SqlDialect dialect) {
    SqlWriterConfig config =
        SqlPrettyWriter.config()
            .withDialect(dialect)
            .withAlwaysUseParentheses(false)
            .withSelectListItemsOnSeparateLines(false)
            .withUpdateSetListNewline(false)
            .withIndentation(0);
    SqlPrettyWriter writer =
        new SqlPrettyWriter(config) {
          @Override
          public void dynamicParam(int index) {
            print(EDGE + String.valueOf(index) + EDGE);
            setNeedWhitespace(true);
          }
        };
    statement.unparse(writer, 0, 0);
    return writer.toSqlString().getSql();
  }

  /** SQL text with these values in place of the marks. */
  static String bind(String sql, SqlDialect dialect, List<RexLiteral> values) {
    return MARK.matcher(sql)
        .replaceAll(
            mark ->
                Matcher.quoteReplacement(
                    SqlImplementor.toSql(values.get(Integer.parseInt(mark.group(1))))
                        .toSqlString(dialect)
                        .getSql()));
  }
}
