package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Where a query's parameters stand. The parser knows {@code ?} only; {@code $1} becomes one that is
 * as long, so that positions in error messages stay right.
 *
 * @param text for the parser
 * @param numbers of the parameters in the order of the text, from 0; none when they are written as
 *     {@code ?}
 */
record Placeholders(String text, List<Integer> numbers) {
  private static final Pattern NUMBERED =
      Pattern.compile(SqlText.UNTOUCHED + "|(?<![\\w$])\\$(\\d+)", Pattern.DOTALL);

  /** As PostgreSQL's protocol counts. */
  private static final int MOST = 65_535;

  /** Where a parameter stands. */
  enum Place {
    /** Beside what it is compared with: only its value counts. */
    COMPARED,
    /** In LIMIT or OFFSET: must be a literal. */
    LIMIT,
    /** Where its type decides on the type of what it is part of. */
    TYPED
  }

  /** What stands in place of a parameter. */
  interface Replacement {
    SqlNode of(SqlDynamicParam parameter, Place place);
  }

  static Placeholders of(String sql) {
    List<Integer> numbers = new ArrayList<>();
    String text =
        NUMBERED
            .matcher(sql)
            .replaceAll(
                match -> {
                  if (match.group(1) == null) {
                    return Matcher.quoteReplacement(match.group());
                  }
                  int number = match.group(1).length() > 5 ? 0 : Integer.parseInt(match.group(1));
                  if (number < 1 || number > MOST) {
                    throw new ChengmaiException(
                        ErrorCode.INVALID_INPUT, "there is no parameter " + match.group());
                  }
                  numbers.add(number - 1);
                  return "?" + " ".repeat(match.group(1).length());
                });
    return new Placeholders(text, numbers);
  }

  /** The parser's tree with its parameters counted as the text has them. */
  SqlNode numbered(SqlNode parsed) {
    return replaced(
        parsed,
        (parameter, place) -> {
          if (numbers.isEmpty()) {
            return parameter;
          }
          if (parameter.getIndex() >= numbers.size()) {
            throw new ChengmaiException(
                ErrorCode.INVALID_INPUT, "parameters are ? or $1, $2, …, not both");
          }
          return new SqlDynamicParam(
              numbers.get(parameter.getIndex()), parameter.getParserPosition());
        });
  }

  /** A copy of the tree with all parameters replaced. */
  static SqlNode replaced(SqlNode query, Replacement replacement) {
    return Objects.requireNonNull(query.accept(new Shuttle(replacement)));
  }

  private static final class Shuttle extends TreeCopy {
    private final Replacement replacement;

    Shuttle(Replacement replacement) {
      this.replacement = replacement;
    }

    @Override
    public SqlNode visit(SqlDynamicParam parameter) {
      return replacement.of(parameter, Place.TYPED);
    }

    @Override
    @Nullable SqlNode operand(SqlCall parent, int index, @Nullable SqlNode operand) {
      return at(operand, parent instanceof SqlOrderBy ? Place.LIMIT : Place.TYPED);
    }

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
      if (call.isA(SqlKind.COMPARISON)
          || call.getKind() == SqlKind.BETWEEN
          || call.getKind() == SqlKind.IN
          || call.getKind() == SqlKind.NOT_IN) {
        List<@Nullable SqlNode> operands = new ArrayList<>();
        for (SqlNode operand : call.getOperandList()) {
          operands.add(at(operand, Place.COMPARED));
        }
        return call.getOperator().createCall(call.getParserPosition(), operands);
      }
      return super.visit(call);
    }

    private @Nullable SqlNode at(@Nullable SqlNode node, Place place) {
      if (node instanceof SqlDynamicParam parameter) {
        return replacement.of(parameter, place);
      }
      if (node instanceof SqlNodeList list && place == Place.COMPARED) {
        List<@Nullable SqlNode> items = new ArrayList<>();
        for (SqlNode item : list) {
          items.add(at(item, place));
        }
        return new SqlNodeList(items, list.getParserPosition());
      }
      return node == null ? null : node.accept(this);
    }
  }
}
