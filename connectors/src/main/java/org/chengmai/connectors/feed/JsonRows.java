package org.chengmai.connectors.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows written in JSON: {@code {"series","time","value","id"?}}, time as ISO 8601 with a zone
 * or as epoch milliseconds. Other fields are skipped, a field of ours that stands twice makes the
 * row bad. One thread.
 *
 * <p>One parser runs over all lines, because making one per row costs more than the row. At a
 * broken row it is given up and a new one starts behind the end of the line in which that row
 * began.
 */
final class JsonRows {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          // Read so that the reason can name it; refused as not finite.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          // Senders choose the names: do not fill the JVM's table of interned texts with them.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Guessing would read a line that begins with a zero byte as UTF-16.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          // A low limit keeps the work linear when every line opens a level and none closes it.
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(32).maxNumberLength(400).build())
          .build();

  private static final int SERIES = 1;
  private static final int TIME = 2;
  private static final int VALUE = 4;
  private static final int ID = 8;

  private final byte[] payload;
  private final Rows rows;
  private final @Nullable String defaultSeries;

  private boolean maySpanLines;
  private @Nullable String series;
  private long time;
  private double value;
  private @Nullable String id;
  private @Nullable String problem;

  JsonRows(byte[] payload, Rows rows, @Nullable String defaultSeries) {
    this.payload = payload;
    this.rows = rows;
    this.defaultSeries = defaultSeries;
  }

  /** Objects one after another, a line each. */
  void lines(int from, int to) {
    int at = from;
    while (at < to) {
      if (rows.isHopeless()) {
        rows.giveUp(at, to);
        return;
      }
      at = linesUntilBroken(at, to);
    }
  }

  /** One array of objects, or objects that may span lines. */
  void document(int from, int to) {
    int first = skipSpace(from, to);
    if (first < to && payload[first] == '[') {
      array(first, to);
    } else {
      maySpanLines = true;
      lines(from, to);
    }
  }

  private int linesUntilBroken(int from, int to) {
    int done = from;
    try (JsonParser json = FACTORY.createParser(payload, from, to - from)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token != JsonToken.START_OBJECT) {
          return badLine("the row is %s; an object {…} is needed".formatted(kind(token)), done, to);
        }
        done = row(json, from, skipSpace(done, to));
        if (done < 0) {
          return -done;
        }
        if (rows.isHopeless()) {
          return done;
        }
      }
      return to;
    } catch (JsonProcessingException e) {
      return badLine(reason(e), done, to);
    } catch (IOException e) {
      return badLine(String.valueOf(e.getMessage()), done, to);
    }
  }

  private int badLine(String reason, int from, int to) {
    int start = skipSpace(from, to);
    int end = start;
    while (end < to && payload[end] != '\n') {
      end++;
    }
    file(reason, start, end);
    return end + 1;
  }

  private void array(int from, int to) {
    maySpanLines = true;
    int done = from + 1;
    try (JsonParser json = FACTORY.createParser(payload, from, to - from)) {
      json.nextToken();
      for (JsonToken token = json.nextToken();
          token != JsonToken.END_ARRAY;
          token = json.nextToken()) {
        if (token == null) {
          file("the array is not closed", from, to);
          return;
        }
        int start = skipSeparators(done, to);
        if (rows.isHopeless()) {
          rows.giveUp(start, to);
          return;
        }
        if (token == JsonToken.START_OBJECT) {
          done = row(json, from, start);
        } else {
          json.skipChildren();
          done = position(json, from);
          rows.bad("the row is %s; an object {…} is needed".formatted(kind(token)), start, done);
        }
      }
      done = position(json, from);
      if (json.nextToken() != null) {
        file("something follows the end of the array", skipSpace(done, to), to);
      }
    } catch (JsonProcessingException e) {
      // Where the next row begins is unknown: what is left is one bad row.
      file(reason(e), skipSeparators(done, to), to);
    } catch (IOException e) {
      file(String.valueOf(e.getMessage()), skipSeparators(done, to), to);
    }
  }

  /**
   * Reads the object at which the parser stands and answers where it ends; {@code -1 - n} when it
   * should have ended on its line, at n.
   */
  private int row(JsonParser json, int from, int start) throws IOException {
    series = defaultSeries;
    id = null;
    problem = null;
    int seen = 0;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken token = json.nextToken();
      int field =
          switch (name) {
            case "series" -> SERIES;
            case "time" -> TIME;
            case "value" -> VALUE;
            case "id" -> ID;
            default -> 0;
          };
      if (field != 0 && (seen & field) != 0) {
        problem = problem == null ? "field '%s' stands twice".formatted(name) : problem;
      }
      seen |= field;
      switch (field) {
        case SERIES -> series(json, token);
        case TIME -> time(json, token);
        case VALUE -> value(json, token);
        case ID -> id(json, token);
        default -> {}
      }
      json.skipChildren();
    }
    int end = position(json, from);
    if (!maySpanLines) {
      for (int at = start; at < end; at++) {
        if (payload[at] == '\n') {
          file("the object does not end on its line", start, at);
          return -1 - at;
        }
      }
    }
    String known = series;
    if (problem != null) {
      file(problem, start, end);
    } else if (known == null) {
      file("field 'series' is missing", start, end);
    } else if ((seen & TIME) == 0) {
      file("field 'time' is missing", start, end);
    } else if ((seen & VALUE) == 0) {
      file("field 'value' is missing", start, end);
    } else {
      rows.add(known, time, value, id, start, end);
    }
    return end;
  }

  private void series(JsonParser json, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      String text = json.getText();
      if (defaultSeries != null && !defaultSeries.equals(text)) {
        wrong(
            "field 'series': '%s' differs from '%s' of the topic"
                .formatted(Rows.shown(text), defaultSeries));
      }
      series = text;
    } else {
      wrong("field 'series' is %s; a text is needed".formatted(told(json, token)));
    }
  }

  private void time(JsonParser json, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_INT) {
      if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        wrong("field 'time': %s is no epoch in milliseconds".formatted(Rows.shown(json.getText())));
      } else {
        time = json.getLongValue();
      }
    } else if (token == JsonToken.VALUE_STRING) {
      time = EventTime.millis(json.getText());
      if (time == EventTime.INVALID) {
        wrong(
            "field 'time': '%s' is no ISO 8601 time with a zone, such as 2026-01-05T08:00:00+08:00"
                .formatted(Rows.shown(json.getText())));
      }
    } else {
      wrong(
          "field 'time' is %s; ISO 8601 with a zone or epoch milliseconds are needed"
              .formatted(told(json, token)));
    }
  }

  private void value(JsonParser json, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      value = json.getDoubleValue();
    } else {
      wrong("field 'value' is %s; a number is needed".formatted(told(json, token)));
    }
  }

  private void id(JsonParser json, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
      id = json.getText();
    } else if (token != JsonToken.VALUE_NULL) {
      wrong("field 'id' is %s; a text is needed".formatted(told(json, token)));
    }
  }

  private void wrong(String reason) {
    problem = problem == null ? reason : problem;
  }

  private void file(String reason, int start, int end) {
    if (end - start > rows.limits().maxRowBytes()) {
      rows.bad(rows.tooLong(end - start), start, end);
    } else {
      String charset = rows.charsetProblem(start, end);
      rows.bad(charset == null ? reason : charset, start, end);
    }
  }

  private static int position(JsonParser json, int from) {
    return from + (int) json.currentLocation().getByteOffset();
  }

  private static String told(JsonParser json, JsonToken token) throws IOException {
    return token.isScalarValue() && token != JsonToken.VALUE_NULL
        ? "%s %s"
            .formatted(
                kind(token),
                token == JsonToken.VALUE_STRING
                    ? "'" + Rows.shown(json.getText()) + "'"
                    : Rows.shown(json.getText()))
        : kind(token);
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_ARRAY -> "an array";
      case START_OBJECT -> "an object";
      case VALUE_STRING -> "the text";
      case VALUE_TRUE, VALUE_FALSE -> "the boolean";
      case VALUE_NULL -> "null";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number";
      default -> "no JSON value";
    };
  }

  private static String reason(JsonProcessingException e) {
    return "no valid JSON: " + Rows.shown(e.getOriginalMessage());
  }

  private int skipSpace(int from, int to) {
    int at = from;
    while (at < to
        && (payload[at] == ' '
            || payload[at] == '\n'
            || payload[at] == '\r'
            || payload[at] == '\t')) {
      at++;
    }
    return at;
  }

  private int skipSeparators(int from, int to) {
    int at = skipSpace(from, to);
    return at < to && payload[at] == ',' ? skipSpace(at + 1, to) : at;
  }
}
