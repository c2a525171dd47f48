package org.chengmai.engine.server;

import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.chengmai.engine.sql.ArrowBatches;
import org.chengmai.engine.sql.ClientTypes;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/**
 * The form that a request wants rows in: {@code ?format=json|ndjson|csv|arrow}, else what {@code
 * Accept} names, else JSON.
 *
 * @param withMark whether CSV begins with a byte order mark, {@code ?bom=true}: Excel reads UTF-8
 *     only then
 */
record AnswerFormat(Kind kind, boolean withMark) {
  private static final String ARROW = "application/vnd.apache.arrow.stream";
  private static final String LINES = "application/x-ndjson";

  enum Kind {
    JSON("application/json"),
    NDJSON(LINES),
    CSV("text/csv; charset=utf-8"),
    ARROW(AnswerFormat.ARROW);

    private final String contentType;

    Kind(String contentType) {
      this.contentType = contentType;
    }

    String contentType() {
      return contentType;
    }
  }

  static AnswerFormat of(RoutingContext context) {
    boolean withMark = Boolean.parseBoolean(context.queryParams().get("bom"));
    String format = context.queryParams().get("format");
    if (format != null) {
      return new AnswerFormat(
          switch (format) {
            case "json" -> Kind.JSON;
            case "ndjson" -> Kind.NDJSON;
            case "csv" -> Kind.CSV;
            case "arrow" -> Kind.ARROW;
            default ->
                throw new ChengmaiException(
                    ErrorCode.INVALID_INPUT,
                    "format '%s': json, ndjson, csv or arrow".formatted(format));
          },
          withMark);
    }
    String accept = String.valueOf(context.request().getHeader("Accept"));
    return new AnswerFormat(accepted(accept), withMark);
  }

  private static Kind accepted(String types) {
    if (types.contains(ARROW)) {
      return Kind.ARROW;
    }
    if (types.contains(LINES)) {
      return Kind.NDJSON;
    }
    return types.contains("text/csv") ? Kind.CSV : Kind.JSON;
  }

  /**
   * Writes rows, as far as they come.
   *
   * @param startedAt when their making began, in the nanoseconds of the JVM
   */
  void write(RowStream rows, OutputStream output, BufferAllocator allocator, long startedAt)
      throws IOException {
    switch (kind) {
      case JSON -> JsonRows.write(rows, output, startedAt);
      case NDJSON -> JsonRows.writeLines(rows, output);
      case CSV -> writeCsv(rows, output);
      case ARROW -> writeArrow(rows, output, allocator);
    }
  }

  private void writeCsv(RowStream rows, OutputStream output) throws IOException {
    Writer csv = new OutputStreamWriter(output, StandardCharsets.UTF_8);
    if (withMark) {
      csv.write('\uFEFF');
    }
    writeLine(csv, rows.columns().stream().map(Table.Column::name).toList());
    while (rows.hasNext()) {
      writeLine(csv, rows.next());
    }
    csv.flush();
  }

  /**
   * RFC 4180: fields with a comma, a quote or a line break are quoted; null is empty, the empty
   * text is {@code ""}.
   */
  private static void writeLine(Writer csv, List<? extends @Nullable Object> values)
      throws IOException {
    String separator = "";
    for (Object value : values) {
      csv.write(separator);
      separator = ",";
      if (value != null) {
        String text = value.toString();
        boolean isPlain =
            !text.isEmpty()
                && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        csv.write(isPlain ? text : '"' + text.replace("\"", "\"\"") + '"');
      }
    }
    csv.write("\r\n");
  }

  private static void writeArrow(RowStream rows, OutputStream output, BufferAllocator allocator)
      throws IOException {
    try (ArrowBatches batches = new ArrowBatches(rows, ClientTypes.EXACT, allocator)) {
      // not closed, as that would end the stream and the answer as if all rows had come
      ArrowStreamWriter writer =
          new ArrowStreamWriter(batches.root(), null, Channels.newChannel(output));
      writer.start();
      while (batches.next()) {
        writer.writeBatch();
      }
      writer.end();
    }
  }
}
