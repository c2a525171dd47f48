package org.chengmai.indicators.definition;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.chengmai.indicators.definition.Formula.Ratio;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;

/**
 * A definition whose {@code sql} is a whole query: it gives {@code ts}, {@code region} and {@code
 * v}, or {@code num} and {@code den}, and perhaps {@code n}, of each period and region of the
 * lowest level. It is wrapped as the {@code from} of an ordinary definition, whose aggregate is
 * what {@code additivity.region} says of the values.
 */
final class WholeQuery {
  private static final Pattern QUERY =
      Pattern.compile("\\s*(SELECT|WITH)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Set<Type> TYPES = Set.of(Type.SIMPLE, Type.RATIO, Type.MODEL, Type.MANUAL);

  private final IndicatorDefinition definition;
  private final Formula formula;
  private final String sql;

  private WholeQuery(IndicatorDefinition definition, String sql) {
    this.definition = definition;
    this.formula = definition.definition();
    this.sql = sql;
  }

  /** The definition as the others understand it: itself where it has no whole query. */
  static IndicatorDefinition unwrap(IndicatorDefinition definition, DefinitionRules.Report report) {
    String sql = definition.definition().sql();
    return sql == null || !definition.definition().type().isQueried()
        ? definition
        : new WholeQuery(definition, sql).unwrap(report);
  }

  private IndicatorDefinition unwrap(DefinitionRules.Report report) {
    boolean isWhole =
        formula.from() == null
            && formula.where() == null
            && formula.time() == null
            && formula.region() == null
            && formula.value() == null
            && formula.ratio() == null
            && formula.formula() == null
            && formula.measures().isEmpty()
            && formula.count() == null;
    report.refuseIf(
        !isWhole,
        "definition.sql",
        "a whole query says it all; leave out from, where, time, region, value, ratio, formula, measures and count");
    report.refuseIf(
        !TYPES.contains(formula.type()),
        "definition.sql",
        "a whole query is for the types simple, ratio, model and manual, not %s"
            .formatted(DefinitionRules.lower(formula.type())));
    report.refuseIf(
        !QUERY.matcher(sql).matches() || sql.contains(";"),
        "definition.sql",
        "is not one query that begins with SELECT or WITH");
    boolean isQuotient = names("num") && names("den");
    boolean isRecomputed = formula.additivity().region().equals("recompute");
    report.refuseIf(
        Refusal.NON_ADDITIVE,
        isRecomputed && !isQuotient,
        "definition.additivity.region",
        "recompute needs the columns num and den of the query; give them, or write sum, avg, max, weighted(column) or none");
    for (String column : isRecomputed ? List.of("ts", "region") : List.of("ts", "region", "v")) {
      report.refuseIf(
          !names(column),
          "definition.sql",
          "gives no column %s; write … AS %s".formatted(column, column));
    }
    String from = "(" + sql.strip() + ")";
    String count = names("n") ? "SUM(n)" : null;
    return definition.with(
        isRecomputed
            ? formula.of(
                from, null, new Ratio("SUM(num)", "SUM(den)", formula.scale(), "null"), count)
            : formula.of(from, aggregate(), null, count));
  }

  private String aggregate() {
    String region = formula.additivity().region();
    return switch (region) {
      case "sum" -> "SUM(v)";
      case "max", "none" -> "MAX(v)";
      default -> "AVG(v)";
    };
  }

  private boolean names(String column) {
    return Pattern.compile("\\bAS\\s+\"?" + column + "\"?(?!\\w)", Pattern.CASE_INSENSITIVE)
        .matcher(sql)
        .find();
  }
}
