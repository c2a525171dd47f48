package org.chengmai.indicators.definition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.definition.Condition.Comparison;
import org.chengmai.indicators.definition.Condition.Operator;
import org.chengmai.indicators.definition.IndicatorDefinition.Direction;
import org.jspecify.annotations.Nullable;

/** What is refused in the thresholds of one definition. */
final class ThresholdRules {
  private final IndicatorDefinition definition;
  private final DefinitionRules.Report report;

  private ThresholdRules(IndicatorDefinition definition, DefinitionRules.Report report) {
    this.definition = definition;
    this.report = report;
  }

  static void check(IndicatorDefinition definition, DefinitionRules.Report report) {
    new ThresholdRules(definition, report).check();
  }

  private void check() {
    List<Threshold> thresholds = definition.thresholds();
    if (!thresholds.isEmpty()
        && (definition.thresholdSource() == null || definition.thresholdSource().isBlank())) {
      report.add(
          Refusal.MISSING_THRESHOLD_SOURCE,
          "threshold_source",
          "is missing: who set the thresholds, and where is it written");
    }
    List<Bound> bounds = new ArrayList<>();
    for (int i = 0; i < thresholds.size(); i++) {
      Threshold threshold = thresholds.get(i);
      String path = "thresholds[" + i + "]";
      if (i > 0 && threshold.grade().compareTo(thresholds.get(i - 1).grade()) <= 0) {
        report.add(
            Refusal.THRESHOLDS_NOT_MILD_TO_SEVERE,
            path + ".grade",
            "%s after %s: list thresholds from mild to severe, each grade once"
                .formatted(threshold.grade().key(), thresholds.get(i - 1).grade().key()));
      }
      if (threshold.holding().isNegative() || threshold.clearing().isNegative()) {
        report.add(Refusal.INVALID_THRESHOLD, path, "for and clear_for are not negative");
      }
      Condition when = parse(path + ".when", threshold.when());
      Condition clear =
          threshold.clear() == null ? null : parse(path + ".clear", threshold.clear());
      if (when != null) {
        checkWindows(path + ".when", when);
        when.comparisons().forEach(c -> checkDirection(path + ".when", c));
        if (when.comparisons().size() == 1) {
          bounds.add(new Bound(path + ".when", when.comparisons().get(0), threshold.holding()));
        }
      }
      if (when != null && clear != null) {
        checkWindows(path + ".clear", clear);
        checkClear(path + ".clear", when, clear);
      } else if (clear == null && threshold.clearFor() != null) {
        report.add(Refusal.INVALID_THRESHOLD, path + ".clear_for", "needs a clear condition");
      }
    }
    checkBounds(bounds);
  }

  private @Nullable Condition parse(String path, String text) {
    try {
      return Condition.parse(text);
    } catch (ChengmaiException e) {
      report.add(Refusal.INVALID_CONDITION, path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** So many of the last periods as a detector remembers. */
  private void checkWindows(String path, Condition condition) {
    for (Comparison comparison : condition.comparisons()) {
      if (comparison.window().of() > Long.SIZE) {
        report.add(
            Refusal.INVALID_THRESHOLD,
            path,
            "'%s' looks back more than %d periods".formatted(comparison, Long.SIZE));
      }
    }
  }

  private void checkDirection(String path, Comparison comparison) {
    if (comparison.measure() instanceof Measure.Count
        || comparison.measure() instanceof Measure.Level) {
      return;
    }
    Operator operator = comparison.operator();
    boolean isWrong =
        definition.direction() == Direction.LOWER_BETTER && operator.isDownward()
            || definition.direction() == Direction.HIGHER_BETTER && operator.isUpward();
    if (isWrong) {
      report.add(
          Refusal.THRESHOLD_OPPOSES_DIRECTION,
          path,
          "'%s' opposes the direction %s"
              .formatted(comparison, definition.direction().name().toLowerCase(Locale.ROOT)));
    }
  }

  /** A single comparison against a bound that is worse in one direction. */
  private record Bound(String path, Comparison comparison, Duration holding) {
    boolean isAlike(Bound other) {
      return comparison.measure().equals(other.comparison.measure())
          && !(comparison.measure() instanceof Measure.Level);
    }
  }

  private void checkBounds(List<Bound> bounds) {
    for (int i = 1; i < bounds.size(); i++) {
      Bound worse = bounds.get(i);
      for (int j = i - 1; j >= 0; j--) {
        if (bounds.get(j).isAlike(worse)) {
          checkPair(bounds.get(j), worse);
          break;
        }
      }
    }
  }

  private void checkPair(Bound milder, Bound bound) {
    Comparison mild = milder.comparison();
    Comparison worse = bound.comparison();
    boolean isSameBound = mild.low() == worse.low() && mild.high() == worse.high();
    boolean isSameSide =
        mild.operator().isUpward() == worse.operator().isUpward()
            && mild.operator().isDownward() == worse.operator().isDownward();
    if (isSameBound && isSameSide && mild.window().equals(worse.window())) {
      // the same bound for longer is a more severe grade
      if (bound.holding().compareTo(milder.holding()) > 0) {
        return;
      }
      report.add(
          Refusal.DUPLICATE_BOUND,
          bound.path(),
          "'%s' repeats the bound of '%s'".formatted(worse, mild));
    } else if (mild.operator() == Operator.BETWEEN) {
      checkAfterRange(mild, bound);
    } else if (isSameSide && mild.window().equals(worse.window())) {
      boolean isNever =
          worse.operator().isUpward() && worse.low() < mild.low()
              || worse.operator().isDownward() && worse.low() > mild.low();
      if (isNever) {
        report.add(
            Refusal.THRESHOLDS_NOT_MILD_TO_SEVERE,
            bound.path(),
            "'%s' is milder than '%s': list thresholds from mild to severe".formatted(worse, mild));
      }
    }
  }

  /** After a range the next one has to begin where it ends, on the side that is worse. */
  private void checkAfterRange(Comparison mild, Bound bound) {
    Comparison worse = bound.comparison();
    boolean isUp =
        worse.operator().isUpward()
            || worse.operator() == Operator.BETWEEN && worse.high() > mild.high();
    double gap = isUp ? worse.low() - mild.high() : mild.low() - worse.high();
    if (gap > 0) {
      report.add(
          Refusal.THRESHOLD_GAP,
          bound.path(),
          "'%s' leaves a gap after '%s'".formatted(worse, mild));
    } else if (gap < 0) {
      report.add(
          Refusal.THRESHOLD_OVERLAP, bound.path(), "'%s' overlaps '%s'".formatted(worse, mild));
    }
  }

  private void checkClear(String path, Condition when, Condition clear) {
    if (when.comparisons().size() != 1 || clear.comparisons().size() != 1) {
      return;
    }
    Comparison begin = when.comparisons().get(0);
    Comparison end = clear.comparisons().get(0);
    if (!begin.measure().equals(end.measure())) {
      return;
    }
    boolean bothHold =
        begin.operator().isUpward() && (!end.operator().isDownward() || end.low() > begin.low())
            || begin.operator().isDownward()
                && (!end.operator().isUpward() || end.low() < begin.low());
    if (bothHold) {
      report.add(
          Refusal.CLEAR_WITHIN_WHEN, path, "'%s' may hold while '%s' holds".formatted(end, begin));
    }
  }
}
