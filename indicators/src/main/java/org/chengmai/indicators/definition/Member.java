package org.chengmai.indicators.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.chengmai.indicators.definition.Aggregate.Function;
import org.chengmai.indicators.definition.Condition.Comparison;
import org.jspecify.annotations.Nullable;

/**
 * An indicator of a group, compiled: the components that its SQL asks for, and how the value and
 * the readings of its conditions come of them.
 *
 * @param components those of the value first
 * @param operands how many components the value is computed from
 * @param limits names of readings whose component is a mean limit, of which the value is a share
 * @param formula over the operands' names; null where the only operand is the value
 * @param count the aggregate that gives n
 */
record Member(
    IndicatorDefinition definition,
    List<Component> components,
    int operands,
    Set<String> limits,
    @Nullable Expression formula,
    String count) {

  static Member of(IndicatorDefinition definition) {
    Formula formula = definition.definition();
    List<Component> components = new ArrayList<>();
    String hour = hour(definition);
    int hours = (int) definition.grain().typical().toHours();
    Optional<String> weight = formula.additivity().weight();
    if (weight.isPresent()) {
      components.add(weighted(formula, weight.get()));
    } else if (formula.ratio() != null) {
      Aggregate numerator = aggregate(formula.ratio().num());
      components.add(
          Component.divided(
              "value",
              numerator,
              numerator.toString(),
              aggregate(formula.ratio().den()).toString()));
    } else if (formula.value() != null) {
      components.add(Component.of("value", aggregate(formula.value()), hour, hours));
    } else {
      formula
          .measures()
          .forEach(
              (name, text) -> components.add(Component.of(name, aggregate(text), hour, hours)));
    }
    int operands = components.size();
    Set<String> limits = new HashSet<>();
    components.addAll(readings(definition, components.get(0), limits));
    return new Member(
        definition,
        List.copyOf(components),
        operands,
        Set.copyOf(limits),
        formula.formula() == null ? null : Expression.parse(formula.formula()),
        formula.count() == null ? "COUNT(*)" : formula.count());
  }

  /** A region's value by its weight, over its weight: these add up over regions. */
  private static Component weighted(Formula formula, String weight) {
    Aggregate of =
        formula.ratio() == null
            ? aggregate(Objects.requireNonNull(formula.value()))
            : aggregate(formula.ratio().num());
    String top = formula.ratio() == null ? "SUM(" + of.argument() + ")" : of.toString();
    String bottom =
        formula.ratio() == null
            ? "COUNT(" + of.argument() + ")"
            : aggregate(formula.ratio().den()).toString();
    return Component.divided(
        "value",
        of,
        "%s * 1.0E0 / NULLIF(%s, 0) * MAX(%s)".formatted(top, bottom, weight),
        "CASE WHEN %s <> 0 THEN MAX(%s) END".formatted(bottom, weight));
  }

  private static Aggregate aggregate(String text) {
    return Aggregate.parse(text).orElseThrow();
  }

  /** Hours since 1970, by which a moving mean tells rows apart. */
  private static String hour(IndicatorDefinition definition) {
    return "TIME_FLOOR(%s, 'PT1H', '%s')"
        .formatted(definition.definition().timeColumn(), definition.period().zone());
  }

  /** What the conditions and the score look at in the inputs, each once. */
  private static List<Component> readings(
      IndicatorDefinition definition, Component value, Set<String> limits) {
    Map<String, Component> readings = new LinkedHashMap<>();
    List<Measure> measures = new ArrayList<>();
    for (Threshold threshold : definition.thresholds()) {
      List<Comparison> comparisons = new ArrayList<>(threshold.condition().comparisons());
      threshold.clearCondition().ifPresent(clear -> comparisons.addAll(clear.comparisons()));
      comparisons.forEach(comparison -> measures.add(comparison.measure()));
    }
    if (definition.normalise() != null) {
      measures.add(definition.normalise().measure());
    }
    for (Measure measure : measures) {
      String name = measure.toString();
      reading(name, definition, measure, value, limits)
          .ifPresent(component -> readings.put(name, component));
    }
    return List.copyOf(readings.values());
  }

  private static Optional<Component> reading(
      String name,
      IndicatorDefinition definition,
      Measure measure,
      Component value,
      Set<String> limits) {
    if (measure instanceof Measure.ShareOf share) {
      Aggregate of = value.aggregate();
      boolean isAggregate =
          definition.definition().value() != null
              && definition.definition().additivity().weight().isEmpty();
      if (isAggregate && (of.function() == Function.MIN || of.function() == Function.MAX)) {
        // the share of the row that is nearest to its limit
        String shareOfRow = "(%s) * 1.0 / %s".formatted(of.argument(), share.column());
        return Optional.of(plain(name, new Aggregate(of.function(), List.of(), shareOfRow)));
      }
      if (isAggregate && (of.isAdditive() || of.function() == Function.AVG)) {
        String limit = "SUM(" + share.column() + ")";
        return Optional.of(Component.divided(name, of, value.numerator(), limit));
      }
      limits.add(name);
      return Optional.of(plain(name, new Aggregate(Function.AVG, List.of(), share.column())));
    }
    if (measure instanceof Measure.Count count) {
      return Optional.of(
          plain(name, aggregate("COUNT(CASE WHEN " + count.filter() + " THEN 1 END)")));
    }
    if (measure instanceof Measure.Level level) {
      String is = "%s = '%s'".formatted(level.column(), level.level());
      return Optional.of(plain(name, aggregate("MAX(CASE WHEN " + is + " THEN 1 ELSE 0 END)")));
    }
    return Optional.empty();
  }

  /** Of an aggregate that samples nothing. */
  private static Component plain(String name, Aggregate aggregate) {
    return Component.of(name, aggregate, "", 0);
  }

  /** By what the rows of a region and period are told apart as well, null where they are not. */
  @Nullable String sample() {
    return components.stream()
        .map(Component::sample)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The component whose parts are the value's, where it is the only operand. */
  Component first() {
    return components.get(0);
  }

  /** Whether there is something to compute a value from. */
  boolean isUsable(Contribution contribution) {
    for (int i = 0; i < operands; i++) {
      if (contribution.parts().get(i).isUsable(components.get(i).kind())) {
        return true;
      }
    }
    return false;
  }

  /** The value before scaling; null where there is none. */
  @Nullable Double value(Contribution contribution) {
    if (formula == null) {
      return first().value(contribution.parts().get(0));
    }
    return formula.value(values(contribution, 0, operands));
  }

  /** The measures of a derived indicator that have no value. */
  List<String> absent(Contribution contribution) {
    List<String> absent = new ArrayList<>();
    if (formula != null) {
      Map<String, Double> known = values(contribution, 0, operands);
      formula.names().stream().sorted().filter(n -> !known.containsKey(n)).forEach(absent::add);
    }
    return absent;
  }

  /**
   * The readings that are known.
   *
   * @param value scaled
   */
  Map<String, Double> readings(Contribution contribution, double value) {
    Map<String, Double> readings = values(contribution, operands, components.size());
    limits.forEach(
        name ->
            readings.computeIfPresent(
                name, (key, limit) -> limit == 0 ? null : Double.valueOf(value / limit)));
    return readings;
  }

  private Map<String, Double> values(Contribution contribution, int from, int to) {
    Map<String, Double> values = new TreeMap<>();
    for (int i = from; i < to; i++) {
      Double value = components.get(i).value(contribution.parts().get(i));
      if (value != null) {
        values.put(components.get(i).name(), value);
      }
    }
    return values;
  }
}
