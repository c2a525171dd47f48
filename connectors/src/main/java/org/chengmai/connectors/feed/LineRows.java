package org.chengmai.connectors.feed;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows in Influx line protocol: {@code measurement,tag=… value=1.5,id="…" timestamp}. The
 * series is the tag {@code series} or, without it, the measurement; other tags and fields are
 * skipped; without a timestamp the time of arrival counts. One thread.
 */
final class LineRows {
  private final byte[] payload;
  private final Rows rows;
  private final TimeUnit precision;

  LineRows(byte[] payload, Rows rows, TimeUnit precision) {
    this.payload = payload;
    this.rows = rows;
    this.precision = precision;
  }

  void lines(int from, int to) {
    int at = from;
    while (at < to) {
      if (rows.isHopeless()) {
        rows.giveUp(at, to);
        return;
      }
      int end = at;
      while (end < to && payload[end] != '\n') {
        end++;
      }
      int last = end > at && payload[end - 1] == '\r' ? end - 1 : end;
      int first = at;
      while (first < last && (payload[first] == ' ' || payload[first] == '\t')) {
        first++;
      }
      if (first < last && payload[first] != '#') {
        line(first, last);
      }
      at = end + 1;
    }
  }

  private void line(int from, int to) {
    if (to - from > rows.limits().maxRowBytes()) {
      rows.bad(rows.tooLong(to - from), from, to);
      return;
    }
    String charset = rows.charsetProblem(from, to);
    if (charset != null) {
      rows.bad(charset, from, to);
      return;
    }
    String line = new String(payload, from, to - from, StandardCharsets.UTF_8);
    int tags = end(line, 0, " ", false);
    int fields = tags == line.length() ? tags : end(line, tags + 1, " ", true);
    if (tags == line.length() || fields == tags + 1) {
      rows.bad("no fields: 'measurement,tag=… value=… timestamp' is needed", from, to);
      return;
    }
    String series = series(line.substring(0, tags));
    String text = line.substring(tags + 1, fields);
    String value = field(text, "value");
    String problem = null;
    double number = 0;
    long time = rows.received().toEpochMilli();
    if (value == null) {
      problem = "field 'value' is missing";
    } else {
      Double parsed = number(value);
      if (parsed == null) {
        problem = "field 'value' is '%s'; a number is needed".formatted(Rows.shown(value));
      } else {
        number = parsed;
      }
    }
    String stamp = fields >= line.length() ? "" : line.substring(fields + 1).strip();
    if (!stamp.isEmpty()) {
      try {
        time = precision.toMillis(Long.parseLong(stamp));
      } catch (NumberFormatException e) {
        problem = "timestamp '%s' is no whole number".formatted(Rows.shown(stamp));
      }
    }
    if (problem != null) {
      rows.bad(problem, from, to);
    } else {
      rows.add(series, time, number, field(text, "id"), from, to);
    }
  }

  /**
   * The next of {@code stops} that is neither escaped nor, where quotes count, inside a quoted
   * text; or the end.
   */
  private static int end(String line, int from, String stops, boolean quotes) {
    boolean quoted = false;
    for (int at = from; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '\\') {
        at++;
      } else if (quotes && c == '"') {
        quoted = !quoted;
      } else if (!quoted && stops.indexOf(c) >= 0) {
        return at;
      }
    }
    return line.length();
  }

  private static String series(String key) {
    int comma = end(key, 0, ",", false);
    String measurement = unescape(key.substring(0, comma));
    for (int at = comma; at < key.length(); ) {
      int next = end(key, at + 1, ",", false);
      int equals = end(key, at + 1, "=", false);
      if (equals < next && key.substring(at + 1, equals).equals("series")) {
        return unescape(key.substring(equals + 1, next));
      }
      at = next;
    }
    return measurement;
  }

  private static @Nullable String field(String fields, String name) {
    for (int at = 0; at < fields.length(); ) {
      int next = end(fields, at, ",", true);
      int equals = end(fields, at, "=", false);
      if (equals < next && fields.substring(at, equals).equals(name)) {
        String value = fields.substring(equals + 1, next);
        boolean isText =
            name.equals("id")
                && value.length() >= 2
                && value.startsWith("\"")
                && value.endsWith("\"");
        return isText ? unescape(value.substring(1, value.length() - 1)) : value;
      }
      at = next + 1;
    }
    return null;
  }

  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      boolean isEscape =
          text.charAt(at) == '\\'
              && at + 1 < text.length()
              && " ,=\"\\".indexOf(text.charAt(at + 1)) >= 0;
      plain.append(text.charAt(isEscape ? ++at : at));
    }
    return plain.toString();
  }

  private static @Nullable Double number(String text) {
    boolean isInteger = text.endsWith("i") || text.endsWith("u");
    String digits = isInteger ? text.substring(0, text.length() - 1) : text;
    char last = digits.isEmpty() ? 'x' : digits.charAt(digits.length() - 1);
    // Double.parseDouble would also take 1.5d, 0x1p3 and NaN.
    boolean isPlain = last >= '0' && last <= '9' || last == '.';
    if (!isPlain || digits.indexOf('x') >= 0 || digits.indexOf('X') >= 0) {
      return null;
    }
    try {
      return isInteger ? (double) Long.parseLong(digits) : Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
