package org.chengmai.connectors.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.chengmai.connectors.duckdb.DuckDbSource;
import org.chengmai.connectors.duckdb.DuckDbTable;

/**
 * A JSON document with all its pages, fetched again when its cache has run out; nested objects
 * become columns {@code outer_inner}.
 */
final class JsonHttpTable implements DuckDbTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonHttpConfig.JsonTable config;
  private final HttpClient http;
  private long fetchedAt;
  private boolean isFetched;

  JsonHttpTable(JsonHttpConfig.JsonTable config) {
    this.config = config;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(config.timeout())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public boolean isStale() {
    return !isFetched || System.nanoTime() - fetchedAt > config.cache().toNanos();
  }

  @Override
  public void load(Statement duckDb, Path work) throws IOException, SQLException {
    isFetched = false;
    Path lines = work.resolve(name() + ".ndjson");
    try (BufferedWriter writer = Files.newBufferedWriter(lines, StandardCharsets.UTF_8)) {
      new JsonPages(config, http)
          .read(
              rows -> {
                for (JsonNode row : rows) {
                  ObjectNode flat = JSON.createObjectNode();
                  flatten("", row, flat);
                  writer.write(JSON.writeValueAsString(flat));
                  writer.newLine();
                }
              });
    }
    // -1: the types come from every row, so that a fraction in the last one is not cut off
    duckDb.execute(
        "CREATE OR REPLACE TABLE %s AS SELECT * FROM read_json(%s, format = 'newline_delimited', records = true, sample_size = -1%s)"
            .formatted(
                DuckDbSource.quoted(name()),
                DuckDbSource.literal(lines.toString()),
                config.types().isEmpty()
                    ? ""
                    : ", columns = " + DuckDbSource.struct(config.types())));
    DuckDbSource.toUtc(duckDb, name(), config.zone());
    DuckDbSource.textTimesToUtc(duckDb, name(), config.zone());
    Files.deleteIfExists(lines);
    fetchedAt = System.nanoTime();
    isFetched = true;
  }

  private static void flatten(String prefix, JsonNode row, ObjectNode into) throws IOException {
    if (!row.isObject()) {
      into.set(prefix.isEmpty() ? "value" : prefix, row);
      return;
    }
    for (Map.Entry<String, JsonNode> field : row.properties()) {
      String name = prefix.isEmpty() ? field.getKey() : prefix + "_" + field.getKey();
      if (field.getValue().isObject()) {
        flatten(name, field.getValue(), into);
      } else if (field.getValue().isArray()) {
        into.put(name, JSON.writeValueAsString(field.getValue()));
      } else {
        into.set(name, field.getValue());
      }
    }
  }
}
