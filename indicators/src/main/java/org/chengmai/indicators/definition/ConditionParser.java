package org.chengmai.indicators.definition;

import java.time.Duration;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.indicators.definition.Condition.Comparison;
import org.chengmai.indicators.definition.Condition.Operator;
import org.chengmai.indicators.definition.Condition.Window;
import org.jspecify.annotations.Nullable;

/** Reads the text of a {@link Condition}, left to right. One use per text. */
final class ConditionParser {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.pp)?");

  /** A level's name; Ⅰ to Ⅳ are letters too. */
  private static final Pattern LEVEL = Pattern.compile("[\\p{L}\\p{Nl}0-9_]+");

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
  private static final Pattern INTEGER = Pattern.compile("[0-9]+");
  private static final Pattern OPERATOR = Pattern.compile("<=|>=|<|>|=|between\\b");
  private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final String text;
  private int at;

  ConditionParser(String text) {
    this.text = text;
  }

  Condition condition() {
    List<Comparison> comparisons = new ArrayList<>();
    do {
      comparisons.add(comparison());
    } while (takeWord("and"));
    skipSpace();
    if (at < text.length()) {
      throw Condition.refused(text, "'%s' is not understood".formatted(text.substring(at)));
    }
    return new Condition(comparisons);
  }

  Measure onlyMeasure() {
    Measure measure = measure();
    skipSpace();
    if (at < text.length()) {
      throw Condition.refused(text, "'%s' is not understood".formatted(text.substring(at)));
    }
    return measure;
  }

  private Comparison comparison() {
    Measure measure = measure();
    if (measure instanceof Measure.Level) {
      return new Comparison(measure, Operator.EQUAL, 1, 1, Window.NEWEST);
    }
    String sign = take(OPERATOR, "an operator <, <=, >, >=, = or between");
    Operator operator = operator(sign);
    double low = number();
    double high = low;
    if (operator == Operator.BETWEEN) {
      if (!takeWord("and")) {
        throw Condition.refused(text, "between needs 'a and b'");
      }
      high = number();
      if (high <= low) {
        throw Condition.refused(text, "between needs the lower bound first");
      }
    }
    return new Comparison(measure, operator, low, high, window());
  }

  private Measure measure() {
    String word = take(WORD, "a measure");
    String name = word.toLowerCase(Locale.ROOT);
    skipSpace();
    String argument = null;
    if (at < text.length() && text.charAt(at) == '(') {
      argument = parenthesised();
    }
    return argument == null ? plain(name, word) : call(name, word, argument);
  }

  private Measure plain(String name, String word) {
    return switch (name) {
      case "value" -> new Measure.Value();
      case "z" -> new Measure.Z();
      case "yoy", "yoy.pp" -> new Measure.Change(Measure.Change.Base.YOY, name.endsWith(".pp"));
      case "mom", "mom.pp" -> new Measure.Change(Measure.Change.Base.MOM, name.endsWith(".pp"));
      case "wow", "wow.pp" -> new Measure.Change(Measure.Change.Base.WOW, name.endsWith(".pp"));
      default -> throw unknown(word);
    };
  }

  private Measure call(String name, String word, String argument) {
    switch (name) {
      case "ratio_to" -> {
        if (argument.equals("slot")) {
          return new Measure.RatioToSlot();
        }
        String[] parts = argument.split("\\s*,\\s*");
        if (parts.length == 2 && parts[0].equals("median")) {
          return new Measure.RatioToMedian(length(parts[1]));
        }
        throw Condition.refused(text, "ratio_to takes slot or median, P14D");
      }
      case "share_of" -> {
        return new Measure.ShareOf(column(argument));
      }
      case "level" -> {
        String column = column(argument);
        if (operator(take(OPERATOR, "an operator =")) != Operator.EQUAL) {
          throw Condition.refused(text, "a level is compared by =");
        }
        return new Measure.Level(column, take(LEVEL, "a level"));
      }
      case "count" -> {
        if (argument.isEmpty()) {
          throw Condition.refused(text, "count needs a filter");
        }
        return new Measure.Count(argument);
      }
      case "rise" -> {
        if (!INTEGER.matcher(argument).matches()) {
          throw Condition.refused(text, "rise takes a number of steps");
        }
        return new Measure.Rise(Integer.parseInt(argument));
      }
      case "sum" -> {
        return new Measure.Sum(length(argument));
      }
      default -> throw unknown(word);
    }
  }

  private Window window() {
    int before = at;
    String needed = find(INTEGER);
    if (needed == null) {
      return Window.NEWEST;
    }
    if (!takeWord("of")) {
      at = before;
      throw Condition.refused(text, "'%s' is not understood".formatted(text.substring(at).strip()));
    }
    Window window =
        new Window(
            Integer.parseInt(needed), Integer.parseInt(take(INTEGER, "a number of periods")));
    if (window.needed() < 1 || window.needed() > window.of()) {
      throw Condition.refused(
          text, "%d of %d can never hold or means nothing".formatted(window.needed(), window.of()));
    }
    return window;
  }

  private String parenthesised() {
    int depth = 0;
    for (int i = at; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0) {
        String inside = text.substring(at + 1, i).strip();
        at = i + 1;
        return inside;
      }
    }
    throw Condition.refused(text, "a parenthesis is not closed");
  }

  private TemporalAmount length(String iso) {
    try {
      return iso.startsWith("PT") ? Duration.parse(iso) : Period.parse(iso);
    } catch (DateTimeParseException e) {
      throw Condition.refused(
          text, "'%s' is not a length of time such as P14D or PT12H".formatted(iso));
    }
  }

  private String column(String name) {
    if (!COLUMN.matcher(name).matches()) {
      throw Condition.refused(text, "'%s' is not a column".formatted(name));
    }
    return name;
  }

  private static Operator operator(String sign) {
    for (Operator operator : Operator.values()) {
      if (operator.toString().equals(sign)) {
        return operator;
      }
    }
    throw new IllegalStateException(sign);
  }

  private double number() {
    return Double.parseDouble(take(NUMBER, "a number"));
  }

  private boolean takeWord(String word) {
    int before = at;
    String found = find(WORD);
    if (word.equals(found)) {
      return true;
    }
    at = before;
    return false;
  }

  private String take(Pattern pattern, String what) {
    String found = find(pattern);
    if (found == null) {
      String rest = text.substring(at).strip();
      throw Condition.refused(
          text, "expected %s%s".formatted(what, rest.isEmpty() ? "" : " at '" + rest + "'"));
    }
    return found;
  }

  private @Nullable String find(Pattern pattern) {
    skipSpace();
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return null;
    }
    at = matcher.end();
    return matcher.group();
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private RuntimeException unknown(String word) {
    return Condition.refused(
        text,
        "'%s' is not a measure; known: value, z, yoy, mom, wow, ratio_to(…), share_of(…), count(…), level(…), rise(…), sum(…)"
            .formatted(word));
  }
}
