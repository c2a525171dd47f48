package org.chengmai.indicators.definition;

import java.util.List;
import org.chengmai.indicators.definition.IndicatorCatalogue.Loaded;

/** What is refused in the indicators that {@code detect.weather} names. */
final class WeatherRules {
  /** Each is one more feature to learn and a series to read with every one that is forecast. */
  private static final int MOST = 8;

  private WeatherRules() {}

  static void check(List<Loaded> loaded) {
    List<IndicatorDefinition> all = loaded.stream().map(Loaded::definition).toList();
    for (Loaded one : loaded) {
      List<String> weather = one.definition().detect().weather();
      DefinitionRules.Report report = one::add;
      report.refuseIf(
          Refusal.INVALID_DETECTOR,
          weather.size() > MOST,
          "detect.weather",
          "names %d indicators; name the %d that matter most".formatted(weather.size(), MOST));
      for (int i = 0; i < weather.size(); i++) {
        String path = "detect.weather[" + i + "]";
        if (weather.indexOf(weather.get(i)) < i) {
          report.add(
              Refusal.INVALID_DETECTOR,
              path,
              "'%s' is listed twice; leave one out".formatted(weather.get(i)));
        } else {
          check(one.definition(), weather.get(i), all, path, report);
        }
      }
    }
  }

  private static void check(
      IndicatorDefinition definition,
      String code,
      List<IndicatorDefinition> all,
      String path,
      DefinitionRules.Report report) {
    List<IndicatorDefinition> named = all.stream().filter(d -> d.code().equals(code)).toList();
    if (named.isEmpty()) {
      report.add(
          Refusal.UNKNOWN_INDICATOR,
          path,
          "no definition of %s; name an indicator that is defined here".formatted(code));
    } else if (code.equals(definition.code())) {
      report.add(
          Refusal.INVALID_DETECTOR,
          path,
          "is the indicator itself, whose past is looked at anyway; leave it out");
    } else if (named.stream().noneMatch(d -> d.grain().equals(definition.grain()))) {
      report.add(
          Refusal.INVALID_DETECTOR,
          path,
          "%s has periods of %s, not of %s; name one of the same grain"
              .formatted(code, named.get(0).grain(), definition.grain()));
    } else if (named.stream().noneMatch(d -> d.dimensions().isEmpty())) {
      report.add(
          Refusal.INVALID_DETECTOR,
          path,
          "%s has several series in a region, by %s; name one without dimensions"
              .formatted(code, String.join(", ", named.get(0).dimensions())));
    }
  }
}
