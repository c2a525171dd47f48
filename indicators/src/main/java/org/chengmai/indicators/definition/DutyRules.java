package org.chengmai.indicators.definition;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is refused in who is told of an alert, and in whose data they are. */
final class DutyRules {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
  private static final Pattern EVENT = Pattern.compile("[0-9A-Z]{3,8}");
  private static final Pattern NO_BLANK = Pattern.compile("\\S+");
  private static final Pattern LABEL = Pattern.compile("(核心|重要|一般)(-[1-9])?");

  /** The words of CAP 1.2. */
  private static final Map<String, List<String>> CAP =
      Map.of(
          "category",
          List.of(
              "Geo",
              "Met",
              "Safety",
              "Security",
              "Rescue",
              "Fire",
              "Health",
              "Env",
              "Transport",
              "Infra",
              "CBRNE",
              "Other"),
          "urgency",
          List.of("Immediate", "Expected", "Future", "Past", "Unknown"),
          "certainty",
          List.of("Observed", "Likely", "Possible", "Unlikely", "Unknown"));

  private static final List<String> SUPPRESSING = List.of("quality.bad", "maintenance", "exercise");

  private final IndicatorDefinition definition;
  private final DefinitionRules.Report report;

  private DutyRules(IndicatorDefinition definition, DefinitionRules.Report report) {
    this.definition = definition;
    this.report = report;
  }

  static void check(IndicatorDefinition definition, DefinitionRules.Report report) {
    DutyRules rules = new DutyRules(definition, report);
    if (definition.alert() != null) {
      rules.checkAlert(definition.alert());
    }
    if (definition.governance() != null) {
      rules.checkGovernance(definition.governance());
    }
    rules.checkDetect(definition.detect());
  }

  private void checkAlert(Alerting alert) {
    alert.cap().forEach(this::checkCap);
    matches(Refusal.INVALID_ALERT, "alert.route", alert.route(), NAME, "a name such as env-duty");
    matches(
        Refusal.INVALID_ALERT,
        "alert.runbook",
        alert.runbook(),
        NO_BLANK,
        "a path or an address without blanks");
    checkEscalation(alert.escalate());
    List<String> known = new ArrayList<>(List.of("code", "region"));
    known.addAll(definition.dimensions());
    for (int i = 0; i < alert.dedup().size(); i++) {
      oneOf(Refusal.INVALID_ALERT, "alert.dedup[" + i + "]", alert.dedup().get(i), known);
    }
  }

  private void checkCap(String key, String value) {
    String path = "alert.cap." + key;
    if (key.equals("event")) {
      matches(Refusal.INVALID_ALERT, path, value, EVENT, "a code of the event list such as 11B");
    } else if (CAP.containsKey(key)) {
      oneOf(Refusal.INVALID_ALERT, path, value, CAP.getOrDefault(key, List.of()));
    } else {
      report.add(
          Refusal.INVALID_ALERT, path, "is not known; category, event, urgency and certainty are");
    }
  }

  /** Each step later than the one before. */
  private void checkEscalation(List<Map<String, String>> steps) {
    Duration before = Duration.ZERO;
    for (int i = 0; i < steps.size(); i++) {
      String path = "alert.escalate[" + i + "]";
      for (Map.Entry<String, String> step : steps.get(i).entrySet()) {
        matches(Refusal.INVALID_ALERT, path, step.getValue(), NAME, "a name such as shift-lead");
        try {
          Duration after = Duration.parse(step.getKey());
          report.refuseIf(
              Refusal.INVALID_ALERT,
              after.compareTo(before) <= 0,
              path,
              "%s is not later than the step before".formatted(step.getKey()));
          before = after;
        } catch (DateTimeException e) {
          report.add(
              Refusal.INVALID_ALERT,
              path,
              "'%s' is not a duration such as PT10M".formatted(step.getKey()));
        }
      }
    }
  }

  private void checkGovernance(Governance governance) {
    matches(
        Refusal.INVALID_GOVERNANCE,
        "governance.label",
        governance.label(),
        LABEL,
        "核心, 重要 or 一般, with a level such as 一般-2 if there is one");
    oneOf(
        Refusal.INVALID_GOVERNANCE,
        "governance.share",
        governance.share(),
        List.of("unconditional", "conditional", "none"));
    oneOf(
        Refusal.INVALID_GOVERNANCE,
        "governance.open",
        governance.open(),
        List.of("yes", "no", "conditional"));
    oneOf(
        Refusal.INVALID_GOVERNANCE,
        "governance.authority",
        governance.authority(),
        List.of("primary", "secondary"));
    report.refuseIf(
        Refusal.INVALID_GOVERNANCE,
        governance.kMin() != null && governance.kMin() < 1,
        "governance.k_min",
        "%s is below 1: the least number of people behind a value that is shown"
            .formatted(governance.kMin()));
  }

  private void checkDetect(Detect detect) {
    for (int i = 0; i < detect.suppressWhen().size(); i++) {
      oneOf(
          Refusal.INVALID_DETECTOR,
          "detect.suppress_when[" + i + "]",
          detect.suppressWhen().get(i),
          SUPPRESSING);
    }
    report.refuseIf(
        Refusal.INVALID_DETECTOR,
        detect.budgetPerDay() != null && detect.budgetPerDay() < 1,
        "detect.budget_per_day",
        "%s is below 1".formatted(detect.budgetPerDay()));
  }

  private void matches(
      Refusal refusal, String path, @Nullable String value, Pattern pattern, String what) {
    report.refuseIf(
        refusal,
        value != null && !pattern.matcher(value).matches(),
        path,
        "'%s' is not %s".formatted(value, what));
  }

  private void oneOf(Refusal refusal, String path, @Nullable String value, List<String> known) {
    report.refuseIf(
        refusal,
        value != null && !known.contains(value),
        path,
        "'%s' is not one of %s".formatted(value, String.join(", ", known)));
  }
}
