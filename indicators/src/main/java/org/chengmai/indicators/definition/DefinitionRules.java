package org.chengmai.indicators.definition;

import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.definition.IndicatorDefinition.Formula;
import org.chengmai.indicators.definition.IndicatorDefinition.Lifecycle;
import org.chengmai.indicators.definition.IndicatorDefinition.Ratio;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;
import org.chengmai.indicators.quality.QualityRule;
import org.chengmai.indicators.region.Regions;

/** What is refused in one definition: all that would mislead whoever reads the value. */
final class DefinitionRules {
  private static final Pattern CODE = Pattern.compile("CVS-([A-Z]{3})-\\d{4}");
  private static final Pattern TABLE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*\\.[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern INPUT =
      Pattern.compile("indicator:CVS-[A-Z]{3}-\\d{4}|catalog:\\S+");
  private static final Pattern DETECTORS =
      Pattern.compile("[a-z][a-z0-9-]*(\\s*\\+\\s*[a-z][a-z0-9-]*)*");

  /** What is read of a series' past each time that a value is computed. */
  private static final int MOST_PERIODS = 3000;

  private static final List<String> ADDITIVITY = List.of("sum", "avg", "max", "recompute", "none");

  /** Takes a problem at a path of the document. */
  interface Report {
    void add(Refusal refusal, String path, String message);

    /** Takes one about what is computed from what. */
    default void add(String path, String message) {
      add(Refusal.FORMULA, path, message);
    }
  }

  private final IndicatorDefinition definition;
  private final Regions regions;
  private final Report report;

  private DefinitionRules(IndicatorDefinition definition, Regions regions, Report report) {
    this.definition = definition;
    this.regions = regions;
    this.report = report;
  }

  static void check(IndicatorDefinition definition, Regions regions, Report report) {
    DefinitionRules rules = new DefinitionRules(definition, regions, report);
    rules.checkIdentity();
    rules.checkFormula();
    rules.checkAdditivity();
    rules.checkAdditivityOfTime();
    rules.checkUnitAndPeriod();
    rules.checkRegion();
    rules.checkWatching();
    rules.checkQuality();
    ThresholdRules.check(definition, report);
    rules.checkTests();
  }

  private void checkIdentity() {
    refuseIf(
        Refusal.UNKNOWN_SCHEMA,
        !definition.apiVersion().equals("chengmai/v1"),
        "apiVersion",
        "'%s' is not chengmai/v1".formatted(definition.apiVersion()));
    refuseIf(
        Refusal.UNKNOWN_SCHEMA,
        !definition.kind().equals("Indicator"),
        "kind",
        "'%s' is not Indicator".formatted(definition.kind()));
    var code = CODE.matcher(definition.code());
    if (!code.matches()) {
      report.add(
          Refusal.INVALID_CODE,
          "metadata.code",
          "'%s' is not of the form CVS-ABC-0000".formatted(definition.code()));
    } else if (!definition.domain().prefixes().contains(code.group(1))) {
      Optional<Domain> owner =
          Arrays.stream(Domain.values())
              .filter(d -> d.prefixes().contains(code.group(1)))
              .findFirst();
      report.add(
          Refusal.INVALID_CODE,
          "metadata.code",
          owner.isEmpty()
              ? "prefix %s belongs to no domain".formatted(code.group(1))
              : "prefix %s belongs to the domain %s, not %s"
                  .formatted(code.group(1), lower(owner.get()), lower(definition.domain())));
    }
    refuseIf(
        Refusal.INVALID_VERSION,
        definition.version() < 1,
        "metadata.version",
        "%d is below 1".formatted(definition.version()));
    LocalDate to = definition.metadata().effective().to();
    refuseIf(
        Refusal.INVALID_VALIDITY,
        to != null && to.isBefore(definition.metadata().effective().from()),
        "metadata.effective",
        "ends before it begins");
  }

  private void checkFormula() {
    Formula formula = definition.definition();
    refuseIf(
        formula.caliber().isBlank(),
        "definition.caliber",
        "is blank: say in words what is counted");
    for (int i = 0; i < formula.inputs().size(); i++) {
      refuseIf(
          !INPUT.matcher(formula.inputs().get(i)).matches(),
          "definition.inputs[" + i + "]",
          "'%s' is neither indicator:CVS-… nor catalog:…".formatted(formula.inputs().get(i)));
    }
    if (!formula.type().isQueried()) {
      checkComposite(formula);
      return;
    }
    refuseIf(
        formula.sql() != null,
        "definition.sql",
        "a whole query is not supported yet by this version; write from, where and value or ratio");
    String from = formula.from();
    if (from == null) {
      report.add("definition.from", "is missing: a table schema.table or a query in parentheses");
    } else {
      boolean isQuery = from.strip().startsWith("(") && from.strip().endsWith(")");
      refuseIf(
          !isQuery && !TABLE.matcher(from.strip()).matches(),
          "definition.from",
          "'%s' is neither schema.table nor a query in parentheses".formatted(from));
    }
    checkValue(formula);
    if (formula.count() != null) {
      checkAdditive("definition.count", formula.count());
    }
    refuseIf(
        formula.expected() != null && !(formula.expected() > 0),
        "definition.expected",
        "is not above zero");
    Duration cycle = formula.updateCycle();
    refuseIf(
        cycle != null
            && formula.type() != Type.SNAPSHOT
            && definition.grain().typical().compareTo(cycle) < 0,
        "period.grain",
        "%s is finer than the source's update cycle %s".formatted(definition.grain(), cycle));
    checkMissing(formula);
  }

  /** That one of value, ratio and formula is there, and the one that the type asks for. */
  private void checkValue(Formula formula) {
    Type type = formula.type();
    boolean mayBeAny = type != Type.SIMPLE && type != Type.RATIO && type != Type.DERIVED;
    boolean hasValue = formula.value() != null;
    boolean hasRatio = formula.ratio() != null;
    boolean hasFormula = formula.formula() != null || !formula.measures().isEmpty();
    refuseIf(
        hasValue && !mayBeAny && type != Type.SIMPLE,
        "definition.value",
        "does not belong to type %s".formatted(lower(type)));
    refuseIf(
        hasRatio && !mayBeAny && type != Type.RATIO,
        "definition.ratio",
        "belongs to type ratio, not " + lower(type));
    refuseIf(
        hasFormula && !mayBeAny && type != Type.DERIVED,
        "definition.formula",
        "belongs to type derived, not " + lower(type));
    refuseIf(
        formula.scale() != null && hasRatio,
        "definition.scale",
        "does not belong to a ratio; write ratio.scale");
    refuseIf(
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
    refuseIf(
        formula.from() != null
            || formula.value() != null
            || formula.ratio() != null
            || formula.formula() != null,
        "definition",
        "a composite reads other indicators: leave out from, value, ratio and formula");
    refuseIf(
        formula.indicators().size() < 2,
        "definition.inputs",
        "a composite needs two or more of the form indicator:CVS-…");
    IndicatorDefinition.Composite composite = formula.composite();
    refuseIf(
        !composite.mean().equals("arithmetic") && !composite.mean().equals("geometric"),
        "definition.composite.mean",
        "'%s' is not arithmetic or geometric".formatted(composite.mean()));
    for (String lifeline : composite.lifelines()) {
      refuseIf(
          !formula.indicators().contains(lifeline),
          "definition.composite.lifelines",
          "%s is not among the inputs".formatted(lifeline));
    }
  }

  private void checkSince(Formula formula) {
    String since = formula.since();
    if (formula.type() != Type.CUMULATIVE) {
      refuseIf(since != null, "definition.since", "belongs to type cumulative");
    } else if (since == null) {
      report.add("definition.since", "is missing: year or month");
    } else {
      refuseIf(
          !since.equals("year") && !since.equals("month"),
          "definition.since",
          "'%s' is not year or month".formatted(since));
      refuseIf(
          definition.grain().typical().compareTo(Duration.ofDays(31)) > 0,
          "period.grain",
          "%s is longer than what it would sum up".formatted(definition.grain()));
    }
  }

  private void checkAggregate(String path, String text) {
    refuseIf(
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
        refuseIf(
            !expression.names().contains(name),
            "definition.measures." + name,
            "is not in the formula '%s'".formatted(expression));
      }
      for (String name : expression.names()) {
        refuseIf(
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
    refuseIf(
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
      refuseIf(
          !zero.equals("null"),
          "definition.ratio.zero_den",
          "'%s' would show a number where there is none; only \"null\" is allowed".formatted(zero));
    }
  }

  private void checkAdditive(String path, String text) {
    Optional<Aggregate> aggregate = Aggregate.parse(text);
    refuseIf(
        aggregate.isEmpty() || !aggregate.get().isAdditive(),
        path,
        "'%s' is not one SUM or COUNT, so it cannot be recomputed over regions".formatted(text));
  }

  private void checkMissing(Formula formula) {
    String policy = formula.missing().policy();
    if (policy.equals("carry") || policy.equals("interpolate")) {
      report.add(
          "definition.missing.policy",
          policy + " is not supported yet by this version; gap and zero are");
    } else if (policy.equals("zero")) {
      boolean isAdded =
          formula.value() != null
              && Aggregate.parse(formula.value()).filter(Aggregate::isAdditive).isPresent();
      refuseIf(
          !isAdded,
          "definition.missing.policy",
          "zero is for sums and counts: no input is no average and no maximum");
    } else {
      refuseIf(
          !policy.equals("gap"),
          "definition.missing.policy",
          "'%s' is not one of gap, zero, carry, interpolate".formatted(policy));
    }
    double coverage = formula.missing().minCoverage();
    refuseIf(
        !(coverage >= 0 && coverage <= 1),
        "definition.missing.min_coverage",
        "%s is not from 0 to 1".formatted(coverage));
  }

  private void checkAdditivity() {
    Formula formula = definition.definition();
    String region = formula.additivity().region();
    String path = "definition.additivity.region";
    if (region.matches("weighted\\(.*\\)")) {
      report.add(
          Refusal.NON_ADDITIVE,
          path,
          "weighted is not supported yet by this version; write a ratio of two sums");
      return;
    }
    if (!ADDITIVITY.contains(region)) {
      report.add(
          Refusal.NON_ADDITIVE,
          path,
          "'%s' is not one of sum, avg, max, recompute, none".formatted(region));
      return;
    }
    Optional<Aggregate> value = definition.aggregate();
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
    refuseIf(
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
    refuseIf(
        Refusal.NON_ADDITIVE,
        !isFitting || (type == Type.CUMULATIVE && !time.equals("none")),
        path,
        "%s over periods does not fit %s of type %s; leave it out for what does"
            .formatted(time, what(), lower(type)));
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

  private void checkUnitAndPeriod() {
    int decimals = definition.unit().decimals();
    refuseIf(
        Refusal.INVALID_UNIT,
        decimals < 0 || decimals > 9,
        "unit.decimals",
        "%d is not from 0 to 9".formatted(decimals));
    String rounding = definition.unit().rounding();
    refuseIf(
        Refusal.INVALID_UNIT,
        rounding != null
            && Arrays.stream(RoundingMode.values()).noneMatch(m -> m.name().equals(rounding)),
        "unit.rounding",
        "'%s' is not a rounding mode such as HALF_EVEN".formatted(rounding));
    List<Double> range = definition.unit().range();
    refuseIf(
        Refusal.INVALID_UNIT,
        !range.isEmpty() && (range.size() != 2 || range.get(0) >= range.get(1)),
        "unit.range",
        "is the least and the greatest plausible value");
    String zone = definition.period().tz();
    try {
      ZoneId.of(zone == null ? "Asia/Shanghai" : zone);
    } catch (DateTimeException e) {
      report.add(Refusal.INVALID_PERIOD, "period.tz", "'%s' is not a time zone".formatted(zone));
    }
    refuseIf(
        Refusal.INVALID_PERIOD,
        definition.period().watermark().isNegative(),
        "period.watermark",
        "is negative");
    refuseIf(
        Refusal.INVALID_PERIOD,
        definition.period().lateness().isNegative(),
        "period.lateness",
        "is negative");
    List<String> dimensions = definition.dimensions();
    for (int i = 0; i < dimensions.size(); i++) {
      String path = "dimensions[" + i + "]";
      refuseIf(
          Refusal.INVALID_DIMENSION,
          !COLUMN.matcher(dimensions.get(i)).matches(),
          path,
          "'%s' is not a column".formatted(dimensions.get(i)));
      refuseIf(
          Refusal.INVALID_DIMENSION,
          dimensions.indexOf(dimensions.get(i)) < i,
          path,
          "'%s' is listed twice".formatted(dimensions.get(i)));
    }
  }

  private void checkRegion() {
    refuseIf(
        Refusal.INVALID_REGION,
        !definition.region().scheme().equals("GBT2260"),
        "region.scheme",
        "'%s' is not supported yet by this version; GBT2260 is"
            .formatted(definition.region().scheme()));
    if (definition.region().levels().isEmpty()) {
      report.add(Refusal.UNKNOWN_REGION_LEVEL, "region.levels", "needs at least one level");
      return;
    }
    for (int i = 0; i < definition.region().levels().size(); i++) {
      var level = definition.region().levels().get(i);
      refuseIf(
          Refusal.UNKNOWN_REGION_LEVEL,
          i > 0 && level.compareTo(definition.region().levels().get(i - 1)) <= 0,
          "region.levels[" + i + "]",
          "list levels from large to small, each once");
      refuseIf(
          Refusal.UNKNOWN_REGION_LEVEL,
          regions.all().stream().noneMatch(r -> r.level() == level),
          "region.levels[" + i + "]",
          "no region of level %s is configured".formatted(lower(level)));
    }
    LocalDate to = definition.metadata().effective().to();
    LocalDate date = to == null ? LocalDate.MAX : to;
    for (int i = 0; i < definition.region().only().size(); i++) {
      String code = definition.region().only().get(i);
      if (!regions.isValid(code, date)) {
        report.add(
            Refusal.INVALID_REGION,
            "region.only[" + i + "]",
            "region code %s is not valid%s%s"
                .formatted(
                    code,
                    to == null ? " today" : " on " + to,
                    regions.codeOn(code, date).map(c -> "; it is " + c + " now").orElse("")));
      }
    }
  }

  private void checkWatching() {
    String model = definition.detect().model();
    refuseIf(
        Refusal.INVALID_DETECTOR,
        model != null && !DETECTORS.matcher(model).matches(),
        "detect.model",
        "'%s' is not a list of detector ids joined by +".formatted(model));
    Double sensitivity = definition.detect().sensitivity();
    refuseIf(
        Refusal.INVALID_DETECTOR,
        sensitivity != null && !(sensitivity > 0 && sensitivity < 1),
        "detect.sensitivity",
        "%s is not between 0 and 1".formatted(sensitivity));
  }

  private void checkQuality() {
    definition
        .quality()
        .texts()
        .forEach(
            (key, text) -> {
              try {
                checkQuality("quality." + key, QualityRule.parse(key, text));
              } catch (ChengmaiException e) {
                report.add(
                    Refusal.INVALID_QUALITY, "quality." + key, String.valueOf(e.getMessage()));
              }
            });
  }

  private void checkQuality(String path, QualityRule rule) {
    refuseIf(
        Refusal.INVALID_QUALITY,
        rule.readsExpected() && definition.definition().expected() == null,
        path,
        "needs definition.expected: how many inputs a region has per period");
    long period = definition.grain().typical().toMillis();
    long periods = rule.window(definition.grain()).toMillis() / period;
    refuseIf(
        Refusal.INVALID_QUALITY,
        periods < rule.leastPeriods(),
        path,
        "%s holds %d periods of %s, the rule needs %d"
            .formatted(
                rule.window(definition.grain()), periods, definition.grain(), rule.leastPeriods()));
    refuseIf(
        Refusal.INVALID_QUALITY,
        rule.lookBack(definition.grain()).toMillis() / period > MOST_PERIODS,
        path,
        "looks back %s, which is more than %d periods of %s"
            .formatted(rule.lookBack(definition.grain()), MOST_PERIODS, definition.grain()));
  }

  private void checkTests() {
    refuseIf(
        Refusal.MISSING_TESTS,
        definition.metadata().lifecycle() == Lifecycle.PUBLISHED && definition.tests().isEmpty(),
        "tests",
        "a published definition needs at least one test");
    for (int i = 0; i < definition.tests().size(); i++) {
      for (String problem : definition.tests().get(i).problems(regions)) {
        int colon = problem.indexOf(": ");
        report.add(
            Refusal.INVALID_TEST,
            "tests[" + i + "]." + problem.substring(0, colon),
            problem.substring(colon + 2));
      }
    }
  }

  private void refuseIf(boolean isWrong, String path, String message) {
    refuseIf(Refusal.FORMULA, isWrong, path, message);
  }

  private void refuseIf(Refusal refusal, boolean isWrong, String path, String message) {
    if (isWrong) {
      report.add(refusal, path, message);
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
