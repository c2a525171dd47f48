package org.chengmai.indicators.definition;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.chengmai.indicators.quality.Freshness;
import org.chengmai.indicators.quality.QualityRule;
import org.jspecify.annotations.Nullable;

/**
 * What makes a value doubtful, each in the form that {@link QualityRule} reads: {@code
 * completeness: ">=0.9"}, {@code freshness: "<=PT90M"}, {@code jump: "<=500"}, {@code flatline:
 * PT6H}, {@code cross: "abs(v - neighbour_median) <= 5*mad"}, {@code duplicates: "<=1.1"} or {@code
 * PT24H}, {@code constancy: ">=0.05 over P1D"}, {@code digits: "p >= 0.001 over P28D"}.
 */
public record Quality(
    @Nullable String completeness,
    @Nullable String freshness,
    @Nullable String jump,
    @Nullable Duration flatline,
    @Nullable String cross,
    @Nullable String duplicates,
    @Nullable String constancy,
    @Nullable String digits) {
  static Quality defaults() {
    return new Quality(null, null, null, null, null, null, null, null);
  }

  /** What is stated, by its key. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("completeness", completeness);
    texts.put("freshness", freshness);
    texts.put("jump", jump);
    texts.put("flatline", flatline == null ? null : flatline.toString());
    texts.put("cross", cross);
    texts.put("duplicates", duplicates);
    texts.put("constancy", constancy);
    texts.put("digits", digits);
    texts.values().removeIf(Objects::isNull);
    return texts;
  }

  /** The age beyond which the newest value is stale. */
  public Optional<Duration> freshWithin() {
    return Optional.ofNullable(freshness)
        .map(text -> ((Freshness) QualityRule.parse("freshness", text)).within());
  }
}
