package org.chengmai.engine.flight;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.sql.FlightSqlProducer.Schemas;
import org.apache.arrow.flight.sql.impl.FlightSql;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.engine.sql.ArrowBatches;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/** Answers to Flight SQL's questions for catalogues, schemas, tables and kinds of tables. */
final class CatalogStreams {
  private CatalogStreams() {}

  /** A table as clients see it. */
  record Entry(String catalog, String schema, String table, String kind, Schema columns) {}

  /** The catalogue as {@link org.chengmai.engine.sql.SqlEngine#catalog()} tells it. */
  static List<Entry> entries(String catalog, List<Map<String, Object>> libraries) {
    List<Entry> entries = new ArrayList<>();
    for (Map<String, Object> library : libraries) {
      for (Map<String, Object> table : list(library, "tables")) {
        List<Table.Column> columns =
            list(table, "columns").stream()
                .map(
                    column ->
                        new Table.Column(
                            String.valueOf(column.get("name")), String.valueOf(column.get("type"))))
                .toList();
        entries.add(
            new Entry(
                catalog,
                String.valueOf(library.get("name")),
                String.valueOf(table.get("name")),
                String.valueOf(table.get("type")),
                ArrowBatches.schema(columns)));
      }
    }
    return entries;
  }

  @SuppressWarnings("unchecked") // maps that become JSON elsewhere
  private static List<Map<String, Object>> list(Map<String, Object> owner, String key) {
    return (List<Map<String, Object>>) Objects.requireNonNull(owner.get(key));
  }

  static Schema shape(FlightSql.CommandGetTables command) {
    return command.getIncludeSchema()
        ? Schemas.GET_TABLES_SCHEMA
        : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA;
  }

  static void tables(
      List<Entry> entries,
      FlightSql.CommandGetTables command,
      BufferAllocator allocator,
      ServerStreamListener listener) {
    Pattern schemas =
        like(command.hasDbSchemaFilterPattern() ? command.getDbSchemaFilterPattern() : null);
    Pattern tables =
        like(command.hasTableNameFilterPattern() ? command.getTableNameFilterPattern() : null);
    try (VectorSchemaRoot batch = VectorSchemaRoot.create(shape(command), allocator)) {
      int row = 0;
      for (Entry entry : entries) {
        if (schemas.matcher(entry.schema()).matches()
            && tables.matcher(entry.table()).matches()
            && (!command.hasCatalog() || command.getCatalog().equals(entry.catalog()))
            && (command.getTableTypesCount() == 0
                || command.getTableTypesList().contains(entry.kind()))) {
          set(batch, "catalog_name", row, entry.catalog());
          set(batch, "db_schema_name", row, entry.schema());
          set(batch, "table_name", row, entry.table());
          set(batch, "table_type", row, entry.kind());
          if (command.getIncludeSchema()) {
            ((VarBinaryVector) batch.getVector("table_schema"))
                .setSafe(row, entry.columns().serializeAsMessage());
          }
          row++;
        }
      }
      send(batch, row, listener);
    }
  }

  static void schemas(
      String catalog,
      List<String> names,
      FlightSql.CommandGetDbSchemas command,
      BufferAllocator allocator,
      ServerStreamListener listener) {
    Pattern wanted =
        like(command.hasDbSchemaFilterPattern() ? command.getDbSchemaFilterPattern() : null);
    boolean isOurs = !command.hasCatalog() || command.getCatalog().equals(catalog);
    try (VectorSchemaRoot batch = VectorSchemaRoot.create(Schemas.GET_SCHEMAS_SCHEMA, allocator)) {
      int row = 0;
      for (String name : names) {
        if (isOurs && wanted.matcher(name).matches()) {
          set(batch, "catalog_name", row, catalog);
          set(batch, "db_schema_name", row, name);
          row++;
        }
      }
      send(batch, row, listener);
    }
  }

  /** One column of texts. */
  static void texts(
      Schema shape, List<String> texts, BufferAllocator allocator, ServerStreamListener listener) {
    try (VectorSchemaRoot batch = VectorSchemaRoot.create(shape, allocator)) {
      for (int row = 0; row < texts.size(); row++) {
        set(batch, shape.getFields().get(0).getName(), row, texts.get(row));
      }
      send(batch, texts.size(), listener);
    }
  }

  private static void send(VectorSchemaRoot batch, int rows, ServerStreamListener listener) {
    batch.setRowCount(rows);
    listener.start(batch);
    listener.putNext();
    listener.completed();
  }

  private static void set(VectorSchemaRoot batch, String column, int row, String text) {
    ((VarCharVector) batch.getVector(column)).setSafe(row, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A pattern of SQL's LIKE; everything when absent. */
  private static Pattern like(@Nullable String pattern) {
    return Pattern.compile(
        pattern == null
            ? ".*"
            : pattern
                .codePoints()
                .mapToObj(
                    c -> c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining()),
        Pattern.DOTALL);
  }
}
