package org.chengmai.engine.bench;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.auth2.BearerCredentialWriter;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;

/** A connected client that looks one resident up by the key. Not thread-safe. */
interface LookUpClient extends AutoCloseable {
  String SQL = "select id, name, district, age from %sresident where id = ";
  String OURS = SQL.formatted("people.");

  /** By which protocol, and how. */
  enum Way {
    FLIGHT,
    FLIGHT_PREPARED,
    POSTGRES,
    POSTGRES_PREPARED,
    HTTP,

    /** The source itself, for comparison. */
    SOURCE
  }

  /**
   * Where servers are, and the user that asks.
   *
   * @param http base address
   * @param source JDBC address of the database that has the residents
   */
  record Addresses(
      String http,
      int flightPort,
      int postgresPort,
      String user,
      String token,
      String source,
      String sourceUser,
      String sourcePassword) {}

  /** Asks, and returns when the first row is there; the only one. */
  void lookUp(long key) throws Exception;

  @Override
  void close() throws Exception;

  /** Fails unless the row is the one that was asked for. */
  static void check(long key, long id) {
    if (id != key) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "resident %d came in place of %d".formatted(id, key));
    }
  }

  /** A client with a connection of its own. */
  static LookUpClient connect(Way way, Addresses to, BufferAllocator allocator, Vertx vertx)
      throws Exception {
    String ours = "jdbc:postgresql://127.0.0.1:%d/chengmai".formatted(to.postgresPort());
    return switch (way) {
      case FLIGHT -> new Flight(to, allocator);
      case FLIGHT_PREPARED -> new PreparedFlight(to, allocator);
      case POSTGRES -> new Postgres(ours, to.user(), to.token());
      case POSTGRES_PREPARED -> new PreparedPostgres(ours, to.user(), to.token(), OURS);
      case HTTP -> new Http(to, vertx);
      case SOURCE ->
          new PreparedPostgres(
              to.source(), to.sourceUser(), to.sourcePassword(), SQL.formatted(""));
    };
  }

  /** Flight SQL's connection and token. */
  final class FlightConnection implements AutoCloseable {
    final FlightSqlClient client;
    final CallOption token;

    FlightConnection(Addresses to, BufferAllocator allocator) {
      client =
          new FlightSqlClient(
              FlightClient.builder(
                      allocator, Location.forGrpcInsecure("127.0.0.1", to.flightPort()))
                  .build());
      token = new CredentialCallOption(new BearerCredentialWriter(to.token()));
    }

    /** The rows of what a statement's info names. */
    FlightStream stream(FlightInfo info) {
      return client.getStream(info.getEndpoints().get(0).getTicket(), token);
    }

    void check(FlightInfo info, long key) throws Exception {
      try (FlightStream rows = stream(info)) {
        boolean unused = rows.next();
        LookUpClient.check(key, ((BigIntVector) rows.getRoot().getVector(0)).get(0));
      }
    }

    @Override
    public void close() throws Exception {
      client.close();
    }
  }

  /** Statements with the key as a literal. */
  final class Flight implements LookUpClient {
    private final FlightConnection connection;

    Flight(Addresses to, BufferAllocator allocator) {
      connection = new FlightConnection(to, allocator);
    }

    @Override
    public void lookUp(long key) throws Exception {
      connection.check(connection.client.execute(OURS + key, connection.token), key);
    }

    @Override
    public void close() throws Exception {
      connection.close();
    }
  }

  /** One statement, prepared once. */
  final class PreparedFlight implements LookUpClient {
    private final FlightConnection connection;
    private final FlightSqlClient.PreparedStatement statement;
    private final VectorSchemaRoot parameters;

    PreparedFlight(Addresses to, BufferAllocator allocator) {
      connection = new FlightConnection(to, allocator);
      statement = connection.client.prepare(OURS + "?", connection.token);
      parameters = VectorSchemaRoot.create(statement.getParameterSchema(), allocator);
    }

    @Override
    public void lookUp(long key) throws Exception {
      ((BigIntVector) parameters.getVector(0)).setSafe(0, key);
      parameters.setRowCount(1);
      statement.setParameters(parameters);
      connection.check(statement.execute(connection.token), key);
    }

    @Override
    public void close() throws Exception {
      statement.close(connection.token);
      parameters.close();
      connection.close();
    }
  }

  /** Simple queries with the key as a literal. */
  final class Postgres implements LookUpClient {
    private final Connection connection;
    private final Statement statement;

    Postgres(String address, String user, String password) throws SQLException {
      Properties properties = new Properties();
      properties.setProperty("user", user);
      properties.setProperty("password", password);
      properties.setProperty("preferQueryMode", "simple");
      connection = DriverManager.getConnection(address, properties);
      statement = connection.createStatement();
    }

    @Override
    public void lookUp(long key) throws SQLException {
      try (ResultSet rows = statement.executeQuery(OURS + key)) {
        boolean unused = rows.next();
        check(key, rows.getLong(1));
      }
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  /** One statement, which the driver prepares on the server after its fifth run. */
  final class PreparedPostgres implements LookUpClient {
    private final Connection connection;
    private final PreparedStatement statement;

    PreparedPostgres(String address, String user, String password, String sql) throws SQLException {
      connection = DriverManager.getConnection(address, user, password);
      statement = connection.prepareStatement(sql + "?");
    }

    @Override
    public void lookUp(long key) throws SQLException {
      statement.setLong(1, key);
      try (ResultSet rows = statement.executeQuery()) {
        boolean unused = rows.next();
        check(key, rows.getLong(1));
      }
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  /** JSON by HTTP/1.1 on one kept connection. */
  final class Http implements LookUpClient {
    private static final int SECONDS = 90;

    private final Context context;
    private final HttpClient client;
    private final RequestOptions request;

    Http(Addresses to, Vertx vertx) {
      context = vertx.getOrCreateContext();
      client =
          vertx.createHttpClient(
              new HttpClientOptions().setKeepAliveTimeout(600),
              new PoolOptions().setHttp1MaxSize(1));
      request =
          new RequestOptions()
              .setAbsoluteURI(to.http() + "/api/v1/sql?format=json")
              .setMethod(HttpMethod.POST)
              .putHeader("Authorization", "Bearer " + to.token());
    }

    @Override
    public void lookUp(long key) throws Exception {
      Promise<Buffer> body = Promise.promise();
      // on the connection's own thread, or an answer could be over before its body is asked for
      context.runOnContext(
          now ->
              client
                  .request(request)
                  .compose(ready -> ready.send(Buffer.buffer(OURS + key)))
                  .compose(HttpClientResponse::body)
                  .onComplete(body));
      Buffer answer =
          body.future().toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
      check(key, Json.mapper().readTree(answer.getBytes()).at("/rows/0/0").asLong(-1));
    }

    @Override
    public void close() throws Exception {
      client.close().toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }
  }
}
