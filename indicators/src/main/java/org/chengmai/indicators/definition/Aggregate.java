package org.chengmai.indicators.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One aggregate call, such as {@code AVG(val)}. Only calls whose parts can be merged are allowed,
 * so that a city's value is recomputed from its districts' parts and never averaged.
 *
 * @param options what stands before the argument: the share of a percentile; the hours of a moving
 *     mean and how many of them are needed
 */
record Aggregate(Function function, List<Double> options, String argument) {
  private static final Pattern CALL =
      Pattern.compile("\\s*([A-Za-z_]+)\\s*\\((.*)\\)\\s*", Pattern.DOTALL);
  private static final Pattern OPTION = Pattern.compile("\\s*([0-9]+(?:\\.[0-9]+)?)\\s*,");

  enum Function {
    SUM(0),
    COUNT(0),
    AVG(0),
    MIN(0),
    MAX(0),
    /** {@code PERCENTILE(0.9, x)}: the least value that so large a share does not exceed. */
    PERCENTILE(1),
    /** {@code ENERGY_MEAN(x)}: the mean of levels in decibels, by their energy. */
    ENERGY_MEAN(0),
    /**
     * {@code MOVING_MAX(8, 6, x)}: the greatest mean of eight hours in a row, of which six are
     * there; all within the period, as HJ 633 asks of ozone.
     */
    MOVING_MAX(2);

    private final int options;

    Function(int options) {
      this.options = options;
    }

    /** Whether it needs the values themselves, or those of each hour. */
    boolean isSampled() {
      return this == PERCENTILE || this == MOVING_MAX;
    }
  }

  Aggregate {
    options = List.copyOf(options);
  }

  /** Reads a call; empty when the text is not exactly one call of a known function. */
  static Optional<Aggregate> parse(String text) {
    Matcher matcher = CALL.matcher(text);
    if (!matcher.matches() || !isBalanced(matcher.group(2))) {
      return Optional.empty();
    }
    for (Function function : Function.values()) {
      if (function.name().equalsIgnoreCase(matcher.group(1))) {
        return of(function, matcher.group(2));
      }
    }
    return Optional.empty();
  }

  private static Optional<Aggregate> of(Function function, String arguments) {
    List<Double> options = new ArrayList<>();
    Matcher option = OPTION.matcher(arguments);
    int at = 0;
    while (options.size() < function.options) {
      if (!option.region(at, arguments.length()).lookingAt()) {
        return Optional.empty();
      }
      options.add(Double.valueOf(option.group(1)));
      at = option.end();
    }
    String argument = arguments.substring(at).strip();
    boolean isDistinct = argument.toUpperCase(Locale.ROOT).startsWith("DISTINCT");
    boolean isCountOnly = argument.equals("*") && function != Function.COUNT;
    boolean isOutOfRange =
        switch (function) {
          case PERCENTILE -> options.get(0) <= 0 || options.get(0) >= 1;
          case MOVING_MAX -> options.get(1) < 1 || options.get(1) > options.get(0);
          default -> false;
        };
    return isDistinct || isCountOnly || isOutOfRange || argument.isEmpty()
        ? Optional.empty()
        : Optional.of(new Aggregate(function, options, argument));
  }

  /** Whether no parenthesis closes before it opens, texts in quotes left out. */
  private static boolean isBalanced(String text) {
    int depth = 0;
    boolean isQuoted = false;
    for (char c : text.toCharArray()) {
      if (c == '\'') {
        isQuoted = !isQuoted;
      } else if (!isQuoted && c == '(') {
        depth++;
      } else if (!isQuoted && c == ')' && --depth < 0) {
        return false;
      }
    }
    return depth == 0 && !isQuoted;
  }

  boolean isAdditive() {
    return function == Function.SUM || function == Function.COUNT;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(function.name()).append('(');
    options.forEach(option -> text.append(option).append(", "));
    return text.append(argument).append(')').toString();
  }
}
