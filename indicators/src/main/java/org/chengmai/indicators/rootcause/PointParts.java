package org.chengmai.indicators.rootcause;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;
import org.chengmai.indicators.rootcause.Attribution.Unexplained;
import org.jspecify.annotations.Nullable;

/** The parts of an indicator's value as two sets of points tell them. */
final class PointParts {
  private final IndicatorDefinition definition;
  private final Collection<IndicatorPoint> before;
  private final Collection<IndicatorPoint> after;

  PointParts(
      IndicatorDefinition definition,
      Collection<IndicatorPoint> before,
      Collection<IndicatorPoint> after) {
    this.definition = definition;
    this.before = before;
    this.after = after;
  }

  /** See {@link Attribution#between}. */
  Attribution attribution(
      @Nullable IndicatorPoint wholeBefore, @Nullable IndicatorPoint wholeAfter) {
    if (definition.definition().type() == Type.COMPOSITE) {
      return Unexplained.because(
          "综合指数的变化由其输入指标解释，不由区域解释", "a composite index is explained by its inputs, not by regions");
    }
    if (!hasParts()) {
      String value = definition.definition().value();
      String what = value == null ? String.valueOf(definition.definition().formula()) : value;
      return Unexplained.because(
          what.strip() + " 既不是和也不是两和之商，不由各部分的值合成，不可分解",
          what.strip() + " is neither a sum nor a quotient of sums: its change has no parts");
    }
    if (hasRegions() && !isMadeOfRegions()) {
      return Unexplained.because(
          "各区域的值由来源分别给出，上级的值不由下级合成",
          "the source states each region's value: a region's is not made up of those below it");
    }
    List<Part> parts = parts(hasRegions() ? SeriesKey::region : SeriesKey::dimensionText);
    Part sum = sum(parts);
    Part whole =
        new Part(
            definition.code(),
            wholeBefore == null ? sum.before() : amount(wholeBefore),
            wholeAfter == null ? sum.after() : amount(wholeAfter));
    return Attribution.of(Form.of(definition), whole, parts);
  }

  /** See {@link Split#rank(IndicatorDefinition, Collection, Collection)}. */
  List<Split> splits() {
    if (!hasParts()) {
      return List.of();
    }
    Map<String, List<Part>> dimensions = new TreeMap<>();
    if (hasRegions() && isMadeOfRegions()) {
      dimensions.put("region", parts(SeriesKey::region));
    }
    for (String dimension : definition.dimensions()) {
      dimensions.put(dimension, parts(key -> key.dimensions().getOrDefault(dimension, "-")));
    }
    return Split.rank(Form.of(definition), sum(parts(SeriesKey::toString)), dimensions);
  }

  private boolean hasParts() {
    return definition.isAdded() || definition.isQuotient();
  }

  private boolean isMadeOfRegions() {
    return !definition.definition().additivity().region().equals("none");
  }

  private boolean hasRegions() {
    return Stream.concat(before.stream(), after.stream())
            .map(point -> point.key().region())
            .distinct()
            .count()
        > 1;
  }

  /** The points by name; those of one name together. */
  private List<Part> parts(Function<SeriesKey, String> name) {
    Map<String, Optional<Amount>> old = byName(before, name);
    Map<String, Optional<Amount>> now = byName(after, name);
    SortedSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    Optional<Amount> none = Optional.of(Amount.NONE);
    return names.stream()
        .map(
            one ->
                new Part(
                    one,
                    old.getOrDefault(one, none).orElse(null),
                    now.getOrDefault(one, none).orElse(null)))
        .toList();
  }

  /** Empty where one of the points has no amount. */
  private Map<String, Optional<Amount>> byName(
      Collection<IndicatorPoint> points, Function<SeriesKey, String> name) {
    Set<SeriesKey> seen = new HashSet<>();
    Map<String, Optional<Amount>> byName = new TreeMap<>();
    for (IndicatorPoint point : points) {
      if (!seen.add(point.key())) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT, "%s is there twice in one period".formatted(point.key()));
      }
      byName.merge(
          name.apply(point.key()),
          Optional.ofNullable(amount(point)),
          (one, other) -> one.flatMap(a -> other.map(a::plus)));
    }
    return byName;
  }

  /** Null where the point has none; a numerator over a denominator of zero is one. */
  private @Nullable Amount amount(IndicatorPoint point) {
    if (!point.key().code().equals(definition.code()) || point.version() != definition.version()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "%s of version %d is not %s of version %d; compare points of one version"
              .formatted(point.key(), point.version(), definition.code(), definition.version()));
    }
    if (definition.isQuotient()) {
      return point.numerator() == null || point.denominator() == null
          ? null
          : new Amount(point.numerator(), point.denominator());
    }
    return point.value() == null ? null : Amount.of(point.value());
  }

  /** The whole that the known parts make up. */
  private static Part sum(List<Part> parts) {
    Amount before = Amount.NONE;
    Amount after = Amount.NONE;
    for (Part part : parts) {
      if (part.isKnown()) {
        before = before.plus(part.from());
        after = after.plus(part.to());
      }
    }
    return new Part("sum", before, after);
  }
}
