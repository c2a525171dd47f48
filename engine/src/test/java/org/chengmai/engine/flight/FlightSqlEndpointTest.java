package org.chengmai.engine.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.file.FileConfig;
import org.chengmai.connectors.file.FileConfig.FileTable;
import org.chengmai.connectors.flight.FlightConfig;
import org.chengmai.connectors.jdbc.SpokenSql;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drives the endpoint as Grafana's data source does: info, exactly one endpoint, its ticket on the
 * same connection.
 */
final class FlightSqlEndpointTest {
  @TempDir Path folder;
  private SqlEngine engine;
  private FlightSqlEndpoint endpoint;
  private final RootAllocator allocator = new RootAllocator();

  @BeforeEach
  void start() throws Exception {
    Path file = folder.resolve("air.csv");
    Files.writeString(file, "ts,region,v\n2026-01-01 00:10:00.5,城东,10\n2026-01-01 00:40:00,城西,\n");
    engine =
        new SqlEngine(
            List.of(
                new FileConfig(List.of(FileTable.of("air", file)), "128MB")
                    .open("base_env", folder.resolve("work"))),
            List.of(),
            new SqlLimits(1000, Duration.ofSeconds(6), 2, "256MB", Duration.ofSeconds(1)),
            Execution.FEDERATED,
            folder.resolve("spill"),
            InstantSource.system());
    endpoint =
        new FlightSqlEndpoint(
            "127.0.0.1",
            0,
            engine,
            token ->
                switch (token) {
                  case "secret" -> Optional.of(new Principal("ana", Role.ANALYST));
                  case "viewer" -> Optional.of(new Principal("vi", Role.VIEWER));
                  default -> Optional.empty();
                },
            null);
  }

  @AfterEach
  void stop() {
    endpoint.close();
    engine.close();
    allocator.close();
  }

  private static CallOption token(String token) {
    CallHeaders headers = new FlightCallHeaders();
    headers.insert("authorization", "Bearer " + token);
    headers.insert("database", "chengmai");
    return new HeaderCallOption(headers);
  }

  private FlightSqlClient client() {
    return new FlightSqlClient(
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", endpoint.port()))
            .build());
  }

  private List<List<Object>> rows(FlightSqlClient client, FlightInfo info) throws Exception {
    assertThat(info.getEndpoints()).hasSize(1);
    List<List<Object>> rows = new ArrayList<>();
    try (FlightStream stream =
        client.getStream(info.getEndpoints().get(0).getTicket(), token("secret"))) {
      while (stream.next()) {
        for (int row = 0; row < stream.getRoot().getRowCount(); row++) {
          List<Object> values = new ArrayList<>();
          for (FieldVector vector : stream.getRoot().getFieldVectors()) {
            Object value = vector.getObject(row);
            values.add(
                value instanceof org.apache.arrow.vector.util.Text text ? text.toString() : value);
          }
          rows.add(values);
        }
      }
    }
    return rows;
  }

  @Test
  void grafanasCallPatternGivesTheRowsInItsTypes() throws Exception {
    try (FlightSqlClient client = client()) {
      FlightInfo info =
          client.execute(
              "select ts as time, region, v, cast(v as decimal(10, 2)) as d, cast(ts as date) as day, v > 5 as high from base_env.air "
                  + "where ts >= '2026-01-01T00:00:00Z' AND ts <= '2026-01-02T00:00:00Z' order by time",
              token("secret"));
      assertThat(info.getSchemaOptional().orElseThrow().getFields())
          .extracting(Field::getType)
          .hasToString(
              "[Timestamp(NANOSECOND, UTC), Utf8, Int(64, true), FloatingPoint(DOUBLE), Timestamp(NANOSECOND, UTC), Bool]");
      assertThat(rows(client, info))
          .hasToString(
              "[[%d, 城东, 10, 10.0, %d, true], [%d, 城西, null, null, %d, null]]"
                  .formatted(
                      nanos("2026-01-01T00:10:00.500Z"),
                      nanos("2026-01-01T00:00:00Z"),
                      nanos("2026-01-01T00:40:00Z"),
                      nanos("2026-01-01T00:00:00Z")));
    }
  }

  private static long nanos(String time) {
    return Instant.parse(time).toEpochMilli() * 1_000_000;
  }

  @Test
  void theHealthCheckWorksWithAndWithoutText() throws Exception {
    try (FlightSqlClient client = client()) {
      assertThat(rows(client, client.execute("select 1", token("secret"))))
          .containsExactly(List.of(1L));
      assertThat(rows(client, client.execute("", token("secret")))).containsExactly(List.of(1L));
    }
  }

  @Test
  void aResultWithoutRowsHasASchema() throws Exception {
    try (FlightSqlClient client = client()) {
      assertThat(
              rows(
                  client,
                  client.execute("select * from base_env.air where v > 99", token("secret"))))
          .isEmpty();
    }
  }

  @Test
  void preparedStatementsWork() throws Exception {
    try (FlightSqlClient client = client()) {
      FlightSqlClient.PreparedStatement statement =
          client.prepare("select count(*) from base_env.air", token("secret"));
      assertThat(statement.getResultSetSchema().getFields()).hasSize(1);
      assertThat(rows(client, statement.execute(token("secret")))).containsExactly(List.of(2L));
      statement.close(token("secret"));
    }
  }

  @Test
  void theCatalogueTellsLibrariesTablesAndColumns() throws Exception {
    try (FlightSqlClient client = client()) {
      CallOption token = token("secret");
      assertThat(rows(client, client.getCatalogs(token))).containsExactly(List.of("chengmai"));
      assertThat(rows(client, client.getSchemas(null, "base%", token)))
          .containsExactly(List.of("chengmai", "base_env"));
      assertThat(rows(client, client.getTableTypes(token))).contains(List.of("VIEW"));
      assertThat(rows(client, client.getTables(null, "base_env", "a_r", null, false, token)))
          .containsExactly(List.of("chengmai", "base_env", "air", "BASE TABLE"));
      assertThat(rows(client, client.getTables(null, "base_env", "a", null, true, token)))
          .isEmpty();
      assertThatThrownBy(() -> rows(client, client.getCatalogs(token("viewer"))))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.UNAUTHORIZED));
    }
  }

  @Test
  void aClientThatLeavesEndsItsQuery() throws Exception {
    try (FlightSqlClient client = client()) {
      FlightInfo info =
          client.execute(
              "select a.v from base_env.air a, base_env.air b, %s"
                  .formatted(
                      IntStream.range(0, 22)
                          .mapToObj(i -> "base_env.air x" + i)
                          .collect(Collectors.joining(", "))),
              token("secret"));
      for (int i = 0; i < 4; i++) {
        try (FlightStream stream =
            client.getStream(info.getEndpoints().get(0).getTicket(), token("secret"))) {
          assertThat(stream.next()).isTrue();
          stream.cancel("enough", null);
        }
      }
      // both places for queries are free again
      assertThat(rows(client, client.execute("select 1", token("secret"))))
          .containsExactly(List.of(1L));
    }
  }

  @Test
  void clientsThatStopReadingHoldNobodyUp() throws Exception {
    // 300 MB, more than there is memory; two may run at a time
    String sql =
        "select %s from base_env.air a, base_env.air b, %s"
            .formatted(
                IntStream.range(0, 40)
                    .mapToObj(i -> "a.v + %d * b.v as c%d".formatted(i, i))
                    .collect(Collectors.joining(", ")),
                IntStream.range(0, 18)
                    .mapToObj(i -> "base_env.air x" + i)
                    .collect(Collectors.joining(", ")));
    try (FlightSqlClient client = client();
        FlightStream first = unread(client, sql);
        FlightStream second = unread(client, sql)) {
      assertThat(first).isNotSameAs(second);
      for (int tries = 0; !answersInTime(client); tries++) {
        assertThat(tries).as("seconds without an answer").isLessThan(15);
      }
      assertThatThrownBy(() -> drain(first)).hasMessageContaining("did not read on for PT6S");
    }
  }

  /** Whether a query gets a turn within the second that it waits for one. */
  private boolean answersInTime(FlightSqlClient client) throws Exception {
    try {
      return rows(client, client.execute("select 1", token("secret"))).size() == 1;
    } catch (FlightRuntimeException e) {
      return false;
    }
  }

  private static FlightStream unread(FlightSqlClient client, String sql) {
    FlightStream stream =
        client.getStream(
            client.execute(sql, token("secret")).getEndpoints().get(0).getTicket(),
            token("secret"));
    assertThat(stream.getRoot().getFieldVectors()).hasSize(40);
    return stream;
  }

  private static void drain(FlightStream stream) {
    while (stream.next()) {
      assertThat(stream.getRoot().getRowCount()).isPositive();
    }
  }

  @Test
  void memoryThatUnreadAnswersFillIsToldAsSuch() {
    assertThat(FlightErrors.translate(new OutOfMemoryException("full")).status())
        .satisfies(
            status -> {
              assertThat(status.code()).isEqualTo(FlightStatusCode.RESOURCE_EXHAUSTED);
              assertThat(status.description()).contains("have not read");
            });
  }

  @Test
  void anotherEngineFederatesOurLibraries() {
    FlightConfig config =
        new FlightConfig(
            URI.create("grpc://127.0.0.1:" + endpoint.port()),
            null,
            "secret",
            "base_env",
            SpokenSql.ANSI);
    try (SqlEngine other =
        new SqlEngine(
            List.of(config.open("far", folder.resolve("far"))),
            List.of(),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            folder.resolve("spill-far"),
            InstantSource.system())) {
      assertThat(other.health()).containsEntry("far", "");
      assertThat(
              other
                  .query(
                      SqlEngine.INTERNAL,
                      "select region, ts, v from far.air where v > 5 or ts > '2026-01-01T00:30:00Z' order by region")
                  .rows())
          .hasToString("[[城东, 2026-01-01T00:10:00.500Z, 10], [城西, 2026-01-01T00:40:00Z, null]]");
      assertThat(
              other
                  .fragments(SqlEngine.INTERNAL, "select ts from far.air where v > 5")
                  .get(0)
                  .getValue())
          .contains("WHERE \"v\" > 5");
    }
    FlightConfig stranger =
        new FlightConfig(config.address(), null, "wrong", "base_env", SpokenSql.ANSI);
    try (Source refused = stranger.open("far", folder)) {
      assertThatThrownBy(refused::check)
          .hasMessageContaining("far")
          .hasMessageContaining("UNAUTHENTICATED: the token is not known");
    }
  }

  @Test
  void errorsHaveTheCodesThatGrafanaUnderstands() throws Exception {
    try (FlightSqlClient client = client()) {
      assertThatThrownBy(() -> client.execute("select nope from base_env.air", token("secret")))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.INVALID_ARGUMENT))
          .hasMessageContaining("nope");
      assertThatThrownBy(() -> client.execute("select 1", token("wrong")))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.UNAUTHENTICATED));
      assertThatThrownBy(() -> client.execute("select 1"))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.UNAUTHENTICATED));
      assertThatThrownBy(() -> client.execute("select 1", token("viewer")))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.UNAUTHORIZED));
    }
  }
}
