package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.chengmai.engine.config.ServerConfig;
import org.chengmai.engine.config.UserConfig;
import org.chengmai.engine.flight.FlightSqlEndpoint;
import org.chengmai.engine.pgwire.PostgresEndpoint;
import org.chengmai.engine.sql.EndedQuery;
import org.chengmai.engine.sql.QueryAudit;
import org.chengmai.engine.sql.RandomSql;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.Via;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand random queries give the same answer by every interface. Numbers are compared by twelve
 * digits, because interfaces write them differently, and days as midnights. {@code
 * -Dchengmai.seed=N} runs one query alone and prints it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InterfacesIT {
  private static final MathContext DIGITS = new MathContext(12);
  private static final String TOKEN = "ana";
  private static final @Nullable Long ALONE = Long.getLong("chengmai.seed");

  /** As many queries run at a time as fit into the engine's places. */
  private static final int AT_A_TIME = 4;

  private final Vertx vertx = Vertx.vertx();
  private final RootAllocator allocator = new RootAllocator();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService askers = Executors.newFixedThreadPool(AT_A_TIME);
  private final BlockingQueue<Connections> connections = new ArrayBlockingQueue<>(AT_A_TIME);
  private final AtomicInteger refused = new AtomicInteger();
  private RandomSql random;
  private URI address;
  private FlightSqlEndpoint flight;
  private PostgresEndpoint postgres;
  private FlightSqlClient flightClient;

  /** Two to PostgreSQL's wire protocol: queries and values as text, and both in binary. */
  private record Connections(Connection text, Connection binary) implements AutoCloseable {
    @Override
    public void close() throws SQLException {
      text.close();
      binary.close();
    }
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    random = new RandomSql(folder);
    SqlEngine engine = random.engine();
    Users users = new Users(List.of(new UserConfig("ana", Users.hash(TOKEN), Role.ANALYST)));
    HttpFrontend frontend =
        new HttpFrontend(vertx, new ServerConfig("127.0.0.1", 0, 0, -1, -1), users);
    frontend.mount(
        List.of(
            new SqlRoutes(
                    engine,
                    allocator,
                    vertx.createSharedWorkerExecutor("sql", AT_A_TIME),
                    vertx.createSharedWorkerExecutor("looking", 1))
                ::mount));
    HttpServer server =
        frontend.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    address = URI.create("http://127.0.0.1:%d/api/v1/sql".formatted(server.actualPort()));
    flight = new FlightSqlEndpoint("127.0.0.1", 0, engine, users::byToken, null);
    flightClient =
        new FlightSqlClient(
            FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", flight.port()))
                .build());
    postgres =
        new PostgresEndpoint(
            vertx, "127.0.0.1", 0, engine, users::byToken, Duration.ofSeconds(30), null);
    for (int i = 0; i < AT_A_TIME; i++) {
      connections.add(
          new Connections(jdbc("?preferQueryMode=simple"), jdbc("?prepareThreshold=-1")));
    }
  }

  private Connection jdbc(String options) throws Exception {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/chengmai%s".formatted(postgres.port(), options),
        "ana",
        TOKEN);
  }

  @AfterAll
  void stop() throws Exception {
    askers.shutdownNow();
    for (Connections each : connections) {
      each.close();
    }
    flightClient.close();
    postgres.close();
    flight.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    random.close();
    allocator.close();
  }

  @Test
  void aWrongQueryIsToldOfByEveryInterface() throws Exception {
    List<EndedQuery> told = new CopyOnWriteArrayList<>();
    random
        .engine()
        .tell(
            new QueryAudit() {
              @Override
              public Duration slow() {
                return Duration.ofDays(1);
              }

              @Override
              public void ended(EndedQuery query) {
                told.add(query);
              }
            });
    String sql = "select nope from lf.events where id = %s";
    Connections own = connections.take();
    assertThatThrownBy(() -> overHttp(sql.formatted("1"), List.of())).hasMessageContaining("nope");
    assertThatThrownBy(() -> overHttp(parameter(sql.formatted("?")), List.of()))
        .hasMessageContaining("nope");
    assertThatThrownBy(() -> overFlight(sql.formatted("1"), List.of()))
        .hasMessageContaining("nope");
    assertThatThrownBy(() -> flightClient.prepare(sql.formatted("?"), token()))
        .hasMessageContaining("nope");
    assertThatThrownBy(() -> asText(own.text(), sql.formatted("1"), List.of()))
        .hasMessageContaining("nope");
    assertThatThrownBy(() -> asBinary(own.binary(), sql.formatted("1"), List.of()))
        .hasMessageContaining("nope");
    connections.add(own);
    random.engine().tell(QueryAudit.NONE);
    assertThat(told)
        .extracting(EndedQuery::via)
        .containsExactly(Via.HTTP, Via.HTTP, Via.FLIGHT, Via.FLIGHT, Via.PGWIRE, Via.PGWIRE);
    assertThat(told)
        .allSatisfy(
            query -> {
              assertThat(query.user()).isEqualTo("ana");
              assertThat(query.outcome()).isEqualTo(EndedQuery.Outcome.FAILED);
              assertThat(query.error().message()).contains("nope");
            });
  }

  private static String parameter(String sql) {
    return "{\"sql\": \"%s\", \"parameters\": [1]}".formatted(sql);
  }

  /** What came of a query: its rows as comparable texts, or why there are none. */
  private record Answer(List<String> rows, String error) {
    boolean isSame(Answer other) {
      return rows.equals(other.rows) && error.isEmpty() == other.error.isEmpty();
    }

    @Override
    public String toString() {
      return error.isEmpty() ? String.join("\n", rows) : "refused: " + error;
    }
  }

  private interface Asking {
    List<String> rows(String sql, List<String> types) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> everyInterfaceGivesTheSameAnswer() {
    List<Long> seeds =
        ALONE != null ? List.of(ALONE) : LongStream.rangeClosed(1, 1000).boxed().toList();
    List<DynamicTest> tests = new ArrayList<>();
    for (long seed : seeds) {
      Future<?> asked = askers.submit(() -> ask(seed));
      tests.add(DynamicTest.dynamicTest("seed " + seed, () -> finish(asked)));
    }
    tests.add(
        DynamicTest.dynamicTest(
            "nearly all of them run",
            () -> assertThat(refused.get()).isLessThanOrEqualTo(seeds.size() / 50)));
    return tests.stream();
  }

  private static void finish(Future<?> asked) throws Throwable {
    try {
      asked.get(5, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  private @Nullable Void ask(long seed) throws Exception {
    String sql = random.query(seed);
    if (ALONE != null) {
      System.out.println(sql);
    }
    List<String> types = new ArrayList<>();
    Map<String, Answer> answers = new LinkedHashMap<>();
    Answer expected = answer(seed, this::direct, sql, types);
    refused.addAndGet(expected.error.isEmpty() ? 0 : 1);
    answers.put("engine", expected);
    answers.put("HTTP", answer(seed, this::overHttp, sql, types));
    answers.put("Flight SQL", answer(seed, this::overFlight, sql, types));
    Connections own = connections.take();
    try {
      answers.put("PostgreSQL, text", answer(seed, (q, t) -> asText(own.text(), q, t), sql, types));
      answers.put(
          "PostgreSQL, binary", answer(seed, (q, t) -> asBinary(own.binary(), q, t), sql, types));
    } finally {
      connections.add(own);
    }
    if (!answers.values().stream().allMatch(expected::isSame)) {
      StringBuilder text = new StringBuilder("seed %d%n%s%n".formatted(seed, sql));
      answers.forEach((by, answer) -> text.append("%n-- %s%n%s%n".formatted(by, answer)));
      throw new AssertionError(text.toString());
    }
    return null;
  }

  private Answer answer(long seed, Asking asking, String sql, List<String> types) {
    try {
      List<String> rows = new ArrayList<>(asking.rows(sql, types));
      if (!random.isOrdered(seed)) {
        Collections.sort(rows);
      }
      return new Answer(rows, "");
    } catch (Exception e) {
      return new Answer(List.of(), String.valueOf(e));
    }
  }

  /** Without an interface; tells the types. */
  private List<String> direct(String sql, List<String> types) {
    Table table = random.engine().query(SqlEngine.INTERNAL, sql);
    table.columns().forEach(column -> types.add(column.type()));
    return table.rows().stream().map(row -> row(row, types)).toList();
  }

  private List<String> overHttp(String sql, List<String> types) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(sql))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.body());
    }
    List<String> rows = new ArrayList<>();
    for (JsonNode row : new ObjectMapper().readTree(response.body()).path("rows")) {
      List<@Nullable Object> values = new ArrayList<>();
      row.forEach(value -> values.add(value.isNull() ? null : value.asText()));
      rows.add(row(values, types));
    }
    return rows;
  }

  private static CallOption token() {
    FlightCallHeaders headers = new FlightCallHeaders();
    headers.insert("authorization", "Bearer " + TOKEN);
    return new HeaderCallOption(headers);
  }

  private List<String> overFlight(String sql, List<String> types) throws Exception {
    FlightInfo info = flightClient.execute(sql, token());
    List<String> rows = new ArrayList<>();
    try (FlightStream stream =
        flightClient.getStream(info.getEndpoints().get(0).getTicket(), token())) {
      while (stream.next()) {
        for (int i = 0; i < stream.getRoot().getRowCount(); i++) {
          List<@Nullable Object> values = new ArrayList<>();
          for (FieldVector vector : stream.getRoot().getFieldVectors()) {
            values.add(
                vector instanceof TimeStampMicroTZVector && !vector.isNull(i)
                    ? Instant.EPOCH.plus((Long) vector.getObject(i), ChronoUnit.MICROS)
                    : vector instanceof DateDayVector && !vector.isNull(i)
                        ? LocalDate.ofEpochDay((Integer) vector.getObject(i))
                        : vector.getObject(i));
          }
          rows.add(row(values, types));
        }
      }
    }
    return rows;
  }

  private static List<String> asText(Connection text, String sql, List<String> types)
      throws Exception {
    try (Statement statement = text.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return rows(result, types);
    }
  }

  private static List<String> asBinary(Connection binary, String sql, List<String> types)
      throws Exception {
    try (PreparedStatement statement = binary.prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      return rows(result, types);
    }
  }

  private static List<String> rows(ResultSet result, List<String> types) throws Exception {
    List<String> rows = new ArrayList<>();
    while (result.next()) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int i = 1; i <= types.size(); i++) {
        values.add(
            switch (types.get(i - 1)) {
              case "TIMESTAMP" -> instant(result.getObject(i, OffsetDateTime.class));
              case "BOOLEAN" -> result.getObject(i);
              default -> result.getString(i);
            });
      }
      rows.add(row(values, types));
    }
    return rows;
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static String row(List<@Nullable Object> values, List<String> types) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      texts.add(value == null ? "null" : text(value, types.get(i)));
    }
    return String.join(" | ", texts);
  }

  private static String text(Object value, String type) {
    return switch (type) {
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "REAL", "FLOAT", "DOUBLE" ->
          BigDecimal.valueOf(Double.parseDouble(value.toString()))
              .round(DIGITS)
              .stripTrailingZeros()
              .toPlainString();
      case "TIMESTAMP", "DATE" -> time(value).toString();
      default -> value.toString();
    };
  }

  private static Instant time(Object value) {
    String text = value.toString();
    return text.length() == 10
        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
        : Instant.parse(text);
  }
}
