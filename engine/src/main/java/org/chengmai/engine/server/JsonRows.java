package org.chengmai.engine.server;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Rows as JSON. A query that fails between rows ends the document with its error, in the place of
 * what a whole answer ends with; the error is thrown on.
 */
final class JsonRows {
  private JsonRows() {}

  /** One document: columns, rows as arrays, and the time that they took. */
  static void write(RowStream rows, OutputStream output, long startedAt) throws IOException {
    try (JsonGenerator json = generator(output)) {
      json.writeStartObject();
      json.writeArrayFieldStart("columns");
      for (Table.Column column : rows.columns()) {
        json.writeStartObject();
        json.writeStringField("name", column.name());
        json.writeStringField("type", column.type());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("rows");
      try {
        while (rows.hasNext()) {
          json.writeStartArray();
          for (Object value : rows.next()) {
            json.writePOJO(value(value));
          }
          json.writeEndArray();
        }
      } catch (ChengmaiException e) {
        json.writeEndArray();
        json.writeObjectField("error", Requests.error(e));
        json.writeEndObject();
        throw e;
      }
      json.writeEndArray();
      json.writeNumberField("elapsed_ms", (System.nanoTime() - startedAt) / 1_000_000);
      json.writeEndObject();
    }
  }

  /** A line for each row, an object by the names of the columns. */
  static void writeLines(RowStream rows, OutputStream output) throws IOException {
    List<String> names = rows.columns().stream().map(Table.Column::name).toList();
    try (JsonGenerator json = generator(output)) {
      json.setRootValueSeparator(null);
      try {
        while (rows.hasNext()) {
          List<@Nullable Object> row = rows.next();
          json.writeStartObject();
          for (int i = 0; i < names.size(); i++) {
            json.writeFieldName(names.get(i));
            json.writePOJO(value(row.get(i)));
          }
          json.writeEndObject();
          json.writeRaw('\n');
        }
      } catch (ChengmaiException e) {
        json.writeStartObject();
        json.writeObjectField("error", Requests.error(e));
        json.writeEndObject();
        json.writeRaw('\n');
        throw e;
      }
    }
  }

  private static JsonGenerator generator(OutputStream output) throws IOException {
    return Json.mapper()
        .createGenerator(output)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
  }

  /** JSON has no numbers that are not finite. */
  private static @Nullable Object value(@Nullable Object value) {
    return value instanceof Double number && !Double.isFinite(number) ? null : value;
  }
}
