package org.chengmai.engine.flight;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.List;
import org.apache.arrow.flight.BackpressureStrategy;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.NoOpFlightSqlProducer;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.engine.sql.ArrowBatches;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;

/**
 * Statements and prepared statements over {@link SqlEngine}. Tickets and handles are the SQL
 * itself, so the server keeps nothing between calls.
 *
 * <p>Grafana asks for the info of a statement, wants exactly one endpoint, and fetches its ticket
 * on the same connection.
 */
final class SqlProducer extends NoOpFlightSqlProducer {
  private final SqlEngine engine;
  private final BufferAllocator allocator;
  private final SqlInfoBuilder about =
      new SqlInfoBuilder()
          .withFlightSqlServerName("Chengmai")
          .withFlightSqlServerVersion("0.1")
          .withFlightSqlServerArrowVersion("18.3.0")
          .withFlightSqlServerReadOnly(true)
          .withFlightSqlServerSql(true)
          .withFlightSqlServerSubstrait(false)
          .withFlightSqlServerTransaction(
              FlightSql.SqlSupportedTransaction.SQL_SUPPORTED_TRANSACTION_NONE);

  SqlProducer(SqlEngine engine, BufferAllocator allocator) {
    this.engine = engine;
    this.allocator = allocator;
  }

  @Override
  public FlightInfo getFlightInfoStatement(
      FlightSql.CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return info(
        command.getQuery(),
        FlightSql.TicketStatementQuery.newBuilder()
            .setStatementHandle(command.getQueryBytes())
            .build(),
        context,
        descriptor);
  }

  @Override
  public SchemaResult getSchemaStatement(
      FlightSql.CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return new SchemaResult(schema(command.getQuery(), context));
  }

  @Override
  public void getStreamStatement(
      FlightSql.TicketStatementQuery ticket, CallContext context, ServerStreamListener listener) {
    run(ticket.getStatementHandle().toStringUtf8(), context, listener);
  }

  @Override
  public void createPreparedStatement(
      FlightSql.ActionCreatePreparedStatementRequest request,
      CallContext context,
      StreamListener<Result> listener) {
    try {
      FlightSql.ActionCreatePreparedStatementResult result =
          FlightSql.ActionCreatePreparedStatementResult.newBuilder()
              .setPreparedStatementHandle(request.getQueryBytes())
              .setDatasetSchema(serialized(schema(request.getQuery(), context)))
              .setParameterSchema(serialized(new Schema(List.of())))
              .build();
      listener.onNext(new Result(Any.pack(result).toByteArray()));
      listener.onCompleted();
    } catch (RuntimeException e) {
      listener.onError(FlightErrors.translate(e));
    }
  }

  private static ByteString serialized(Schema schema) {
    return ByteString.copyFrom(schema.serializeAsMessage());
  }

  @Override
  public void closePreparedStatement(
      FlightSql.ActionClosePreparedStatementRequest request,
      CallContext context,
      StreamListener<Result> listener) {
    listener.onCompleted();
  }

  @Override
  public FlightInfo getFlightInfoPreparedStatement(
      FlightSql.CommandPreparedStatementQuery command,
      CallContext context,
      FlightDescriptor descriptor) {
    return info(command.getPreparedStatementHandle().toStringUtf8(), command, context, descriptor);
  }

  @Override
  public void getStreamPreparedStatement(
      FlightSql.CommandPreparedStatementQuery command,
      CallContext context,
      ServerStreamListener listener) {
    run(command.getPreparedStatementHandle().toStringUtf8(), context, listener);
  }

  @Override
  public FlightInfo getFlightInfoSqlInfo(
      FlightSql.CommandGetSqlInfo request, CallContext context, FlightDescriptor descriptor) {
    return new FlightInfo(
        Schemas.GET_SQL_INFO_SCHEMA, descriptor, List.of(endpoint(request)), -1, -1);
  }

  @Override
  public void getStreamSqlInfo(
      FlightSql.CommandGetSqlInfo command, CallContext context, ServerStreamListener listener) {
    about.send(command.getInfoList(), listener);
  }

  private FlightInfo info(
      String sql, Message ticket, CallContext context, FlightDescriptor descriptor) {
    return new FlightInfo(schema(sql, context), descriptor, List.of(endpoint(ticket)), -1, -1);
  }

  private static FlightEndpoint endpoint(Message ticket) {
    return new FlightEndpoint(new Ticket(Any.pack(ticket).toByteArray()));
  }

  private Schema schema(String sql, CallContext context) {
    try {
      principal(context).require(Role.ANALYST, "running SQL");
      return ArrowBatches.schema(engine.check(sql));
    } catch (RuntimeException e) {
      throw FlightErrors.translate(e);
    }
  }

  private static Principal principal(CallContext context) {
    return context.getMiddleware(BearerToken.KEY).principal();
  }

  private void run(String sql, CallContext context, ServerStreamListener listener) {
    BackpressureStrategy pressure = new BackpressureStrategy.CallbackBackpressureStrategy();
    pressure.register(listener);
    try (RowStream rows =
            engine.stream(
                principal(context),
                sql,
                id -> listener.setOnCancelHandler(() -> engine.cancel(id)));
        ArrowBatches batches = new ArrowBatches(rows, allocator)) {
      boolean isStarted = false;
      while (batches.next()) {
        if (!isStarted) {
          // after the first batch, so that an error of the query arrives as one
          listener.start(batches.root());
          isStarted = true;
        }
        if (pressure.waitForListener(0) == BackpressureStrategy.WaitResult.CANCELLED) {
          return;
        }
        listener.putNext();
      }
      if (!isStarted) {
        listener.start(batches.root());
      }
      listener.completed();
    } catch (RuntimeException e) {
      FlightRuntimeException error = FlightErrors.translate(e);
      listener.error(error);
    }
  }
}
