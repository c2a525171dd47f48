package org.chengmai.engine.sql;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlGroupedWindowFunction;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.SqlWindowTableFunction;

/**
 * The words of our SQL, for those who colour and complete it. Immutable.
 *
 * @param keywords of queries, which names must not be
 * @param types by the names that casts know
 * @param functions in order of the alphabet
 */
public record SqlWords(List<String> keywords, List<String> types, List<Function> functions) {
  /**
   * A function.
   *
   * @param kind {@code scalar}, {@code aggregate} or {@code window}
   * @param call as its call begins: {@code SUM(}, {@code NOW()}, {@code CURRENT_DATE}
   */
  public record Function(String name, String kind, String call) {
    static Function of(SqlFunction function) {
      String kind =
          function.requiresOver() ? "window" : function.isAggregator() ? "aggregate" : "scalar";
      boolean isBare = function.getSyntax() == SqlSyntax.FUNCTION_ID;
      boolean isNiladic = !isBare && function.getOperandCountRange().getMax() == 0;
      return new Function(
          function.getName(), kind, function.getName() + (isBare ? "" : isNiladic ? "()" : "("));
    }
  }

  /** Calcite's own intermediate ones, and those of collections, which no source has. */
  private static final Set<String> NOT_FOR_PEOPLE =
      Set.of(
          "ARRAY_CONCAT_AGG",
          "CARDINALITY",
          "COLLECT",
          "CURRENT_PATH",
          "DESCRIPTOR",
          "ELEMENT",
          "FUSION",
          "INTERSECTION",
          "JSON_ARRAYAGG_ABSENT_ON_NULL",
          "JSON_OBJECTAGG_NULL_ON_NULL",
          "SINGLE_VALUE",
          "TRANSLATE3",
          "VARIANTNULL");

  private static final List<String> KEYWORDS =
      words(
          """
          ALL ANALYZE AND ANY AS ASC BETWEEN BOTH BY CASE CAST CROSS CUBE CURRENT CURRENT_DATE CURRENT_TIMESTAMP DESC DISTINCT
          ELSE END ESCAPE EXCEPT EXISTS EXPLAIN EXTRACT FETCH FILTER FIRST FOLLOWING FOR FORMAT FROM FULL GROUP GROUPING HAVING
          IN INNER INTERSECT INTERVAL IS JOIN JSON LAST LATERAL LEADING LEFT LIKE LIMIT NATURAL NEXT NOT NULLS OFFSET ON ONLY OR
          ORDER OUTER OVER PARTITION PLAN POSITION PRECEDING RANGE RIGHT ROLLUP ROW ROWS SELECT SETS SIMILAR SOME TABLE THEN TIES
          TO TRAILING UNBOUNDED UNION UNNEST USING VALUES WHEN WHERE WINDOW WITH WITHIN
          """);

  private static final List<String> TYPES =
      words(
          "BIGINT BOOLEAN CHAR DATE DECIMAL DOUBLE FLOAT INT INTEGER NUMERIC REAL SMALLINT TIME TIMESTAMP TINYINT VARCHAR");

  /** What this engine knows. */
  public static final SqlWords KNOWN = new SqlWords(KEYWORDS, TYPES, ofOperators());

  public SqlWords {
    keywords = List.copyOf(keywords);
    types = List.copyOf(types);
    functions = List.copyOf(functions);
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  private static List<Function> ofOperators() {
    Set<Function> found = new TreeSet<>(Comparator.comparing(Function::name));
    SqlFunctions.table().getOperatorList().stream()
        .filter(SqlFunction.class::isInstance)
        .map(SqlFunction.class::cast)
        .filter(SqlWords::isForPeople)
        .map(Function::of)
        .forEach(found::add);
    return List.copyOf(found);
  }

  /** What has small letters is there for programs that ask PostgreSQL's catalogue. */
  private static boolean isForPeople(SqlFunction function) {
    String name = function.getName();
    return !name.startsWith("$")
        && name.equals(name.toUpperCase(Locale.ROOT))
        && !NOT_FOR_PEOPLE.contains(name)
        && function.getFunctionType() != SqlFunctionCategory.MATCH_RECOGNIZE
        && !(function instanceof SqlGroupedWindowFunction)
        && !(function instanceof SqlWindowTableFunction);
  }
}
