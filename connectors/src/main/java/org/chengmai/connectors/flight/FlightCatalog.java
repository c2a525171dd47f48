package org.chengmai.connectors.flight;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.connectors.Breaker;
import org.chengmai.connectors.pushdown.CatalogConnection;
import org.jspecify.annotations.Nullable;

/** The tables of one schema of a Flight SQL server; columns of nested types are left out. */
final class FlightCatalog implements CatalogConnection.Catalog {
  private final FlightSqlClient client;
  private final String schema;
  private final Breaker.Attempt<CallOption> login;
  private final Breaker breaker;

  FlightCatalog(
      FlightSqlClient client, String schema, Breaker.Attempt<CallOption> login, Breaker breaker) {
    this.client = client;
    this.schema = schema;
    this.login = login;
    this.breaker = breaker;
  }

  /** Adds what a row of a batch tells. */
  private interface Row {
    void add(VectorSchemaRoot batch, int row, List<@Nullable Object[]> to) throws IOException;
  }

  private List<@Nullable Object[]> rows(@Nullable String table, boolean withColumns, Row taker)
      throws SQLException {
    return FlightErrors.translated(
        breaker,
        () -> {
          CallOption caller = login.run();
          List<@Nullable Object[]> rows = new ArrayList<>();
          for (FlightEndpoint endpoint :
              client.getTables(null, schema, table, null, withColumns, caller).getEndpoints()) {
            try (FlightStream stream = client.getStream(endpoint.getTicket(), caller)) {
              while (stream.next()) {
                VectorSchemaRoot batch = stream.getRoot();
                for (int row = 0; row < batch.getRowCount(); row++) {
                  // the patterns take '_' for any character, so names are compared again
                  if (text(batch, "db_schema_name", row).equals(schema)
                      && (table == null || text(batch, "table_name", row).equals(table))) {
                    taker.add(batch, row, rows);
                  }
                }
              }
            } catch (SQLException | RuntimeException e) {
              throw e;
            } catch (Exception e) {
              throw new SQLException("the tables of %s cannot be read".formatted(schema), e);
            }
          }
          return rows;
        });
  }

  private static String text(VectorSchemaRoot batch, String column, int row) {
    return String.valueOf(batch.getVector(column).getObject(row));
  }

  @Override
  public List<@Nullable Object[]> tables() throws SQLException {
    return rows(
        null,
        false,
        (batch, row, to) ->
            to.add(new @Nullable Object[] {null, schema, text(batch, "table_name", row), "TABLE"}));
  }

  @Override
  public List<@Nullable Object[]> columns(String table) throws SQLException {
    return rows(
        table,
        true,
        (batch, row, to) -> {
          byte[] bytes = ((VarBinaryVector) batch.getVector("table_schema")).get(row);
          Schema shape =
              MessageSerializer.deserializeSchema(
                  new ReadChannel(Channels.newChannel(new ByteArrayInputStream(bytes))));
          shape.getFields().forEach(field -> add(table, field, to));
        });
  }

  private void add(String table, Field field, List<@Nullable Object[]> columns) {
    ArrowType type = field.getType();
    int jdbc = jdbcType(type);
    if (jdbc == Types.OTHER) {
      return;
    }
    int size =
        type instanceof ArrowType.Decimal decimal
            ? decimal.getPrecision()
            : jdbc == Types.DECIMAL ? 20 : jdbc == Types.VARCHAR ? 65_536 : 0;
    int scale =
        type instanceof ArrowType.Decimal decimal
            ? decimal.getScale()
            : jdbc == Types.TIMESTAMP ? 3 : 0;
    columns.add(
        new @Nullable Object[] {
          null,
          schema,
          table,
          field.getName(),
          jdbc,
          type.toString(),
          size,
          null,
          scale,
          10,
          field.isNullable() ? 1 : 0
        });
  }

  private static int jdbcType(ArrowType type) {
    return switch (type.getTypeID()) {
      case Bool -> Types.BOOLEAN;
      case Int -> integer((ArrowType.Int) type);
      case FloatingPoint ->
          switch (((ArrowType.FloatingPoint) type).getPrecision()) {
            case SINGLE -> Types.REAL;
            case DOUBLE -> Types.DOUBLE;
            default -> Types.OTHER;
          };
      case Decimal -> ((ArrowType.Decimal) type).getBitWidth() == 128 ? Types.DECIMAL : Types.OTHER;
      case Utf8, LargeUtf8 -> Types.VARCHAR;
      case Binary, LargeBinary, FixedSizeBinary -> Types.VARBINARY;
      case Date -> Types.DATE;
      case Time -> Types.TIME;
      case Timestamp -> Types.TIMESTAMP;
      default -> Types.OTHER;
    };
  }

  /** One without a sign needs the next size. */
  private static int integer(ArrowType.Int type) {
    return switch (type.getIsSigned() ? type.getBitWidth() : type.getBitWidth() * 2) {
      case 8 -> Types.TINYINT;
      case 16 -> Types.SMALLINT;
      case 32 -> Types.INTEGER;
      case 64 -> Types.BIGINT;
      default -> Types.DECIMAL;
    };
  }
}
