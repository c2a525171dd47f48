package org.chengmai.engine.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.Reading;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.connectors.feed.RowFormat;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.engine.Ingestion;
import org.chengmai.engine.ServerSet;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Series;

/**
 * A small city: observations in Druid, some of which came days late, residents and enterprises in
 * two databases, visits in a Parquet file. All of it follows from row numbers.
 */
final class CityData {
  static final int OBSERVATIONS = 200_000;
  static final int LATE = 20_000;
  private static final int REGIONS = 20;
  private static final int SERIES = 200;
  private static final int RESIDENTS = 200_000;
  private static final int VISITS = 1_000_000;
  private static final int ENTERPRISES = 100_000;
  private static final int GROUP = 10_000;
  private static final Duration SPAN = Duration.ofDays(3);

  private CityData() {}

  /** Makes the two databases and the file, and answers them as libraries. */
  static List<LibraryConfig> departments(ServerSet servers, Path folder) {
    PostgresServer postgres = Objects.requireNonNull(servers.postgres());
    Path visits = folder.resolve("visits.parquet");
    try {
      run(
          DriverManager.getConnection("jdbc:duckdb:"),
          "COPY (SELECT i AS id, i * 7919 %% %d + 1 AS resident, i %% 120 AS minutes, TIMESTAMP '2026-01-01' + INTERVAL (i) SECOND AS at FROM range(%d) AS r(i)) TO '%s' (FORMAT parquet)"
              .formatted(RESIDENTS, VISITS, visits));
      return List.of(
          database(
              postgres,
              "population",
              "CREATE TABLE district AS SELECT '6301' || lpad(i::text, 2, '0') AS code, 'district ' || i AS name, 10000 * i AS residents FROM generate_series(1, %d) AS g(i)"
                  .formatted(REGIONS),
              "CREATE TABLE resident AS SELECT i::bigint AS id, '6301' || lpad((i %% %d + 1)::text, 2, '0') AS district, i %% 90 AS age FROM generate_series(1, %d) AS g(i)"
                  .formatted(REGIONS, RESIDENTS),
              "VACUUM ANALYZE"),
          database(
              postgres,
              "entities",
              "CREATE TABLE enterprise AS SELECT i::bigint AS id, '6301' || lpad((i %% %d + 1)::text, 2, '0') AS region, CASE WHEN i %% 10 = 0 THEN 'factory' ELSE 'shop' END AS kind, i %% 500 AS staff FROM generate_series(1, %d) AS g(i)"
                  .formatted(REGIONS, ENTERPRISES),
              "VACUUM ANALYZE"),
          LibraryConfig.file("visits", "visit", visits));
    } catch (SQLException e) {
      throw new ChengmaiException(ErrorCode.EXTERNAL, "the city cannot be made: " + e, e);
    }
  }

  /** A new database, made by the statements, as a library of the same name. */
  static LibraryConfig database(PostgresServer server, String name, String... statements)
      throws SQLException {
    server.createDatabase(name);
    run(
        DriverManager.getConnection(server.url(name), server.user(), server.password()),
        statements);
    return LibraryConfig.jdbc(name, server.url(name), server.user(), server.password(), "public");
  }

  private static void run(Connection opened, String... statements) throws SQLException {
    try (Connection connection = opened;
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Sends the observations, and those that come days late when Druid shows the others. */
  static void observe(Ingestion ingestion, Instant now) {
    List<Series> series = new ArrayList<>();
    for (int n = 0; n < SERIES; n++) {
      series.add(
          new Series(
              "city." + n, "air.pm25", "6301%02d".formatted(n % REGIONS + 1), "1", -1e12, 1e12));
    }
    ingestion.registry().register(series);
    send(ingestion, now, 0, OBSERVATIONS);
    ingestion.awaitVisible();
    send(ingestion, now, OBSERVATIONS, LATE);
    ingestion.awaitVisible();
  }

  private static void send(Ingestion ingestion, Instant now, int from, int count) {
    List<CompletableFuture<Receipt>> answers = new ArrayList<>();
    for (int group = from; group < from + count; group += GROUP) {
      List<Observation> observations = new ArrayList<>();
      for (int n = group; n < Math.min(from + count, group + GROUP); n++) {
        Duration age = SPAN.multipliedBy(n % OBSERVATIONS).dividedBy(OBSERVATIONS);
        observations.add(
            new Observation("city." + n % SERIES, now.minus(age), n % 4000 / 10.0, now, "n" + n));
      }
      answers.add(
          ingestion
              .gateway()
              .submit(
                  SqlEngine.INTERNAL,
                  null,
                  new Batch("bench", Reading.of(RowFormat.NDJSON), observations, List.of()))
              .toCompletableFuture());
    }
    answers.forEach(CompletableFuture::join);
  }
}
