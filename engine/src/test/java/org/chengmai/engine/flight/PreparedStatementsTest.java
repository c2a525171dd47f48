package org.chengmai.engine.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.chengmai.engine.sql.SmallEngine;
import org.chengmai.engine.sql.SqlEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries with parameters by Flight SQL's own client. */
final class PreparedStatementsTest {
  @TempDir Path folder;
  private SqlEngine engine;
  private FlightSqlEndpoint endpoint;
  private final RootAllocator allocator = new RootAllocator();

  @BeforeEach
  void start() throws Exception {
    engine = SmallEngine.open(folder);
    endpoint = new FlightSqlEndpoint("127.0.0.1", 0, engine, SmallEngine::byToken, null);
  }

  @AfterEach
  void stop() {
    endpoint.close();
    engine.close();
    allocator.close();
  }

  private FlightSqlClient client() {
    return new FlightSqlClient(
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", endpoint.port()))
            .build());
  }

  private static CallOption token(String token) {
    CallHeaders headers = new FlightCallHeaders();
    headers.insert("authorization", "Bearer " + token);
    return new HeaderCallOption(headers);
  }

  @Test
  void valuesComeInTheTypesThatTheClientHas() throws Exception {
    try (FlightSqlClient client = client();
        FlightSqlClient.PreparedStatement statement =
            client.prepare("select $2, v + $1 from env.air where region = $2", token("secret"));
        BigIntVector number = new BigIntVector("1", allocator);
        LargeVarCharVector text = new LargeVarCharVector("2", allocator);
        VectorSchemaRoot values = VectorSchemaRoot.of(number, text)) {
      assertThat(statement.getParameterSchema().getFields())
          .extracting(Field::getType)
          .hasToString("[Int(64, true), Utf8]");
      number.setSafe(0, 5);
      text.setSafe(0, "城东".getBytes(StandardCharsets.UTF_8));
      values.setRowCount(1);
      statement.setParameters(values);
      FlightInfo info = statement.execute(token("secret"));
      assertThat(firstRow(client, info)).isEqualTo("[城东, 15]");
      assertThat(firstRow(client, info)).isEqualTo("[城东, 15]");
      assertThatThrownBy(
              () -> client.getStream(info.getEndpoints().get(0).getTicket(), token("other")).next())
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.NOT_FOUND));
      statement.close(token("secret"));
      assertThatThrownBy(() -> firstRow(client, info))
          .hasMessageContaining("no such prepared statement of yours");
    }
  }

  private static String firstRow(FlightSqlClient client, FlightInfo info) throws Exception {
    try (FlightStream stream =
        client.getStream(info.getEndpoints().get(0).getTicket(), token("secret"))) {
      assertThat(stream.next()).isTrue();
      return stream.getRoot().getFieldVectors().stream()
          .map(v -> v.getObject(0))
          .toList()
          .toString();
    }
  }

  @Test
  void whatCannotBeIsRefusedInWords() throws Exception {
    try (FlightSqlClient client = client();
        FlightSqlClient.PreparedStatement statement =
            client.prepare("select v from env.air where v = ?", token("secret"));
        BigIntVector number = new BigIntVector("1", allocator);
        VectorSchemaRoot values = VectorSchemaRoot.of(number)) {
      assertThatThrownBy(() -> firstRow(client, statement.execute(token("secret"))))
          .hasMessageContaining("the query has 1 parameters, and 0 values came");
      number.setSafe(0, 5);
      number.setSafe(1, 6);
      values.setRowCount(2);
      statement.setParameters(values);
      assertThatThrownBy(() -> statement.execute(token("secret")))
          .hasMessageContaining("one row of values");
      assertThatThrownBy(() -> client.beginTransaction(token("secret")))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.INVALID_ARGUMENT))
          .hasMessageContaining("without transactions");
      statement.close(token("secret"));
    }
  }
}
