package org.chengmai.dashboards.grafana;

import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * Writes Influx line protocol: {@code measurement,tag=value field=1.0,other="text" nanoseconds}.
 * The format has no way to say a line break outside a string, and a backslash before a delimiter
 * would hide it, so both become spaces and slashes.
 */
final class LineProtocol {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private LineProtocol() {}

  /**
   * One line without its line feed. Tags with an empty value are left out, as the format demands.
   *
   * @param fields in the order to be written; finite Doubles, Booleans or Strings, at least one
   */
  static String line(
      String measurement,
      SortedMap<String, String> tags,
      Map<String, Object> fields,
      Instant time) {
    if (measurement.isEmpty() || fields.isEmpty()) {
      throw new IllegalArgumentException(
          "a line needs a measurement and a field: " + measurement + fields);
    }
    StringBuilder line = new StringBuilder(128);
    escape(line, measurement, false);
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      if (!tag.getKey().isEmpty() && !tag.getValue().isEmpty()) {
        line.append(',');
        escape(line, tag.getKey(), true);
        line.append('=');
        escape(line, tag.getValue(), true);
      }
    }
    char separator = ' ';
    for (Iterator<Map.Entry<String, Object>> i = fields.entrySet().iterator();
        i.hasNext();
        separator = ',') {
      Map.Entry<String, Object> field = i.next();
      line.append(separator);
      escape(line, field.getKey(), true);
      line.append('=');
      value(line, field.getValue());
    }
    return line.append(' ').append(nanoseconds(time)).toString();
  }

  static long nanoseconds(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }

  /** What remains of a name or tag after writing and reading: the identity for nearly all texts. */
  static String plain(String name) {
    return string(name).replace('\\', '/');
  }

  private static void value(StringBuilder line, Object value) {
    if (value instanceof Double number) {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException("line protocol has no " + number);
      }
      line.append(number.doubleValue());
    } else if (value instanceof Boolean flag) {
      line.append(flag.booleanValue());
    } else {
      line.append('"')
          .append(string((String) value).replace("\\", "\\\\").replace("\"", "\\\""))
          .append('"');
    }
  }

  /**
   * Control characters become spaces: line breaks are legal inside strings, but not every reader of
   * the format knows.
   */
  static String string(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }

  private static void escape(StringBuilder line, String name, boolean equals) {
    String plain = plain(name);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (c == ',' || c == ' ' || (c == '=' && equals)) {
        line.append('\\');
      }
      line.append(c);
    }
  }
}
