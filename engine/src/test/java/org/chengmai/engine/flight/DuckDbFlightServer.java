package org.chengmai.engine.flight;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.BackpressureStrategy;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.NoOpFlightSqlProducer;
import org.apache.arrow.flight.sql.impl.FlightSql;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.engine.sql.ClientTypes;
import org.chengmai.engine.sql.TableShape;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;

/** Somebody's Flight SQL server: a DuckDB with all its types. */
public final class DuckDbFlightServer extends NoOpFlightSqlProducer {
  private static final int ROWS = 50_000;

  private final BufferAllocator allocator = new RootAllocator(256L << 20);
  private final ExecutorService streams = Executors.newCachedThreadPool();
  private final DuckDBConnection root;
  private final FlightServer server;

  /**
   * @param statements to begin with
   */
  public DuckDbFlightServer(List<String> statements) throws SQLException, IOException {
    Properties settings = new Properties();
    settings.setProperty("integer_division", "true");
    settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    root = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
    try (Statement statement = root.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    server =
        FlightServer.builder(allocator, Location.forGrpcInsecure("127.0.0.1", 0), this)
            .build()
            .start();
  }

  public int port() {
    return server.getPort();
  }

  private Connection connect() throws SQLException {
    Connection connection = root.duplicate();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
    }
    return connection;
  }

  @Override
  public FlightInfo getFlightInfoStatement(
      FlightSql.CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    try (Connection connection = connect();
        Statement statement = connection.prepareStatement(command.getQuery())) {
      return info(
          new Schema(List.of()),
          FlightSql.TicketStatementQuery.newBuilder()
              .setStatementHandle(command.getQueryBytes())
              .build(),
          descriptor);
    } catch (SQLException e) {
      throw CallStatus.INVALID_ARGUMENT.withDescription(e.getMessage()).toRuntimeException();
    }
  }

  private static FlightInfo info(Schema shape, Message ticket, FlightDescriptor descriptor) {
    return new FlightInfo(
        shape,
        descriptor,
        List.of(new FlightEndpoint(new Ticket(Any.pack(ticket).toByteArray()))),
        -1,
        -1);
  }

  @Override
  public void getStreamStatement(
      FlightSql.TicketStatementQuery ticket, CallContext context, ServerStreamListener listener) {
    // gRPC tells of cancelling and of readiness only once this call has returned
    streams.execute(() -> stream(ticket, listener));
  }

  private void stream(FlightSql.TicketStatementQuery ticket, ServerStreamListener listener) {
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement(ticket.getStatementHandle().toStringUtf8())) {
      BackpressureStrategy pressure =
          new BackpressureStrategy.CallbackBackpressureStrategy() {
            @Override
            protected void cancelCallback() {
              stop(statement);
            }
          };
      pressure.register(listener);
      try (ResultSet rows = statement.executeQuery();
          ArrowReader batches =
              (ArrowReader) rows.unwrap(DuckDBResultSet.class).arrowExportStream(allocator, ROWS)) {
        listener.start(batches.getVectorSchemaRoot());
        while (!listener.isCancelled() && batches.loadNextBatch()) {
          if (pressure.waitForListener(0) == BackpressureStrategy.WaitResult.CANCELLED) {
            return;
          }
          listener.putNext();
        }
        listener.completed();
      }
    } catch (SQLException | IOException e) {
      listener.error(CallStatus.INTERNAL.withDescription(e.getMessage()).toRuntimeException());
    }
  }

  private static void stop(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      // it is over
    }
  }

  @Override
  public FlightInfo getFlightInfoTables(
      FlightSql.CommandGetTables request, CallContext context, FlightDescriptor descriptor) {
    return info(CatalogStreams.shape(request), request, descriptor);
  }

  @Override
  public void getStreamTables(
      FlightSql.CommandGetTables command, CallContext context, ServerStreamListener listener) {
    try {
      CatalogStreams.tables("memory", ClientTypes.EXACT, entries(), command, allocator, listener);
    } catch (SQLException | IOException e) {
      listener.error(CallStatus.INTERNAL.withDescription(e.getMessage()).toRuntimeException());
    }
  }

  private List<TableShape> entries() throws SQLException, IOException {
    List<TableShape> entries = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      List<List<String>> names = new ArrayList<>();
      try (ResultSet tables =
          statement.executeQuery("SELECT schema_name, table_name FROM duckdb_tables()")) {
        while (tables.next()) {
          names.add(List.of(tables.getString(1), tables.getString(2)));
        }
      }
      for (List<String> name : names) {
        try (ResultSet none =
                statement.executeQuery(
                    "SELECT * FROM \"%s\".\"%s\" LIMIT 0".formatted(name.get(0), name.get(1)));
            ArrowReader shape =
                (ArrowReader)
                    none.unwrap(DuckDBResultSet.class).arrowExportStream(allocator, ROWS)) {
          entries.add(
              new TableShape(
                  name.get(0), name.get(1), "TABLE", shape.getVectorSchemaRoot().getSchema()));
        }
      }
    }
    return entries;
  }

  @Override
  public void close() throws Exception {
    server.shutdown();
    server.awaitTermination();
    streams.shutdown();
    streams.awaitTermination(10, TimeUnit.SECONDS);
    root.close();
    allocator.close();
  }
}
