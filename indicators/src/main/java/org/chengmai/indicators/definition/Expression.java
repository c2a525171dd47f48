package org.chengmai.indicators.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The formula of a derived indicator over its measures, such as {@code max(iaqi(pm25, a),
 * iaqi(o3_1h, b))}: numbers, names, {@code + - * /}, parentheses, {@code min}, {@code max}, {@code
 * abs} and {@code iaqi(pollutant, x)}. A name without a value makes what is computed of it absent,
 * but {@code min} and {@code max} leave it out. So does a division by zero. Immutable.
 */
final class Expression {
  private interface Node {
    @Nullable Double value(Function<String, @Nullable Double> measures);
  }

  private final String text;
  private final Set<String> names = new TreeSet<>();
  private final Node root;
  private int at;

  private Expression(String text) {
    this.text = text;
    this.root = sum();
    if (at < text.length()) {
      throw refused("'%s' is not understood".formatted(text.substring(at)));
    }
  }

  /** Reads a formula; INVALID_DEFINITION with what is wrong. */
  static Expression parse(String text) {
    return new Expression(text.strip());
  }

  /** The names of the measures that it looks at. */
  Set<String> names() {
    return Set.copyOf(names);
  }

  /** Null where a measure that is needed has no value, or the result is not finite. */
  @Nullable Double value(Map<String, Double> measures) {
    Double value = root.value(measures::get);
    return value != null && Double.isFinite(value) ? value : null;
  }

  private Node sum() {
    Node left = product();
    while (true) {
      if (take('+')) {
        left = both(left, product(), pair -> pair[0] + pair[1]);
      } else if (take('-')) {
        left = both(left, product(), pair -> pair[0] - pair[1]);
      } else {
        return left;
      }
    }
  }

  private Node product() {
    Node left = factor();
    while (true) {
      if (take('*')) {
        left = both(left, factor(), pair -> pair[0] * pair[1]);
      } else if (take('/')) {
        left = both(left, factor(), pair -> pair[1] == 0 ? Double.NaN : pair[0] / pair[1]);
      } else {
        return left;
      }
    }
  }

  private Node factor() {
    if (take('-')) {
      Node negated = factor();
      return both(negated, negated, pair -> -pair[0]);
    }
    if (take('(')) {
      Node inner = sum();
      need(')');
      return inner;
    }
    String word = word();
    if (word.isEmpty()) {
      throw refused("expected a number, a measure or a function" + rest());
    }
    if (Character.isDigit(word.charAt(0))) {
      double number = number(word);
      return measures -> number;
    }
    if (take('(')) {
      return call(word);
    }
    names.add(word);
    return measures -> measures.apply(word);
  }

  private Node call(String function) {
    if (function.equals("iaqi")) {
      String name = word();
      AirQuality.Pollutant pollutant =
          AirQuality.Pollutant.find(name)
              .orElseThrow(
                  () ->
                      refused(
                          "'%s' is not a pollutant; known: %s"
                              .formatted(name, AirQuality.Pollutant.names())));
      need(',');
      Node concentration = sum();
      need(')');
      return both(concentration, concentration, pair -> pollutant.index(pair[0]));
    }
    List<Node> arguments = new ArrayList<>();
    do {
      arguments.add(sum());
    } while (take(','));
    need(')');
    return switch (function) {
      case "min" -> measures -> extreme(arguments, measures, -1);
      case "max" -> measures -> extreme(arguments, measures, 1);
      case "abs" -> both(arguments.get(0), arguments.get(0), pair -> Math.abs(pair[0]));
      default ->
          throw refused("'%s' is not a function; known: min, max, abs, iaqi".formatted(function));
    };
  }

  private static @Nullable Double extreme(
      List<Node> arguments, Function<String, @Nullable Double> measures, int sign) {
    Double found = null;
    for (Node argument : arguments) {
      Double value = argument.value(measures);
      if (value != null && (found == null || sign * Double.compare(value, found) > 0)) {
        found = value;
      }
    }
    return found;
  }

  private static Node both(Node left, Node right, ToDoubleFunction<double[]> operation) {
    return measures -> {
      Double a = left.value(measures);
      Double b = right.value(measures);
      return a == null || b == null
          ? null
          : Double.valueOf(operation.applyAsDouble(new double[] {a, b}));
    };
  }

  private double number(String word) {
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw refused("'%s' is not a number".formatted(word));
    }
  }

  private String word() {
    skipSpace();
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at))
            || text.charAt(at) == '_'
            || text.charAt(at) == '.')) {
      at++;
    }
    return text.substring(start, at);
  }

  private void need(char c) {
    if (!take(c)) {
      throw refused("expected '%s'%s".formatted(c, rest()));
    }
  }

  private boolean take(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      skipSpace();
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private String rest() {
    return at < text.length() ? " at '" + text.substring(at) + "'" : "";
  }

  private ChengmaiException refused(String why) {
    return new ChengmaiException(
        ErrorCode.INVALID_DEFINITION, "formula '%s': %s".formatted(text, why));
  }

  @Override
  public String toString() {
    return text;
  }
}
