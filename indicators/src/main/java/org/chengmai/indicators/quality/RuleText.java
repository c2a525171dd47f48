package org.chengmai.indicators.quality;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * The text of a rule, read by comparing it with an example of its form: numbers and lengths of time
 * stand where the example has them, spaces do not count.
 */
record RuleText(String text) {
  private static final Pattern PART =
      Pattern.compile("(?<number>[0-9]+(\\.[0-9]+)?)|(?<duration>P[T0-9][A-Z0-9.]*)|[a-z_]+|\\S");
  private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?(?:[eE]-?[0-9]+)?)";
  private static final String DURATION = "(P[T0-9][A-Z0-9.]*)";

  /** What stands in the places of an example's numbers and lengths of time. */
  record Parts(RuleText text, String example, Matcher matcher) {
    double number(int place) {
      return Double.parseDouble(matcher.group(place));
    }

    /** A length above zero. */
    Duration duration(int place) {
      try {
        Duration duration = Duration.parse(matcher.group(place));
        if (duration.compareTo(Duration.ZERO) > 0) {
          return duration;
        }
      } catch (DateTimeParseException e) {
        throw text.unlike(example);
      }
      throw text.unlike(example);
    }

    /** Refuses a number that the rule can do nothing with. */
    void require(boolean isRight, String what) {
      if (!isRight) {
        throw invalid("'%s': %s".formatted(text.text(), what));
      }
    }
  }

  boolean isDuration() {
    return text.startsWith("P");
  }

  Parts like(String example) {
    StringBuilder form = new StringBuilder();
    Matcher part = PART.matcher(example);
    while (part.find()) {
      form.append(
              part.group("number") != null
                  ? NUMBER
                  : part.group("duration") != null ? DURATION : Pattern.quote(part.group()))
          .append("\\s*");
    }
    Matcher matcher = Pattern.compile(form.toString()).matcher(text);
    if (!matcher.matches()) {
      throw unlike(example);
    }
    return new Parts(this, example, matcher);
  }

  private ChengmaiException unlike(String example) {
    return invalid("'%s' is not of the form %s".formatted(text, example));
  }

  static ChengmaiException invalid(String message) {
    return new ChengmaiException(ErrorCode.INVALID_DEFINITION, message);
  }
}
