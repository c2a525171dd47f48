package org.chengmai.engine.duty;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.chengmai.engine.alerts.AlertRules;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Suppression;
import org.chengmai.indicators.definition.Alerting;
import org.chengmai.indicators.definition.Alerting.Step;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.region.Region;
import org.jspecify.annotations.Nullable;

/** The rules of the definitions in a catalogue and of the book of quiet times. */
public final class CatalogueRules implements AlertRules {
  private final IndicatorCatalogue catalogue;
  private final QuietBook quiet;

  public CatalogueRules(IndicatorCatalogue catalogue, QuietBook quiet) {
    this.catalogue = catalogue;
    this.quiet = quiet;
  }

  @Override
  public @Nullable Suppression suppression(Anomaly anomaly) {
    return covering(anomaly.key(), anomaly.periodStart())
        .map(
            window ->
                new Suppression(
                    window.id(), window.kind(), window.reason(), window.createdBy(), window.end()))
        .orElse(null);
  }

  @Override
  public List<Step> escalation(String code) {
    return catalogue
        .find(code)
        .map(IndicatorDefinition::alert)
        .map(Alerting::steps)
        .orElse(List.of());
  }

  /**
   * By what {@code alert.dedup} names, always of one indicator; by series and detector where it
   * names nothing.
   */
  @Override
  public String fingerprint(Anomaly anomaly) {
    SeriesKey key = anomaly.key();
    List<String> same =
        catalogue
            .find(key.code())
            .map(IndicatorDefinition::alert)
            .map(Alerting::dedup)
            .orElse(List.of());
    if (same.isEmpty()) {
      return AlertRules.super.fingerprint(anomaly);
    }
    StringBuilder text = new StringBuilder("same:").append(key.code());
    if (same.contains("region")) {
      text.append('/').append(key.region());
    }
    key.dimensions()
        .forEach(
            (name, value) -> {
              if (same.contains(name)) {
                text.append('/').append(name).append('=').append(value);
              }
            });
    return text.toString();
  }

  /** Whether alarms of a period of a series call nobody. */
  public boolean isQuiet(SeriesKey key, Instant periodStart) {
    return covering(key, periodStart).isPresent();
  }

  private Optional<QuietWindow> covering(SeriesKey key, Instant start) {
    IndicatorDefinition definition = catalogue.find(key.code()).orElse(null);
    if (definition == null) {
      return Optional.empty();
    }
    Set<Suppression.Kind> kinds = kinds(definition);
    return kinds.isEmpty()
        ? Optional.empty()
        : quiet.covering(
            kinds,
            key.code(),
            places(key.region()),
            start,
            definition.grain().end(start, definition.period().zone()));
  }

  private static Set<Suppression.Kind> kinds(IndicatorDefinition definition) {
    Set<Suppression.Kind> kinds = EnumSet.noneOf(Suppression.Kind.class);
    for (Suppression.Kind kind : Suppression.Kind.values()) {
      if (definition.detect().suppressWhen().contains(kind.name().toLowerCase(Locale.ROOT))) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  /** A region and those that hold it. */
  private List<String> places(String region) {
    List<String> places = new ArrayList<>(List.of(region));
    for (Region at = catalogue.regions().find(region).orElse(null);
        at != null && at.parent() != null;
        at = catalogue.regions().find(at.parent()).orElse(null)) {
      places.add(at.parent());
    }
    return places;
  }
}
