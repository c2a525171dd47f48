package org.chengmai.engine.flight;

import java.nio.charset.StandardCharsets;
import java.util.List;
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
import org.chengmai.engine.sql.ClientTypes;
import org.chengmai.engine.sql.TableShape;
import org.jspecify.annotations.Nullable;

/** Answers to Flight SQL's questions for catalogues, schemas, tables and kinds of tables. */
final class CatalogStreams {
  private CatalogStreams() {}

  static Schema shape(FlightSql.CommandGetTables command) {
    return command.getIncludeSchema()
        ? Schemas.GET_TABLES_SCHEMA
        : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA;
  }

  static void tables(
      String catalog,
      ClientTypes types,
      List<TableShape> tables,
      FlightSql.CommandGetTables command,
      BufferAllocator allocator,
      ServerStreamListener listener) {
    Pattern schemas =
        like(command.hasDbSchemaFilterPattern() ? command.getDbSchemaFilterPattern() : null);
    Pattern names =
        like(command.hasTableNameFilterPattern() ? command.getTableNameFilterPattern() : null);
    try (VectorSchemaRoot batch = VectorSchemaRoot.create(shape(command), allocator)) {
      int row = 0;
      for (TableShape table : tables) {
        if (schemas.matcher(table.library()).matches()
            && names.matcher(table.name()).matches()
            && (!command.hasCatalog() || command.getCatalog().equals(catalog))
            && (command.getTableTypesCount() == 0
                || command.getTableTypesList().contains(table.kind()))) {
          set(batch, "catalog_name", row, catalog);
          set(batch, "db_schema_name", row, table.library());
          set(batch, "table_name", row, table.name());
          set(batch, "table_type", row, table.kind());
          if (command.getIncludeSchema()) {
            ((VarBinaryVector) batch.getVector("table_schema"))
                .setSafe(row, types.of(table.shape()).serializeAsMessage());
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
