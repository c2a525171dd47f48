package org.chengmai.engine.server;

import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.comparison.Reading;
import org.chengmai.indicators.definition.Condition;
import org.chengmai.indicators.definition.Measure;
import org.jspecify.annotations.Nullable;

/**
 * A comparison's outcome.
 *
 * @param value absent where there is none, and then a cause says why
 */
record Compared(@Nullable Double value, @Nullable String cause, @Nullable Reasons notes) {

  private static Compared of(Reading reading) {
    if (reading instanceof Reading.Known known) {
      return new Compared(known.value(), null, known.notes().zh().isEmpty() ? null : known.notes());
    }
    Reading.Unknown unknown = (Reading.Unknown) reading;
    return new Compared(null, unknown.cause().name().toLowerCase(Locale.ROOT), unknown.reasons());
  }

  /** The outcomes by the measures' texts. */
  static Map<String, Compared> of(Map<Measure, Reading> readings) {
    Map<String, Compared> compared = new LinkedHashMap<>();
    readings.forEach((measure, reading) -> compared.put(measure.toString(), of(reading)));
    return compared;
  }

  /** What the parameter {@code compare} asks for, as {@code yoy,ratio_to(median, P7D)}. */
  static Set<Measure> measures(RoutingContext context) {
    Set<Measure> measures = new LinkedHashSet<>();
    String compare = context.queryParams().get("compare");
    if (compare != null && !compare.isBlank()) {
      for (String measure : compare.split(",(?![^(]*\\))")) {
        measures.add(Condition.measure(measure.strip()));
      }
    }
    return measures;
  }
}
