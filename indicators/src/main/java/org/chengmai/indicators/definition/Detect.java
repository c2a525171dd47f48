package org.chengmai.indicators.definition;

import java.util.List;
import org.chengmai.indicators.region.Region;
import org.jspecify.annotations.Nullable;

/**
 * Which detectors watch the indicator. {@code model} joins their ids by {@code +}; {@code levels}
 * says which regions' series they watch, all if empty: where few things happen, one late makes a
 * bad rate; {@code sensitivity} is theirs to read; {@code suppressWhen} names what keeps alarms
 * from calling people; {@code weather} names indicators of the same grain whose past helps to
 * forecast this one; {@code history} and {@code holiday} are read and not used yet.
 */
public record Detect(
    @Nullable String model,
    @Nullable String history,
    @Nullable String holiday,
    @Nullable Double sensitivity,
    List<String> suppressWhen,
    @Nullable Integer budgetPerDay,
    List<Region.Level> levels,
    List<String> weather) {
  static Detect defaults() {
    return new Detect(null, null, null, null, List.of(), null, List.of(), List.of());
  }

  /** The enabled detectors' ids; {@code threshold} alone if not stated, none for {@code none}. */
  public List<String> detectors() {
    if (model == null) {
      return List.of("threshold");
    }
    return model.equals("none") ? List.of() : List.of(model.split("\\s*\\+\\s*"));
  }
}
