package org.chengmai.indicators.definition;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One aggregate call, such as {@code AVG(val)}. Only calls whose parts can be merged are allowed,
 * so that a city's value is recomputed from its districts' parts and never averaged.
 */
record Aggregate(Function function, String argument) {
  private static final Pattern CALL =
      Pattern.compile("\\s*([A-Za-z]+)\\s*\\((.*)\\)\\s*", Pattern.DOTALL);

  enum Function {
    SUM,
    COUNT,
    AVG,
    MIN,
    MAX
  }

  /** Reads a call; empty when the text is not exactly one call of a known function. */
  static Optional<Aggregate> parse(String text) {
    Matcher matcher = CALL.matcher(text);
    if (!matcher.matches() || !isBalanced(matcher.group(2))) {
      return Optional.empty();
    }
    String argument = matcher.group(2).strip();
    boolean isDistinct = argument.toUpperCase(Locale.ROOT).startsWith("DISTINCT");
    for (Function function : Function.values()) {
      boolean isCountOnly = argument.equals("*") && function != Function.COUNT;
      if (function.name().equalsIgnoreCase(matcher.group(1))
          && !isDistinct
          && !isCountOnly
          && !argument.isEmpty()) {
        return Optional.of(new Aggregate(function, argument));
      }
    }
    return Optional.empty();
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
    return function + "(" + argument + ")";
  }
}
