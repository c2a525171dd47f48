package org.chengmai.indicators.definition;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where alerts go. The route and the runbook are told with every alert.
 *
 * @param cap words of CAP 1.2 for its messages: category, event, urgency, certainty
 * @param route who is on duty
 * @param escalate after how long without an answer who else
 * @param runbook what to do, a path or an address
 * @param dedup by what alarms of the indicator are one alert: {@code code}, {@code region},
 *     dimensions; by series and detector if empty
 */
public record Alerting(
    Map<String, String> cap,
    @Nullable String route,
    List<Map<String, String>> escalate,
    @Nullable String runbook,
    List<String> dedup) {

  /** A step of {@code escalate}. */
  public record Step(Duration after, String to) {}

  /** The steps of {@code escalate}, the earliest first. */
  public List<Step> steps() {
    return escalate.stream()
        .flatMap(step -> step.entrySet().stream())
        .map(step -> new Step(Duration.parse(step.getKey()), step.getValue()))
        .toList();
  }
}
