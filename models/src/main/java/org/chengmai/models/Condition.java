package org.chengmai.models;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * A condition on a point with the text that people read.
 *
 * @param text as a definition writes it, such as {@code value >= 116}
 * @param test what it asks
 * @param usesDeviation whether it looks at {@code z} and so needs the series' slots
 */
public record Condition(String text, Test test, boolean usesDeviation) {
  private static final String NUMBER = "([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)";
  private static final Pattern COMPARISON =
      Pattern.compile(
          "\\s*(value|z)\\s*(?:(<=|>=|<|>|=)\\s*"
              + NUMBER
              + "|between\\s+"
              + NUMBER
              + "\\s+and\\s+"
              + NUMBER
              + ")\\s*");
  private static final Pattern AND = Pattern.compile("and\\b");

  /**
   * Asks something of a value and of {@code z}, its deviation from the same slot of the last six
   * weeks.
   */
  @FunctionalInterface
  public interface Test {
    /** {@code deviation} is NaN while unknown; a comparison with NaN is false. */
    boolean holds(double value, double deviation);
  }

  public boolean holds(double value, double deviation) {
    return test.holds(value, deviation);
  }

  /**
   * Reads {@code value op number}, {@code value between a and b} (both ends included), the same of
   * {@code z}, and such terms joined by {@code and}; INVALID_DEFINITION for anything else.
   */
  public static Condition parse(String text) {
    Test all = (value, deviation) -> true;
    boolean usesDeviation = false;
    Matcher matcher = COMPARISON.matcher(text);
    for (int at = 0; ; ) {
      if (!matcher.region(at, text.length()).lookingAt()) {
        throw refused(text, at);
      }
      boolean isDeviation = matcher.group(1).equals("z");
      usesDeviation |= isDeviation;
      all = both(all, term(matcher, isDeviation, text, at));
      at = matcher.end();
      if (at == text.length()) {
        return new Condition(text.strip(), all, usesDeviation);
      }
      Matcher and = AND.matcher(text).region(at, text.length());
      if (!and.lookingAt()) {
        throw refused(text, at);
      }
      at = and.end();
    }
  }

  private static Test both(Test first, Test second) {
    return (value, deviation) -> first.holds(value, deviation) && second.holds(value, deviation);
  }

  private static Test term(Matcher matcher, boolean isDeviation, String text, int at) {
    if (matcher.group(2) == null) {
      double low = Double.parseDouble(matcher.group(4));
      double high = Double.parseDouble(matcher.group(5));
      if (!(low <= high)) {
        throw refused(text, at);
      }
      return (value, deviation) -> within(isDeviation ? deviation : value, low, high);
    }
    double bound = Double.parseDouble(matcher.group(3));
    String operator = matcher.group(2);
    return (value, deviation) -> compare(isDeviation ? deviation : value, operator, bound);
  }

  private static boolean within(double x, double low, double high) {
    return x >= low && x <= high;
  }

  private static boolean compare(double x, String operator, double bound) {
    return switch (operator) {
      case "<" -> x < bound;
      case "<=" -> x <= bound;
      case ">" -> x > bound;
      case ">=" -> x >= bound;
      default -> x == bound;
    };
  }

  private static ChengmaiException refused(String text, int at) {
    return new ChengmaiException(
        ErrorCode.INVALID_DEFINITION,
        "condition '%s': not understood from position %d; write 'value >= 116', 'z > 3' or 'value between 1 and 5', joined by 'and'"
            .formatted(text, at + 1));
  }
}
