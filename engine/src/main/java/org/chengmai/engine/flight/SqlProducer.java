package org.chengmai.engine.flight;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.arrow.flight.BackpressureStrategy;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.NoOpFlightSqlProducer;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.engine.sql.ArrowBatches;
import org.chengmai.engine.sql.ClientTypes;
import org.chengmai.engine.sql.ParameterVectors;
import org.chengmai.engine.sql.PreparedQuery;
import org.chengmai.engine.sql.QueryRequest;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.Via;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.jspecify.annotations.Nullable;

/**
 * Statements and prepared statements over {@link SqlEngine}. Tickets of statements are the SQL
 * itself, so that the server keeps nothing of them between calls but a plan in the engine's cache.
 *
 * <p>Grafana asks for the info of a statement, wants exactly one endpoint, and fetches its ticket
 * on the same connection.
 */
final class SqlProducer extends NoOpFlightSqlProducer {
  /** Libraries are the schemas of one catalogue. */
  private static final String CATALOG = "chengmai";

  private static final String READING = "reading the catalogue";

  private final SqlEngine engine;
  private final BufferAllocator allocator;
  private final Executor streams;
  private final PreparedStatements statements = new PreparedStatements();
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

  /**
   * @param streams where results are written, which may wait for a client
   */
  SqlProducer(SqlEngine engine, BufferAllocator allocator, Executor streams) {
    this.engine = engine;
    this.allocator = allocator;
    this.streams = streams;
  }

  @Override
  public FlightInfo getFlightInfoStatement(
      FlightSql.CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return info(
        schema(command, context),
        FlightSql.TicketStatementQuery.newBuilder()
            .setStatementHandle(command.getQueryBytes())
            .build(),
        descriptor);
  }

  @Override
  public SchemaResult getSchemaStatement(
      FlightSql.CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return new SchemaResult(schema(command, context));
  }

  @Override
  public void getStreamStatement(
      FlightSql.TicketStatementQuery ticket, CallContext context, ServerStreamListener listener) {
    String sql = ticket.getStatementHandle().toStringUtf8();
    start(principal -> QueryRequest.of(principal, Via.FLIGHT, sql), context, listener);
  }

  @Override
  public void createPreparedStatement(
      FlightSql.ActionCreatePreparedStatementRequest request,
      CallContext context,
      StreamListener<Result> listener) {
    answer(
        listener,
        () -> {
          refuseTransaction(request.hasTransactionId());
          PreparedQuery query = prepared(request.getQuery(), context);
          return new Result(
              Any.pack(
                      FlightSql.ActionCreatePreparedStatementResult.newBuilder()
                          .setPreparedStatementHandle(statements.add(principal(context), query))
                          .setDatasetSchema(serialized(types(context).of(query.shape())))
                          .setParameterSchema(serialized(ParameterVectors.schema(query)))
                          .build())
                  .toByteArray());
        });
  }

  private static ByteString serialized(Schema schema) {
    return ByteString.copyFrom(schema.serializeAsMessage());
  }

  /** Answers one thing, or why not. */
  private static <T> void answer(StreamListener<T> listener, Supplier<T> answer) {
    try {
      listener.onNext(answer.get());
      listener.onCompleted();
    } catch (RuntimeException e) {
      listener.onError(FlightErrors.translate(e));
    }
  }

  @Override
  public void closePreparedStatement(
      FlightSql.ActionClosePreparedStatementRequest request,
      CallContext context,
      StreamListener<Result> listener) {
    statements.remove(principal(context), request.getPreparedStatementHandle());
    listener.onCompleted();
  }

  /** Takes one row of values, which hold until others come. */
  @Override
  public Runnable acceptPutPreparedStatementQuery(
      FlightSql.CommandPreparedStatementQuery command,
      CallContext context,
      FlightStream stream,
      StreamListener<PutResult> listener) {
    return () -> {
      try {
        List<@Nullable Object> values = null;
        while (stream.next()) {
          for (int row = 0; row < stream.getRoot().getRowCount(); row++) {
            if (values != null) {
              throw new ChengmaiException(
                  ErrorCode.INVALID_INPUT, "a query runs for one row of values, not for several");
            }
            values = ParameterVectors.values(stream.getRoot(), row);
          }
        }
        statements.bind(
            principal(context),
            command.getPreparedStatementHandle(),
            values == null ? Collections.emptyList() : values);
        listener.onCompleted();
      } catch (RuntimeException e) {
        listener.onError(FlightErrors.translate(e));
      }
    };
  }

  @Override
  public FlightInfo getFlightInfoPreparedStatement(
      FlightSql.CommandPreparedStatementQuery command,
      CallContext context,
      FlightDescriptor descriptor) {
    return info(
        types(context).of(statement(command, context).query().shape()), command, descriptor);
  }

  @Override
  public SchemaResult getSchemaPreparedStatement(
      FlightSql.CommandPreparedStatementQuery command,
      CallContext context,
      FlightDescriptor descriptor) {
    return new SchemaResult(types(context).of(statement(command, context).query().shape()));
  }

  @Override
  public void getStreamPreparedStatement(
      FlightSql.CommandPreparedStatementQuery command,
      CallContext context,
      ServerStreamListener listener) {
    PreparedStatements.Statement statement = statement(command, context);
    start(
        principal -> QueryRequest.of(principal, Via.FLIGHT, statement.query(), statement.values()),
        context,
        listener);
  }

  private PreparedStatements.Statement statement(
      FlightSql.CommandPreparedStatementQuery command, CallContext context) {
    try {
      return statements.find(principal(context), command.getPreparedStatementHandle());
    } catch (RuntimeException e) {
      throw FlightErrors.translate(e);
    }
  }

  @Override
  public void beginTransaction(
      FlightSql.ActionBeginTransactionRequest request,
      CallContext context,
      StreamListener<FlightSql.ActionBeginTransactionResult> listener) {
    answer(
        listener,
        () -> {
          throw noTransactions();
        });
  }

  private static void refuseTransaction(boolean isWanted) {
    if (isWanted) {
      throw noTransactions();
    }
  }

  private static ChengmaiException noTransactions() {
    return new ChengmaiException(
        ErrorCode.INVALID_INPUT,
        "queries run here without transactions: each sees its sources as they are; leave the transaction out");
  }

  @Override
  public FlightInfo getFlightInfoSqlInfo(
      FlightSql.CommandGetSqlInfo request, CallContext context, FlightDescriptor descriptor) {
    return info(Schemas.GET_SQL_INFO_SCHEMA, request, descriptor);
  }

  @Override
  public FlightInfo getFlightInfoCatalogs(
      FlightSql.CommandGetCatalogs request, CallContext context, FlightDescriptor descriptor) {
    return info(context, Schemas.GET_CATALOGS_SCHEMA, request, descriptor);
  }

  @Override
  public void getStreamCatalogs(CallContext context, ServerStreamListener listener) {
    catalog(
        context,
        listener,
        () ->
            CatalogStreams.texts(
                Schemas.GET_CATALOGS_SCHEMA, List.of(CATALOG), allocator, listener));
  }

  @Override
  public FlightInfo getFlightInfoSchemas(
      FlightSql.CommandGetDbSchemas request, CallContext context, FlightDescriptor descriptor) {
    return info(context, Schemas.GET_SCHEMAS_SCHEMA, request, descriptor);
  }

  @Override
  public void getStreamSchemas(
      FlightSql.CommandGetDbSchemas command, CallContext context, ServerStreamListener listener) {
    catalog(
        context,
        listener,
        () ->
            CatalogStreams.schemas(
                CATALOG,
                engine.catalog().stream()
                    .map(library -> String.valueOf(library.get("name")))
                    .toList(),
                command,
                allocator,
                listener));
  }

  @Override
  public FlightInfo getFlightInfoTableTypes(
      FlightSql.CommandGetTableTypes request, CallContext context, FlightDescriptor descriptor) {
    return info(context, Schemas.GET_TABLE_TYPES_SCHEMA, request, descriptor);
  }

  @Override
  public void getStreamTableTypes(CallContext context, ServerStreamListener listener) {
    catalog(
        context,
        listener,
        () ->
            CatalogStreams.texts(
                Schemas.GET_TABLE_TYPES_SCHEMA,
                List.of("BASE TABLE", "SYSTEM VIEW", "VIEW"),
                allocator,
                listener));
  }

  @Override
  public FlightInfo getFlightInfoTables(
      FlightSql.CommandGetTables request, CallContext context, FlightDescriptor descriptor) {
    return info(context, CatalogStreams.shape(request), request, descriptor);
  }

  @Override
  public void getStreamTables(
      FlightSql.CommandGetTables command, CallContext context, ServerStreamListener listener) {
    catalog(
        context,
        listener,
        () ->
            CatalogStreams.tables(
                CATALOG, types(context), engine.tables(), command, allocator, listener));
  }

  private static void catalog(CallContext context, ServerStreamListener listener, Runnable answer) {
    try {
      principal(context).require(Role.ANALYST, READING);
      answer.run();
    } catch (RuntimeException e) {
      listener.error(FlightErrors.translate(e));
    }
  }

  private static FlightInfo info(
      CallContext context, Schema shape, Message ticket, FlightDescriptor descriptor) {
    try {
      principal(context).require(Role.ANALYST, READING);
      return info(shape, ticket, descriptor);
    } catch (RuntimeException e) {
      throw FlightErrors.translate(e);
    }
  }

  private static FlightInfo info(Schema shape, Message ticket, FlightDescriptor descriptor) {
    return new FlightInfo(shape, descriptor, List.of(endpoint(ticket)), -1, -1);
  }

  @Override
  public void getStreamSqlInfo(
      FlightSql.CommandGetSqlInfo command, CallContext context, ServerStreamListener listener) {
    about.send(command.getInfoList(), listener);
  }

  private static FlightEndpoint endpoint(Message ticket) {
    return new FlightEndpoint(new Ticket(Any.pack(ticket).toByteArray()));
  }

  private Schema schema(FlightSql.CommandStatementQuery command, CallContext context) {
    try {
      refuseTransaction(command.hasTransactionId());
      QueryRequest request = QueryRequest.of(principal(context), Via.FLIGHT, command.getQuery());
      return types(context).of(engine.shape(request));
    } catch (RuntimeException e) {
      throw FlightErrors.translate(e);
    }
  }

  private PreparedQuery prepared(String sql, CallContext context) {
    return engine.prepare(QueryRequest.of(principal(context), Via.FLIGHT, sql), List.of());
  }

  private static Principal principal(CallContext context) {
    return context.getMiddleware(BearerToken.KEY).principal();
  }

  private static ClientTypes types(CallContext context) {
    return context.getMiddleware(BearerToken.KEY).types();
  }

  /** gRPC tells of cancelling and of readiness only once its own thread has returned. */
  private void start(
      Function<Principal, QueryRequest> request,
      CallContext context,
      ServerStreamListener listener) {
    BearerToken caller = context.getMiddleware(BearerToken.KEY);
    streams.execute(() -> run(request, caller, listener));
  }

  private void run(
      Function<Principal, QueryRequest> request,
      BearerToken caller,
      ServerStreamListener listener) {
    CompletableFuture<String> id = new CompletableFuture<>();
    // a handler of our own would replace the one that wakes who waits for a slow client
    BackpressureStrategy pressure =
        new BackpressureStrategy.CallbackBackpressureStrategy() {
          @Override
          protected void cancelCallback() {
            CompletableFuture<Void> unused = id.thenAccept(engine::cancel);
          }
        };
    pressure.register(listener);
    // each batch has new buffers, which nobody writes any more
    listener.setUseZeroCopy(true);
    try (RowStream rows = engine.stream(request.apply(caller.principal()), id::complete);
        ArrowBatches batches = new ArrowBatches(rows, caller.types(), allocator)) {
      boolean isStarted = false;
      while (batches.next()) {
        if (!isStarted) {
          // after the first batch, so that an error of the query arrives as one
          listener.start(batches.root());
          isStarted = true;
        }
        if (isCrowded() && !isRead(pressure)) {
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

  /**
   * While half of the memory is free, queries run ahead of their clients, which keeps both busy;
   * then each waits for its own.
   */
  private boolean isCrowded() {
    return allocator.getAllocatedMemory() > allocator.getLimit() / 2;
  }

  /** Waits for a client to read, as long as a query may run; false when it has gone away. */
  private boolean isRead(BackpressureStrategy pressure) {
    Duration most = engine.limits().time();
    return switch (pressure.waitForListener(most.toMillis())) {
      case READY -> true;
      case CANCELLED -> false;
      default ->
          throw new ChengmaiException(
              ErrorCode.RESOURCES,
              "the client did not read on for %s (limits.query_time), so that its query was ended for others to run"
                  .formatted(most));
    };
  }
}
