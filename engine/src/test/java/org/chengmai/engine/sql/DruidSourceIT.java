package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.druid.DruidSource;
import org.chengmai.connectors.druid.DruidTable;
import org.chengmai.engine.RealServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RealServers.class)
final class DruidSourceIT extends SourceContract {
  private static final String BROKER = System.getProperty("chengmai.test.druid.broker");

  /** Never written: stands for a data source before its first row. */
  private static final String EMPTY =
      "sql_it_empty_" + UUID.randomUUID().toString().substring(0, 8);

  private DruidClient client;

  @Override
  Source open(Path work) {
    Assumptions.assumeTrue(BROKER != null, "no Druid: chengmai.test.druid.broker is not set");
    client =
        new DruidClient(
            URI.create(BROKER), URI.create(System.getProperty("chengmai.test.druid.coordinator")));
    String data =
        CSV.lines()
            .skip(1)
            .map(line -> line.split(","))
            .map(
                cells ->
                    "{\"ts\":\"%sZ\",\"region\":\"%s\",\"v\":%s,\"n\":%s}"
                        .formatted(
                            cells[0].replace(' ', 'T'),
                            cells[1],
                            cells[2].equals("-;") ? "null" : cells[2],
                            cells[3]))
            .collect(Collectors.joining("\n"));
    client.post(
        "/druid/indexer/v1/task",
        Map.of(
            "type",
            "index_parallel",
            "spec",
            Map.of(
                "ioConfig",
                    Map.of(
                        "type",
                        "index_parallel",
                        "inputSource",
                        Map.of("type", "inline", "data", data),
                        "inputFormat",
                        Map.of("type", "json"),
                        "appendToExisting",
                        false),
                "tuningConfig",
                    Map.of("type", "index_parallel", "partitionsSpec", Map.of("type", "dynamic")),
                "dataSchema",
                    Map.of(
                        "dataSource", "sql_readings",
                        "timestampSpec", Map.of("column", "ts", "format", "iso"),
                        "dimensionsSpec",
                            Map.of(
                                "dimensions",
                                List.of(
                                    "region",
                                    Map.of("type", "double", "name", "v"),
                                    Map.of("type", "long", "name", "n"))),
                        "granularitySpec",
                            Map.of(
                                "type",
                                "uniform",
                                "segmentGranularity",
                                "MONTH",
                                "queryGranularity",
                                "NONE",
                                "rollup",
                                false,
                                "intervals",
                                List.of("2026-01-01/2026-02-01"))))));
    awaitRows();
    return new DruidSource(
        LIBRARY,
        client,
        List.of(
            DruidTable.of(EMPTY, "code region VARCHAR value DOUBLE revision BIGINT"),
            DruidTable.of("sql_readings", "region later VARCHAR v DOUBLE n BIGINT")));
  }

  private void awaitRows() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (System.nanoTime() < end) {
      if (client.count(
                  "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'sql_readings'")
              == 1
          && client.count("SELECT COUNT(*) FROM \"sql_readings\"") == 5) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
    throw new AssertionError("the rows do not appear in Druid");
  }

  @AfterAll
  void markUnused() {
    if (client != null) {
      client.post(
          "/druid/coordinator/v1/datasources/sql_readings/markUnused",
          Map.of("interval", "2000-01-01/2100-01-01"));
    }
  }

  @Override
  String time() {
    return "\"__time\"";
  }

  @Override
  String floorText() {
    return "TIME_FLOOR(\"__time\", 'P1D', NULL, 'Asia/Shanghai')";
  }

  @Test
  void aTableWithoutAnyRowYetIsEmpty() {
    assertThat(engine.query(SqlEngine.INTERNAL, "select * from lib.%s".formatted(EMPTY)).rows())
        .isEmpty();
    assertThat(
            engine
                .query(
                    SqlEngine.INTERNAL,
                    "select count(*), max(revision) from lib.%s where code = 'x'".formatted(EMPTY))
                .rows())
        .containsExactly(Arrays.asList(0L, null));
    assertThat(
            engine
                .query(
                    SqlEngine.INTERNAL,
                    "select code, arg_max(\"value\", revision) from lib.%s where \"__time\" > '2026-01-01T00:00:00Z' group by code"
                        .formatted(EMPTY))
                .rows())
        .isEmpty();
  }

  @Test
  void aColumnThatDruidHasNotSeenYetIsNull() {
    assertThat(rows("select n, later from T where n = 1")).containsExactly(Arrays.asList(1L, null));
  }

  @Test
  void theNewestRevisionIsOneSql() {
    assertThat(
            rows(
                "select region, arg_max(v, n) as v, max(n) from T group by region order by region desc limit 3"))
        .containsExactly(
            Arrays.asList("城西𠮷", null, 4L), List.of("城东㐂", 20.5, 2L), List.of("O'Neil", -1.5, 5L));
    assertThat(sent("select region, arg_max(v, n) from T group by region"))
        .contains("LATEST_BY(\"v\", MILLIS_TO_TIMESTAMP(\"n\"))");
  }

  @Test
  void theLeastAndTheGreatestTextAreFoundHere() {
    assertThat(rows("select min(region), max(region) from T where n in (2, 4, 5)"))
        .containsExactly(List.of("O'Neil", "城西𠮷"));
  }

  @Test
  void theShippedViewsWorkBeforeAnyRow(@TempDir Path spill) {
    try (SqlEngine own =
        new SqlEngine(
            List.of(new DruidSource("druid", client, DruidTable.CHENGMAI)),
            List.of(),
            new SqlLimits(1000, Duration.ofSeconds(60), 2, "256MB", Duration.ofSeconds(5)),
            Execution.FEDERATED,
            spill,
            InstantSource.system())) {
      assertThat(own.check("select * from observations"))
          .extracting(column -> column.name())
          .containsExactly("ts", "series", "measure", "region", "val", "received", "id");
      assertThat(
              own.query(
                      SqlEngine.INTERNAL,
                      "select count(*) from indicators.observations where ts > '2020-01-01T00:00:00Z'")
                  .rows())
          .hasSize(1);
      assertThat(
              own.query(
                      SqlEngine.INTERNAL,
                      "select ts, val, trust from vital_signs where code = 'none' order by ts desc limit 1")
                  .rows())
          .isEmpty();
      assertThat(
              own.fragments(
                  SqlEngine.INTERNAL,
                  "select ts, val from vital_signs where code = 'c' and region = '630102' order by ts desc limit 1"))
          .singleElement()
          .satisfies(
              fragment ->
                  assertThat(fragment.getValue())
                      .contains("LATEST_BY(\"value\"")
                      .doesNotContain("input_hash"));
    }
  }
}
