package org.chengmai.engine.shell;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an engine's JSON answer, as texts, read as they come. Null is {@code ∅}; characters
 * that would steer a terminal are shown as what they are.
 */
final class ResultRows implements AutoCloseable {
  private static final String NULL = "∅";

  private final JsonParser json;
  private final List<String> names = new ArrayList<>();
  private long elapsedMillis;

  ResultRows(InputStream body) throws IOException {
    this.json = Json.mapper().createParser(body);
    expect(JsonToken.START_OBJECT);
    expect(JsonToken.FIELD_NAME);
    expect(JsonToken.START_ARRAY);
    JsonNode columns = json.readValueAsTree();
    columns.forEach(column -> names.add(visible(column.path("name").asText())));
    expect(JsonToken.FIELD_NAME);
    expect(JsonToken.START_ARRAY);
  }

  private void expect(JsonToken wanted) throws IOException {
    JsonToken found = json.nextToken();
    if (found != wanted) {
      throw new IOException("the answer is no result: %s in place of %s".formatted(found, wanted));
    }
  }

  List<String> names() {
    return names;
  }

  /**
   * The next row; null after the last.
   *
   * @throws ChengmaiException the error that ended the rows
   */
  @Nullable List<String> next() throws IOException {
    if (json.nextToken() == JsonToken.START_ARRAY) {
      List<String> cells = new ArrayList<>(names.size());
      JsonNode row = json.readValueAsTree();
      row.forEach(cell -> cells.add(cell.isNull() ? NULL : visible(cell.asText())));
      return cells;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      JsonNode value = json.readValueAsTree();
      if (field.equals("error")) {
        throw SqlClient.error(value);
      }
      elapsedMillis = value.asLong();
    }
    return null;
  }

  /** How long the engine took; known after the last row. */
  long elapsedMillis() {
    return elapsedMillis;
  }

  /** Without characters that would steer a terminal or break a line of a table. */
  static String visible(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                  if (Character.isISOControl(point)) {
                    shown.append("\\x%02x".formatted(point));
                  } else {
                    shown.appendCodePoint(point);
                  }
                }
              }
            });
    return shown.toString();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
