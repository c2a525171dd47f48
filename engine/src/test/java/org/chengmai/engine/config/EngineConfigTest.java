package org.chengmai.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.chengmai.connectors.http.Paging;
import org.chengmai.engine.querylog.QueryLogConfig;
import org.chengmai.engine.sql.SnapshotConfig;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.engine.tls.TlsConfig;
import org.chengmai.indicators.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineConfigTest {
  @TempDir Path folder;

  private EngineConfig read(String yaml) throws IOException {
    Path file = folder.resolve("chengmai.yaml");
    Files.writeString(file, yaml);
    return EngineConfig.read(file, name -> name.equals("PASSWORD") ? "secret" : null);
  }

  @Test
  void defaults() throws IOException {
    EngineConfig config = read("history: P28D\n");
    assertThat(config).isEqualTo(EngineConfig.defaults());
    assertThat(config.server().host()).isEqualTo("127.0.0.1");
  }

  @Test
  void everyKeyIsMapped() throws IOException {
    EngineConfig config =
        read(
            """
            city: xining.yaml
            server: {host: 0.0.0.0, port: 80, flight_port: 81, postgres_port: 82, mqtt_port: -1, tls: {certificate: c.pem, key: k.pem}}
            servers:
              postgres_url: jdbc:postgresql://db/chengmai
              postgres_user: chengmai
              postgres_password: ${ENV:PASSWORD}
              kafka: k1:9092
              kafka_partitions: 3
              kafka_replicas: 3
              druid_broker: http://b:8082
              druid_coordinator: http://c:8081
            users:
              - {name: li, token_hash: "sha256:%s", role: operator}
            libraries:
              - {name: base_population, kind: jdbc, url: "jdbc:postgresql://p/x", user: u, password: "${ENV:PASSWORD}", schema: s}
              - {name: base_far, kind: flight, url: "grpc://f:8815", password: "${ENV:PASSWORD}", schema: base_far, sql: duckdb}
              - {name: topic_air, kind: file, tables: [{name: a, path: a.csv, missing: ["-;"], bad_rows: fail}]}
              - {name: topic_web, kind: http, tables: [{name: x, url: "http://h/x.json", pointer: /rows, refresh: PT5M, timeout: PT3S, headers: {Authorization: "Bearer ${ENV:PASSWORD}"}, paging: {by: cursor, parameter: after, size_parameter: n, size: 100, first: 0, next: /next, max_pages: 9}, max_bytes: 5000}]}
            snapshots: [{table: base_population.resident, every: PT1H, usable_for: PT2H}]
            views: [views]
            definitions: [definitions]
            catalog: [catalog]
            feeds: [{name: f, bootstrap_servers: "k:9092", topic: t}]
            limits: {query_rows: 10, query_time: PT1S, queries: 2, queries_per_user: 1, queue_time: PT3S, source_rows: 100, source_bytes: 5000000000, user_source_rows: 200, user_source_bytes: 6000000000, request_bytes: 2048, duckdb_memory: 1GB, duckdb_spill: 2GB}
            query_log: {enabled: false, sql_text: false, slow: PT5S, retain: P7D}
            execution: trino
            trino: {url: "jdbc:trino://t:8080", user: u, password: "${ENV:PASSWORD}", catalogs: {base_population: p.s}}
            history: P1D
            """
                .formatted("0".repeat(64)));
    assertThat(config.servers().postgresPassword()).isEqualTo("secret");
    assertThat(config.server().tls()).isEqualTo(new TlsConfig("c.pem", "k.pem"));
    assertThat(config.users().get(0).role()).isEqualTo(Role.OPERATOR);
    assertThat(config.catalog()).containsExactly("catalog");
    assertThat(config.libraries()).hasSize(4);
    assertThat(config.libraries().get(3).tables().get(0).refresh())
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(config.libraries().get(3).tables().get(0).paging())
        .isEqualTo(new Paging(Paging.By.CURSOR, "after", "n", 100, 0, "/next", 9));
    assertThat(config.libraries().get(3).tables().get(0).headers())
        .containsEntry("Authorization", "Bearer secret");
    assertThat(config.libraries().get(3).tables().toString()).doesNotContain("secret");
    assertThat(config.snapshots())
        .containsExactly(
            new SnapshotConfig(
                "base_population.resident", Duration.ofHours(1), Duration.ofHours(2)));
    assertThat(config.queryLog())
        .isEqualTo(new QueryLogConfig(false, false, Duration.ofSeconds(5), Duration.ofDays(7)));
    assertThat(config.execution()).isEqualTo(EngineConfig.Computing.TRINO);
    assertThat(config.trino().catalogs()).containsEntry("base_population", "p.s");
    assertThat(config.limits().sql())
        .isEqualTo(
            new SqlLimits(
                10,
                Duration.ofSeconds(1),
                2,
                1,
                Duration.ofSeconds(3),
                "1GB",
                "2GB",
                100,
                5_000_000_000L,
                200,
                6_000_000_000L));
    assertThat(config.toString()).doesNotContain("secret");
  }

  @Test
  void trinoNeedsItsAddressAndPlacesOfTwoParts() {
    assertThatThrownBy(() -> read("execution: trino\n")).hasMessageContaining("needs trino:");
    assertThatThrownBy(
            () -> read("trino: {url: \"jdbc:trino://t\", user: u, catalogs: {a: one}}\n"))
        .hasMessageContaining("catalogs.a: 'one' is not catalog.schema");
  }

  @Test
  void theNameOfTheEnginesOwnLibraryIsTaken() {
    assertThatThrownBy(
            () -> read("libraries: [{name: operations, kind: jdbc, url: \"jdbc:x:y\"}]\n"))
        .hasMessageContaining("library 'operations' holds the engine's own records");
  }

  @Test
  void reportsEveryProblemAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    server: {port: 99999}
                    users: [{name: a, token_hash: plain, role: king}]
                    libraries: [{name: x, kind: oracle8}]
                    snapshots: [{table: x, every: PT1H, usable_for: PT2H}, {table: x.y, every: PT1H, usable_for: PT1H}]
                    query_log: {retain: PT1H}
                    colour: red
                    """))
        .hasMessageContaining(":1: server: port 99999")
        .hasMessageContaining(
            ":2: users[0].role: 'king' is not one of [viewer, analyst, operator, admin]")
        .hasMessageContaining(":3: libraries[0]: kind 'oracle8'")
        .hasMessageContaining(":4: snapshots[0]: snapshot 'x' is not a library and a table")
        .hasMessageContaining(":4: snapshots[1]: snapshot x.y: usable_for PT1H must be longer")
        .hasMessageContaining(
            ":5: query_log: slow PT2S must not be negative, retain PT1H must be at least P1D")
        .hasMessageContaining(":6: colour: unknown key");
  }
}
