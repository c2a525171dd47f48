package org.chengmai.engine.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.engine.sql.SmallEngine;
import org.chengmai.engine.sql.SqlEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Grafana's InfluxDB data source sends in its SQL mode, as it sends it: a connection for each
 * query, the metadata {@code database} and {@code authorization}, the info of a statement, and its
 * only ticket.
 */
final class GrafanaCallsTest {
  private static final String ALL_TYPES =
      "select ts, cast(ts as date) as d, cast(ts as time) as t, v, cast(v as tinyint) as i, price, cast(price as decimal(10, 2)) as p,"
          + " cast(price as real) as r, good, region, x'01ff' as b, interval '90' minute as m from env.air order by ts limit 1";

  @TempDir Path folder;
  private final RootAllocator allocator = new RootAllocator();
  private SqlEngine engine;
  private FlightSqlEndpoint endpoint;

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

  private static CallOption metadata(boolean isGrafana) {
    FlightCallHeaders headers = new FlightCallHeaders();
    headers.insert("authorization", "Bearer secret");
    if (isGrafana) {
      headers.insert("database", "city");
    }
    return new HeaderCallOption(headers);
  }

  private record Answer(Schema schema, List<List<String>> rows) {}

  private Answer ask(String sql) throws Exception {
    return ask(sql, true);
  }

  private Answer ask(String sql, boolean isGrafana) throws Exception {
    CallOption metadata = metadata(isGrafana);
    try (FlightSqlClient client =
        new FlightSqlClient(
            FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", endpoint.port()))
                .build())) {
      FlightInfo info = client.execute(sql, metadata);
      assertThat(info.getEndpoints()).hasSize(1);
      List<List<String>> rows = new ArrayList<>();
      try (FlightStream stream =
          client.getStream(info.getEndpoints().get(0).getTicket(), metadata)) {
        assertThat(stream.getSchema()).isEqualTo(info.getSchemaOptional().orElseThrow());
        while (stream.next()) {
          for (int row = 0; row < stream.getRoot().getRowCount(); row++) {
            List<String> values = new ArrayList<>();
            for (FieldVector vector : stream.getRoot().getFieldVectors()) {
              values.add(String.valueOf(vector.getObject(row)));
            }
            rows.add(values);
          }
        }
        return new Answer(stream.getSchema(), rows);
      }
    }
  }

  private static String nanos(String time) {
    return String.valueOf(Instant.parse(time).toEpochMilli() * 1_000_000);
  }

  @Test
  void itGetsTheTypesThatItReads() throws Exception {
    Answer answer = ask(ALL_TYPES);
    assertThat(answer.schema().getFields())
        .extracting(Field::getType)
        .hasToString(
            "[Timestamp(NANOSECOND, UTC), Timestamp(NANOSECOND, UTC), Utf8, Int(64, true), Int(64, true), FloatingPoint(DOUBLE),"
                + " FloatingPoint(DOUBLE), FloatingPoint(DOUBLE), Bool, Utf8, Utf8, Utf8]");
    assertThat(answer.rows().get(0))
        .startsWith(
            nanos("2026-01-01T00:10:00.500Z"),
            nanos("2026-01-01T00:00:00Z"),
            "00:10:00.500",
            "10",
            "10",
            "1.25",
            "1.25",
            "1.25",
            "true",
            "城东",
            "01ff");
  }

  @Test
  void everyoneElseGetsTheExactTypes() throws Exception {
    Answer answer = ask(ALL_TYPES, false);
    assertThat(answer.schema().getFields())
        .extracting(Field::getType)
        .hasToString(
            "[Timestamp(MICROSECOND, UTC), Date(DAY), Time(MICROSECOND, 64), Int(64, true), Int(8, true), FloatingPoint(DOUBLE),"
                + " Decimal(10, 2, 128), FloatingPoint(SINGLE), Bool, Utf8, Binary, Utf8]");
    assertThat(answer.rows().get(0).subList(0, 10))
        .containsExactly(
            String.valueOf(Instant.parse("2026-01-01T00:10:00.500Z").toEpochMilli() * 1000),
            "20454",
            "600500000",
            "10",
            "10",
            "1.25",
            "1.25",
            "1.25",
            "true",
            "城东");
  }

  @Test
  void theHealthCheckIsAnsweredAlsoWithoutText() throws Exception {
    assertThat(ask("select 1").rows()).containsExactly(List.of("1"));
    assertThat(ask("").rows()).containsExactly(List.of("1"));
  }

  @Test
  void itsFiltersOfTimeAreTextsAndCasts() throws Exception {
    for (String filter :
        List.of(
            "TS >= '2026-01-01T00:20:00Z' AND TS <= '2026-01-01T12:00:00Z'",
            "ts >= '2026-01-01T00:20:00.123456789Z' AND ts <= '2026-01-01T12:00:00.999999999Z'",
            "ts >= cast('2026-01-01T00:20:00Z' as timestamp) and ts <= cast('2026-01-01T20:00:00+08:00' as timestamp)",
            "ts >= timestamp '2026-01-01T00:20:00Z' and ts < timestamp '2026-01-01T12:00:00.000000001Z'",
            "ts > cast('2026-01-01T12:00:00Z' as timestamp) - interval '12 hour' - interval '1 second' + interval '20 minute'"
                + " and ts < cast('2026-01-01T00:00:00Z' as timestamp) + interval '500 millisecond' + interval '1 day'")) {
      Answer answer =
          ask("select ts as time, region from ENV.Air where " + filter + " order by time");
      assertThat(answer.schema().getFields().get(0).getName()).isEqualTo("time");
      assertThat(answer.rows())
          .as(filter)
          .containsExactly(List.of(nanos("2026-01-01T00:40:00Z"), "城西"));
    }
  }

  @Test
  void itsBinsAndPartsOfTimeAreGroups() throws Exception {
    String bin = "date_bin(interval '30 minute', ts, timestamp '1970-01-01T00:00:00Z')";
    List<List<String>> binned =
        List.of(
            List.of(nanos("2026-01-01T00:00:00Z"), "10.0"),
            List.of(nanos("2026-01-01T00:30:00Z"), "20.0"),
            List.of(nanos("2026-01-02T00:30:00Z"), "null"));
    assertThat(
            ask("select %s as ts_binned, avg(cast(v as double)) from env.air group by %s order by 1"
                    .formatted(bin, bin))
                .rows())
        .isEqualTo(binned);
    assertThat(
            ask("select %s as ts_binned, avg(cast(v as double)) from env.air group by ts_binned order by ts_binned"
                    .formatted(bin))
                .rows())
        .isEqualTo(binned);
    assertThat(
            ask("select datepart('minute', ts), datepart('hour', ts), count(*) from env.air group by datepart('minute', ts), datepart('hour', ts) order by 1")
                .rows())
        .containsExactly(List.of("10", "0", "1"), List.of("40", "0", "2"));
  }

  @Test
  void itsQueryBuilderFindsTablesAndColumns() throws Exception {
    assertThat(
            ask("SELECT DISTINCT TABLE_SCHEMA from information_schema.TABLES where TABLE_TYPE != 'SYSTEM VIEW' ORDER BY TABLE_SCHEMA")
                .rows())
        .contains(List.of("env"))
        .doesNotContain(List.of("information_schema"));
    assertThat(
            ask("select TABLE_NAME from information_schema.tables where table_schema = 'env' order by table_name")
                .rows())
        .contains(List.of("air"));
    assertThat(
            ask("select TABLE_NAME from INFORMATION_SCHEMA.TABLES where TABLE_SCHEMA = database() order by TABLE_NAME")
                .rows())
        .isEmpty();
    assertThat(
            ask("select COLUMN_NAME, DATA_TYPE from information_schema.Columns where TABLE_SCHEMA = 'env' and table_name = 'air' order by column_name")
                .rows())
        .contains(List.of("ts", "TIMESTAMP"), List.of("v", "BIGINT"));
  }

  @Test
  void wrongSqlIsAnInvalidArgument() {
    for (String wrong :
        List.of(
            "select nope from env.air",
            "selec 1",
            "select * from env.nothing",
            "delete from env.air")) {
      assertThatThrownBy(() -> ask(wrong))
          .isInstanceOfSatisfying(
              FlightRuntimeException.class,
              e -> assertThat(e.status().code()).isEqualTo(FlightStatusCode.INVALID_ARGUMENT));
    }
  }
}
