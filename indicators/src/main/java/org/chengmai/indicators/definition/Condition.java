package org.chengmai.indicators.definition;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The condition of a threshold: comparisons joined by {@code and}.
 *
 * <pre>{@code
 * condition  = comparison { "and" comparison }
 * comparison = measure op number [ n "of" m ] | measure "between" a "and" b [ n "of" m ] | "level(" column ")" "=" word
 * measure    = "value" | "z" | "yoy" | "mom" | "wow" (each with ".pp" for points) | "ratio_to(slot)" | "ratio_to(median, P14D)"
 *            | "share_of(" column ")" | "count(" filter ")" | "level(" column ")" | "rise(" n ")" | "sum(PT12H)"
 * op         = "<" | "<=" | ">" | ">=" | "="
 * }</pre>
 *
 * {@code between a and b} holds both ends. {@code n of m} asks for n of the last m periods.
 * Immutable; {@link #toString()} is the canonical text.
 */
public record Condition(List<Comparison> comparisons) {
  public Condition {
    comparisons = List.copyOf(comparisons);
  }

  /** A relation to a bound. */
  public enum Operator {
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">="),
    EQUAL("="),
    BETWEEN("between");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    boolean isUpward() {
      return this == GREATER || this == AT_LEAST;
    }

    boolean isDownward() {
      return this == LESS || this == AT_MOST;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** How many of the last periods a comparison has to hold in; 1 of 1 is only the newest. */
  public record Window(int needed, int of) {
    static final Window NEWEST = new Window(1, 1);
  }

  /**
   * One measure against a bound.
   *
   * @param low the bound, or the lower one of {@code between}; 1 of a level
   * @param high the upper bound of {@code between}, else the same as {@code low}
   */
  public record Comparison(
      Measure measure, Operator operator, double low, double high, Window window) {

    public boolean holdsFor(double reading) {
      return switch (operator) {
        case LESS -> reading < low;
        case AT_MOST -> reading <= low;
        case GREATER -> reading > low;
        case AT_LEAST -> reading >= low;
        case EQUAL -> reading == low;
        case BETWEEN -> reading >= low && reading <= high;
      };
    }

    /** The lower end of what it holds for, null where there is none. */
    public @Nullable Double least() {
      return operator.isDownward() ? null : low;
    }

    /** The upper end of what it holds for, null where there is none. */
    public @Nullable Double greatest() {
      return operator.isUpward() ? null : high;
    }

    @Override
    public String toString() {
      String text =
          measure instanceof Measure.Level
              ? measure.toString()
              : measure + " " + operator + " " + number(low);
      if (operator == Operator.BETWEEN) {
        text += " and " + number(high);
      }
      return window.equals(Window.NEWEST)
          ? text
          : text + " " + window.needed() + " of " + window.of();
    }
  }

  /** What the newest periods measured. */
  @FunctionalInterface
  public interface Readings {
    /**
     * The reading of a measure so many periods ago, 0 being the newest; empty where there is none.
     */
    OptionalDouble reading(Measure measure, int periodsAgo);

    /** Readings of {@code value} alone, newest last; NaN stands for a missing one. */
    static Readings ofValues(double... values) {
      return (measure, periodsAgo) -> {
        int index = values.length - 1 - periodsAgo;
        return measure instanceof Measure.Value && index >= 0 && !Double.isNaN(values[index])
            ? OptionalDouble.of(values[index])
            : OptionalDouble.empty();
      };
    }
  }

  /** Reads a condition; INVALID_DEFINITION with what is wrong. */
  public static Condition parse(String text) {
    return new ConditionParser(text).condition();
  }

  /** Reads one measure, such as {@code ratio_to(slot)}; INVALID_DEFINITION with what is wrong. */
  public static Measure measure(String text) {
    return new ConditionParser(text).onlyMeasure();
  }

  /** The one comparison of the value with a bound; empty where anything else is asked too. */
  public Optional<Comparison> ofValueAlone() {
    return comparisons.size() == 1 && comparisons.get(0).measure() instanceof Measure.Value
        ? Optional.of(comparisons.get(0))
        : Optional.empty();
  }

  /** Whether every comparison holds; a missing reading does not hold. */
  public boolean holds(Readings readings) {
    for (Comparison comparison : comparisons) {
      int held = 0;
      for (int ago = 0; ago < comparison.window().of(); ago++) {
        OptionalDouble reading = readings.reading(comparison.measure(), ago);
        if (reading.isPresent() && comparison.holdsFor(reading.getAsDouble())) {
          held++;
        }
      }
      if (held < comparison.window().needed()) {
        return false;
      }
    }
    return true;
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  static ChengmaiException refused(String text, String why) {
    return invalid("condition '%s': %s".formatted(text, why));
  }

  static ChengmaiException invalid(String what) {
    return new ChengmaiException(ErrorCode.INVALID_DEFINITION, what);
  }

  @Override
  public String toString() {
    return comparisons.stream().map(Comparison::toString).collect(Collectors.joining(" and "));
  }
}
