package org.chengmai.dashboards.grafana;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads line protocol as strictly as its grammar: anything unusual is an IllegalArgumentException
 * with its position.
 */
final class LineReader {

  /** One line, with fields as Double, Boolean or String. */
  record Parsed(
      String measurement, Map<String, String> tags, Map<String, Object> fields, long nanoseconds) {}

  private final String line;
  private int at;

  private LineReader(String line) {
    this.line = line;
  }

  static Parsed read(String line) {
    LineReader reader = new LineReader(line);
    String measurement = reader.name(", ", false);
    Map<String, String> tags = new LinkedHashMap<>();
    String previous = "";
    while (reader.peek() == ',') {
      reader.at++;
      String key = reader.name("=", true);
      reader.expect('=');
      String value = reader.name(", ", true);
      reader.check(previous.compareTo(key) < 0, "tags are not sorted or doubled: " + key);
      reader.check(tags.put(key, value) == null, "tag twice: " + key);
      previous = key;
    }
    reader.expect(' ');
    Map<String, Object> fields = new LinkedHashMap<>();
    do {
      if (!fields.isEmpty()) {
        reader.expect(',');
      }
      String key = reader.name("=", true);
      reader.expect('=');
      reader.check(fields.put(key, reader.value()) == null, "field twice: " + key);
    } while (reader.peek() == ',');
    reader.expect(' ');
    String digits = line.substring(reader.at);
    reader.check(digits.matches("-?\\d{1,19}"), "not a timestamp: " + digits);
    return new Parsed(measurement, tags, fields, Long.parseLong(digits));
  }

  private Object value() {
    if (peek() == '"') {
      at++;
      StringBuilder text = new StringBuilder();
      while (peek() != '"') {
        char c = line.charAt(at++);
        check(c >= ' ', "control character in a string");
        if (c == '\\') {
          c = line.charAt(at++);
          check(c == '"' || c == '\\', "unknown escape");
        }
        text.append(c);
      }
      at++;
      return text.toString();
    }
    int start = at;
    while (at < line.length() && line.charAt(at) != ',' && line.charAt(at) != ' ') {
      at++;
    }
    String text = line.substring(start, at);
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    check(text.matches("-?\\d+\\.\\d+(E-?\\d+)?"), "not a float: " + text);
    return Double.valueOf(text);
  }

  private String name(String ends, boolean equalsEscaped) {
    StringBuilder name = new StringBuilder();
    while (ends.indexOf(peek()) < 0) {
      char c = line.charAt(at++);
      check(
          c != ',' && c != ' ' && (c != '=' || !equalsEscaped) && c != '\n' && c != '\r',
          "bare delimiter");
      if (c == '\\') {
        c = line.charAt(at++);
        check(c == ',' || c == ' ' || (c == '=' && equalsEscaped), "unknown escape");
      }
      name.append(c);
    }
    check(name.length() > 0, "empty name");
    return name.toString();
  }

  private char peek() {
    check(at < line.length(), "line ends early");
    return line.charAt(at);
  }

  private void expect(char c) {
    check(peek() == c, "expected '" + c + "'");
    at++;
  }

  private void check(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem + " at " + at + " of: " + line);
    }
  }
}
