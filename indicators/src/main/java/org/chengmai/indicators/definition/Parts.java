package org.chengmai.indicators.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantilesDoublesSketchIterator;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.definition.Aggregate.Function;
import org.chengmai.indicators.definition.Partial.Kind;
import org.chengmai.indicators.definition.Partial.Sum;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a value as a point carries them, so that the same formula gives the value of longer
 * periods and larger regions: JSON, {@code {"pm25": [1234.5, 40]}} for sums, and a KLL sketch in
 * base64 for the values of a percentile, which is exact up to about two hundred of them.
 */
final class Parts {
  private Parts() {}

  /**
   * Null where the value, or numerator and denominator, say it all, and of a moving maximum, whose
   * longer periods take the greatest value.
   */
  static @Nullable String write(Member member, Contribution contribution) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (int i = 0; i < member.operands() && !isPlain(member); i++) {
      Component component = member.components().get(i);
      Partial partial = contribution.parts().get(i);
      if (component.aggregate().function() == Function.PERCENTILE) {
        json.put(component.name(), sketch(partial.samples()));
      } else if (component.kind() != Kind.SAMPLED && partial.isUsable(component.kind())) {
        List<Double> numbers = new ArrayList<>(List.of(require(partial.numerator())));
        if (partial.denominator() != null) {
          numbers.add(partial.denominator());
        }
        json.put(component.name(), numbers);
      }
    }
    return json.isEmpty() ? null : Json.write(json);
  }

  /** Reads what {@link #write} wrote, for the operands alone. */
  static Contribution read(Member member, String text, long n) {
    JsonNode json = Json.read(text, JsonNode.class);
    List<Partial> parts = new ArrayList<>();
    for (Component component : member.components()) {
      JsonNode node = json.path(component.name());
      if (node.isTextual()) {
        parts.add(new Partial(null, null, samples(node.asText())));
      } else if (node.isArray()) {
        Double denominator = node.size() > 1 ? (Double) node.get(1).asDouble() : null;
        parts.add(new Partial(node.get(0).asDouble(), denominator, new TreeMap<>()));
      } else {
        parts.add(Partial.NONE);
      }
    }
    return new Contribution(parts, n);
  }

  /** What a point's value was computed from, for the operands alone; null where it has none. */
  static @Nullable Contribution of(Member member, IndicatorPoint point) {
    if (!isPlain(member)) {
      return point.parts() == null ? null : read(member, point.parts(), point.n());
    }
    Double value = point.value();
    Partial first =
        member.first().isQuotient()
            ? new Partial(point.numerator(), point.denominator(), new TreeMap<>())
            : value == null
                ? Partial.NONE
                : new Partial(value / member.definition().factor(), null, new TreeMap<>());
    if (!first.isUsable(member.first().kind())) {
      return null;
    }
    List<Partial> parts =
        new ArrayList<>(Collections.nCopies(member.components().size(), Partial.NONE));
    parts.set(0, first);
    return new Contribution(parts, point.n());
  }

  /** Whether the value, or numerator and denominator, say it all. */
  private static boolean isPlain(Member member) {
    Component first = member.first();
    return member.formula() == null
        && (first.kind() == Kind.ADDED
            || first.kind() == Kind.LEAST
            || first.kind() == Kind.GREATEST
            || first.isQuotient());
  }

  private static String sketch(SortedMap<Double, Sum> samples) {
    KllDoublesSketch sketch = KllDoublesSketch.newHeapInstance();
    samples.forEach((value, sum) -> sketch.update(value, (long) sum.count()));
    return Base64.getEncoder().encodeToString(sketch.toByteArray());
  }

  private static SortedMap<Double, Sum> samples(String text) {
    KllDoublesSketch sketch =
        KllDoublesSketch.heapify(Memory.wrap(Base64.getDecoder().decode(text)));
    SortedMap<Double, Sum> samples = new TreeMap<>();
    for (QuantilesDoublesSketchIterator item = sketch.iterator(); item.next(); ) {
      double value = item.getQuantile();
      Sum one = new Sum(value * item.getWeight(), item.getWeight());
      samples.merge(value, one, Sum::plus);
    }
    return samples;
  }

  private static double require(@Nullable Double number) {
    return Objects.requireNonNull(number);
  }
}
