package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.chengmai.engine.sql.RandomQueries.Partition;
import org.chengmai.engine.sql.RandomQueries.Query;
import org.chengmai.engine.sql.RandomTables.Data;
import org.jspecify.annotations.Nullable;

/**
 * Runs the query of a seed in every way there is and compares the answers: by sources and DuckDB,
 * by Calcite's own generated code, and where there is one by a PostgreSQL that holds all tables.
 */
final class Differential {
  private static final int APPROXIMATE = -1;

  /** What became of one query. */
  enum Outcome {
    /** All agree. */
    EQUAL,
    /** Calcite's generated code fails or differs, and PostgreSQL agrees with ours. */
    ORACLE_WRONG,
    /** Everyone refuses the query. */
    REFUSED,
    DIFFERENT
  }

  /**
   * The result for one seed.
   *
   * @param isFederated whether sources and DuckDB computed it, not Calcite's generated code
   * @param text the query, and when it matters the answers
   */
  record Verdict(Outcome outcome, boolean isFederated, String text) {}

  private final List<Data> tables;
  private final List<SqlEngine> ours;
  private final SqlEngine oracle;
  private final @Nullable Connection postgres;

  /**
   * @param ours take turns
   */
  Differential(
      List<Data> tables, List<SqlEngine> ours, SqlEngine oracle, @Nullable Connection postgres) {
    this.tables = tables;
    this.ours = ours;
    this.oracle = oracle;
    this.postgres = postgres;
  }

  /**
   * @param withOracle whether Calcite's generated code is asked too, which takes ten times longer
   *     than the others
   */
  Verdict check(long seed, boolean withOracle) {
    Query query = new RandomQueries(tables, seed).query();
    SqlEngine engine = engine(seed);
    String plan;
    try {
      plan = engine.explain(SqlEngine.INTERNAL, query.sql());
    } catch (RuntimeException | AssertionError e) {
      plan = "-- row by row: " + e.getMessage();
    }
    Answer mine = answer(engine, query);
    Answer third = postgres == null ? null : answer(postgres, query);
    Answer reference = withOracle || third == null ? answer(oracle, query) : third;
    boolean isFederated = !plan.startsWith("-- row by row");
    Outcome outcome;
    if (third != null) {
      outcome =
          !isSame(query, mine, third)
              ? Outcome.DIFFERENT
              : mine.error != null
                  ? Outcome.REFUSED
                  : isSame(query, mine, reference) ? Outcome.EQUAL : Outcome.ORACLE_WRONG;
    } else {
      outcome =
          mine.error != null
              ? reference.error != null ? Outcome.REFUSED : Outcome.DIFFERENT
              : reference.error != null
                  ? Outcome.ORACLE_WRONG
                  : isSame(query, mine, reference)
                      ? Outcome.EQUAL
                      : isKnown(query.sql(), reference) ? Outcome.ORACLE_WRONG : Outcome.DIFFERENT;
    }
    String text = "seed %d\n%s".formatted(seed, query.sql());
    if (outcome != Outcome.EQUAL) {
      text +=
          "\n\nours:\n%s\n\nCalcite:\n%s\n\nPostgreSQL:\n%s\n\n%s"
              .formatted(mine, reference, third, plan);
    } else if (!isFederated) {
      text += "\n\n" + plan.lines().findFirst().orElse("");
    }
    return new Verdict(outcome, isFederated, text);
  }

  private SqlEngine engine(long seed) {
    return ours.get((int) (seed % ours.size()));
  }

  /** Calcite's generated code has no row for the grand total of no rows among grouping sets. */
  private static boolean isKnown(String sql, Answer oracle) {
    return oracle.rows.isEmpty() && sql.matches("(?s).*(ROLLUP|CUBE|GROUPING SETS).*");
  }

  /** A predicate splits a relation into three parts. */
  Verdict checkPartition(long seed) {
    Partition partition = new RandomQueries(tables, seed).partition();
    SqlEngine engine = engine(seed);
    String count = "SELECT COUNT(*) FROM " + partition.from();
    long[] counts = new long[4];
    String[] conditions = {
      "",
      "\nWHERE " + partition.predicate(),
      "\nWHERE NOT (" + partition.predicate() + ")",
      "\nWHERE (" + partition.predicate() + ") IS NULL"
    };
    for (int i = 0; i < counts.length; i++) {
      counts[i] =
          (Long) engine.query(SqlEngine.INTERNAL, count + conditions[i]).rows().get(0).get(0);
    }
    boolean isFederated =
        !engine.explain(SqlEngine.INTERNAL, count + conditions[1]).startsWith("-- row by row");
    return new Verdict(
        counts[0] == counts[1] + counts[2] + counts[3] ? Outcome.EQUAL : Outcome.DIFFERENT,
        isFederated,
        "seed %d: %d rows = %d true + %d false + %d unknown\n%s"
            .formatted(seed, counts[0], counts[1], counts[2], counts[3], count + conditions[1]));
  }

  /** Rows, or an error. */
  private record Answer(
      List<? extends List<? extends @Nullable Object>> rows, @Nullable String error) {
    @Override
    public String toString() {
      return error != null
          ? "error: " + error
          : rows.size()
              + " rows: "
              + rows.stream().limit(40).map(String::valueOf).collect(Collectors.joining(" "));
    }
  }

  private static Answer answer(SqlEngine engine, Query query) {
    try {
      return new Answer(engine.query(SqlEngine.INTERNAL, query.sql()).rows(), null);
    } catch (RuntimeException | AssertionError e) {
      return new Answer(List.of(), String.valueOf(e.getMessage()));
    }
  }

  private static Answer answer(Connection connection, Query query) {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query.sql())) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          Object value = result.getObject(i);
          row.add(
              value instanceof Timestamp
                  ? result.getObject(i, LocalDateTime.class).toInstant(ZoneOffset.UTC)
                  : value instanceof java.sql.Date ? result.getObject(i, LocalDate.class) : value);
        }
        rows.add(row);
      }
      return new Answer(rows, null);
    } catch (SQLException e) {
      return new Answer(List.of(), String.valueOf(e.getMessage()));
    }
  }

  /** Whether two answers are the same to all digits that our types have. */
  private static boolean isSame(Query query, Answer ours, Answer other) {
    List<Integer> digits = digits(ours.rows);
    return (ours.error == null) == (other.error == null)
        && texts(ours, digits, query).equals(texts(other, digits, query));
  }

  /**
   * The digits that each of our columns has after the point, {@link #APPROXIMATE} for doubles. Only
   * to these another's are compared: PostgreSQL's quotients have more.
   */
  private static List<Integer> digits(List<? extends List<? extends @Nullable Object>> rows) {
    List<Integer> digits = new ArrayList<>();
    for (int column = 0; !rows.isEmpty() && column < rows.get(0).size(); column++) {
      int most = 0;
      for (List<? extends @Nullable Object> row : rows) {
        Object value = row.get(column);
        if (value instanceof BigDecimal decimal) {
          most = Math.max(most, decimal.scale());
        } else if (value instanceof Double) {
          most = APPROXIMATE;
          break;
        }
      }
      digits.add(most);
    }
    return digits;
  }

  private static List<String> texts(Answer answer, List<Integer> digits, Query query) {
    List<String> texts = new ArrayList<>();
    for (List<? extends @Nullable Object> row : answer.rows) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        text.append('|')
            .append(text(row.get(column), column < digits.size() ? digits.get(column) : 0));
      }
      texts.add(text.toString());
    }
    if (!query.isOrdered()) {
      texts.sort(null);
    }
    return texts;
  }

  private static String text(@Nullable Object value, int digits) {
    if (!(value instanceof Number number)) {
      return String.valueOf(value);
    }
    BigDecimal decimal =
        number instanceof Double d && !Double.isFinite(d)
            ? BigDecimal.valueOf(Long.MAX_VALUE)
            : new BigDecimal(number.toString());
    BigDecimal rounded =
        digits == APPROXIMATE
            ? decimal.round(new MathContext(9))
            : decimal.setScale(
                Math.min(digits, Math.max(0, decimal.scale())), RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
