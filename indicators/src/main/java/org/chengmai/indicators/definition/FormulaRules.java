package org.chengmai.indicators.definition;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.definition.Formula.Ratio;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;

/** What is refused in what one definition computes from what. */
final class FormulaRules {
  private static final Pattern TABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*\\.[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern INPUT =
      Pattern.compile("indicator:CVS-[A-Z]{3}-\\d{4}|catalog:\\S+");
  private static final List<String> ADDITIVITY = List.of("sum", "avg", "max", "recompute", "none");

  private final IndicatorDefinition definition;
  private final DefinitionRules.Report report;

  private FormulaRules(IndicatorDefinition definition, DefinitionRules.Report report) {
    this.definition = definition;
    this.report = report;
  }

  static void check(IndicatorDefinition definition, DefinitionRules.Report report) {
    FormulaRules rules = new FormulaRules(definition, report);
    rules.checkFormula();
    rules.checkAdditivity();
    rules.checkAdditivityOfTime();
  }

  private void checkFormula() {
    Formula formula = definition.definition();
    report.refuseIf(
        formula.caliber().isBlank(),
        "definition.caliber",
        "is blank: say in words what is counted");
    for (int i = 0; i < formula.inputs().size(); i++) {
      report.refuseIf(
          !INPUT.matcher(formula.inputs().get(i)).matches(),
          "definition.inputs[" + i + "]",
          "'%s' is neither indicator:CVS-… nor catalog:…".formatted(formula.inputs().get(i)));
    }
    if (!formula.type().isQueried()) {
      checkComposite(formula);
      return;
    }
    String from = formula.from();
    if (formula.sql() != null) {
      checkSince(formula);
    } else if (from == null) {
      report.add("definition.from", "is missing: a table schema.table or a query in parentheses");
    } else {
      boolean isQuery = from.strip().startsWith("(") && from.strip().endsWith(")");
      report.refuseIf(
          !isQuery && !TABLE.matcher(from.strip()).matches(),
          "definition.from",
          "'%s' is neither schema.table nor a query in parentheses".formatted(from));
    }
    if (formula.sql() == null) {
      checkValue(formula);
    }
    if (formula.count() != null) {
      checkAdditive("definition.count", formula.count());
    }
    report.refuseIf(
        formula.expected() != null && !(formula.expected() > 0),
        "definition.expected",
        "is not above zero");
    Duration cycle = formula.updateCycle();
    report.refuseIf(
        cycle != null
            && formula.type() != Type.SNAPSHOT
            && definition.grain().typical().compareTo(cycle) < 0,
        "period.grain",
        "%s is finer than the source's update cycle %s".formatted(definition.grain(), cycle));
    checkMissing(formula);
    checkCoverage(formula);
  }

  /** That one of value, ratio and formula is there, and the one that the type asks for. */
  private void checkValue(Formula formula) {
    Type type = formula.type();
    boolean mayBeAny = type != Type.SIMPLE && type != Type.RATIO && type != Type.DERIVED;
    boolean hasValue = formula.value() != null;
    boolean hasRatio = formula.ratio() != null;
    boolean hasFormula = formula.formula() != null || !formula.measures().isEmpty();
    report.refuseIf(
        hasValue && !mayBeAny && type != Type.SIMPLE,
        "definition.value",
        "does not belong to type %s".formatted(DefinitionRules.lower(type)));
    report.refuseIf(
        hasRatio && !mayBeAny && type != Type.RATIO,
        "definition.ratio",
        "belongs to type ratio, not " + DefinitionRules.lower(type));
    report.refuseIf(
        hasFormula && !mayBeAny && type != Type.DERIVED,
        "definition.formula",
        "belongs to type derived, not " + DefinitionRules.lower(type));
    report.refuseIf(
        formula.scale() != null && hasRatio,
        "definition.scale",
        "does not belong to a ratio; write ratio.scale");
    report.refuseIf(
        mayBeAny && (hasValue ? 1 : 0) + (hasRatio ? 1 : 0) + (hasFormula ? 1 : 0) > 1,
        "definition",
        "has more than one of value, ratio and formula; keep one");
    if (formula.ratio() != null && (mayBeAny || type == Type.RATIO)) {
      checkRatio(formula.ratio());
    } else if (hasFormula && (mayBeAny || type == Type.DERIVED)) {
      checkMeasures(formula);
    } else if (formula.value() != null && (mayBeAny || type == Type.SIMPLE)) {
      checkAggregate("definition.value", formula.value());
    } else if (type == Type.RATIO) {
      report.add("definition.ratio", "is missing: {num, den, scale, zero_den}");
    } else if (type == Type.DERIVED) {
      report.add("definition.formula", "is missing: a formula over measures");
    } else {
      report.add("definition.value", "is missing: one aggregate such as AVG(val)");
    }
    checkSince(formula);
  }

  private void checkComposite(Formula formula) {
    report.refuseIf(
        formula.from() != null
            || formula.sql() != null
            || formula.value() != null
            || formula.ratio() != null
            || formula.formula() != null,
        "definition",
        "a composite reads other indicators: leave out from, sql, value, ratio and formula");
    report.refuseIf(
        formula.indicators().size() < 2,
        "definition.inputs",
        "a composite needs two or more of the form indicator:CVS-…");
    Formula.Composite composite = formula.composite();
    report.refuseIf(
        !composite.mean().equals("arithmetic") && !composite.mean().equals("geometric"),
        "definition.composite.mean",
        "'%s' is not arithmetic or geometric".formatted(composite.mean()));
    for (String lifeline : composite.lifelines()) {
      report.refuseIf(
          !formula.indicators().contains(lifeline),
          "definition.composite.lifelines",
          "%s is not among the inputs".formatted(lifeline));
    }
  }

  private void checkSince(Formula formula) {
    String since = formula.since();
    if (formula.type() != Type.CUMULATIVE) {
      report.refuseIf(since != null, "definition.since", "belongs to type cumulative");
    } else if (since == null) {
      report.add("definition.since", "is missing: year or month");
    } else {
      report.refuseIf(
          !since.equals("year") && !since.equals("month"),
          "definition.since",
          "'%s' is not year or month".formatted(since));
      report.refuseIf(
          definition.grain().typical().compareTo(Duration.ofDays(31)) > 0,
          "period.grain",
          "%s is longer than what it would sum up".formatted(definition.grain()));
    }
  }

  private void checkAggregate(String path, String text) {
    report.refuseIf(
        Aggregate.parse(text).isEmpty(),
        path,
        "'%s' is not one SUM, COUNT, AVG, MIN, MAX, PERCENTILE(0.9, x), ENERGY_MEAN or MOVING_MAX(8, 6, x) of an expression"
            .formatted(text));
  }

  private void checkMeasures(Formula formula) {
    formula.measures().forEach((name, text) -> checkAggregate("definition.measures." + name, text));
    if (formula.formula() == null) {
      report.add("definition.formula", "is missing: a formula over measures");
      return;
    }
    try {
      Expression expression = Expression.parse(formula.formula());
      for (String name : formula.measures().keySet()) {
        report.refuseIf(
            !expression.names().contains(name),
            "definition.measures." + name,
            "is not in the formula '%s'".formatted(expression));
      }
      for (String name : expression.names()) {
        report.refuseIf(
            !formula.measures().containsKey(name),
            "definition.formula",
            "'%s' is not a measure; list it under measures".formatted(name));
      }
    } catch (ChengmaiException e) {
      report.add("definition.formula", String.valueOf(e.getMessage()));
    }
    long samples =
        formula.measures().values().stream()
            .map(Aggregate::parse)
            .flatMap(Optional::stream)
            .filter(a -> a.function().isSampled())
            .count();
    report.refuseIf(
        samples > 1, "definition.measures", "more than one PERCENTILE or MOVING_MAX: split them");
  }

  private void checkRatio(Ratio ratio) {
    checkAdditive("definition.ratio.num", ratio.num());
    checkAdditive("definition.ratio.den", ratio.den());
    String zero = ratio.zeroDen();
    if (zero == null) {
      report.add(
          "definition.ratio.zero_den",
          "is missing: a ratio without it could show infinity; write zero_den: \"null\"");
    } else {
      report.refuseIf(
          !zero.equals("null"),
          "definition.ratio.zero_den",
          "'%s' would show a number where there is none; only \"null\" is allowed".formatted(zero));
    }
  }

  private void checkAdditive(String path, String text) {
    Optional<Aggregate> aggregate = Aggregate.parse(text);
    report.refuseIf(
        aggregate.isEmpty() || !aggregate.get().isAdditive(),
        path,
        "'%s' is not one SUM or COUNT, so it cannot be recomputed over regions".formatted(text));
  }

  private void checkMissing(Formula formula) {
    String policy = formula.missing().policy();
    boolean isEstimated = formula.missing().isEstimated();
    report.refuseIf(
        isEstimated != formula.missing().maxCarry().compareTo(Duration.ZERO) > 0,
        "definition.missing.max_carry",
        isEstimated
            ? "is missing: how long a value may stand in for those that follow, such as PT3H"
            : "belongs to the policies carry and interpolate");
    report.refuseIf(
        isEstimated && !definition.dimensions().isEmpty(),
        "definition.missing.policy",
        policy + " is for series without dimensions: of others it is not known which are missing");
    if (isEstimated) {
      return;
    }
    if (policy.equals("zero")) {
      boolean isAdded =
          formula.value() != null
              && Aggregate.parse(formula.value()).filter(Aggregate::isAdditive).isPresent();
      report.refuseIf(
          !isAdded,
          "definition.missing.policy",
          "zero is for sums and counts: no input is no average and no maximum");
    } else {
      report.refuseIf(
          !policy.equals("gap"),
          "definition.missing.policy",
          "'%s' is not one of gap, zero, carry, interpolate".formatted(policy));
    }
  }

  private void checkCoverage(Formula formula) {
    double coverage = formula.missing().minCoverage();
    report.refuseIf(
        !(coverage >= 0 && coverage <= 1),
        "definition.missing.min_coverage",
        "%s is not from 0 to 1".formatted(coverage));
  }

  private void checkAdditivity() {
    Formula formula = definition.definition();
    String region = formula.additivity().region();
    String path = "definition.additivity.region";
    Optional<Aggregate> value = definition.aggregate();
    if (formula.additivity().weight().isPresent()) {
      report.refuseIf(
          Refusal.NON_ADDITIVE,
          !definition.isQuotient(),
          path,
          "weighted is for an AVG or a ratio of each region; sums add up, other values take recompute");
      return;
    }
    if (!ADDITIVITY.contains(region)) {
      report.add(
          Refusal.NON_ADDITIVE,
          path,
          "'%s' is not one of sum, avg, max, recompute, none, weighted(column)".formatted(region));
      return;
    }
    if (formula.ratio() == null && value.isEmpty()) {
      return;
    }
    String what = value.map(Aggregate::toString).orElse("a ratio");
    boolean isFitting =
        switch (region) {
          case "sum" -> value.filter(Aggregate::isAdditive).isPresent();
          case "avg" -> value.filter(v -> v.function() == Aggregate.Function.AVG).isPresent();
          case "max" -> value.filter(v -> v.function() == Aggregate.Function.MAX).isPresent();
          default -> true;
        };
    report.refuseIf(
        Refusal.NON_ADDITIVE,
        !isFitting,
        path,
        "%s over regions does not fit %s; recompute does".formatted(region, what));
  }

  private void checkAdditivityOfTime() {
    Formula formula = definition.definition();
    String time = formula.additivity().time();
    String path = "definition.additivity.time";
    if (time == null) {
      return;
    }
    if (!ADDITIVITY.contains(time)) {
      report.add(
          Refusal.NON_ADDITIVE,
          path,
          "'%s' is not one of sum, avg, max, recompute, none".formatted(time));
      return;
    }
    Type type = formula.type();
    Aggregate.Function function = definition.aggregate().map(Aggregate::function).orElse(null);
    boolean isMoving = function == Aggregate.Function.MOVING_MAX || definition.hasMovingMeasure();
    boolean isFitting =
        switch (time) {
          case "sum" -> definition.isAdded() && type != Type.SNAPSHOT;
          case "avg" -> definition.isAdded() || function == Aggregate.Function.AVG;
          case "max" ->
              definition.isAdded()
                  || function == Aggregate.Function.MAX
                  || function == Aggregate.Function.MOVING_MAX;
          case "recompute" ->
              type != Type.COMPOSITE
                  && !isMoving
                  && !(type == Type.SNAPSHOT && definition.isAdded());
          default -> true;
        };
    report.refuseIf(
        Refusal.NON_ADDITIVE,
        !isFitting || (type == Type.CUMULATIVE && !time.equals("none")),
        path,
        "%s over periods does not fit %s of type %s; leave it out for what does"
            .formatted(time, what(), DefinitionRules.lower(type)));
  }

  /** What the value is, in few words. */
  private String what() {
    return definition
        .aggregate()
        .map(Aggregate::toString)
        .orElse(
            definition.definition().ratio() != null
                ? "a ratio"
                : definition.definition().type() == Type.COMPOSITE ? "an index" : "a formula");
  }
}
