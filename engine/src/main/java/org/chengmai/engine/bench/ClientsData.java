package org.chengmai.engine.bench;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.engine.Engine;
import org.chengmai.engine.ServerSet;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Two databases for {@link ClientsBenchmark}, and where its clients find what they measure. */
final class ClientsData {
  static final int RESIDENTS = 1_000_000;
  private static final int SIDE = 3_000;

  /** What makes rows, and the query. */
  static final Map<String, String> STREAMED = new LinkedHashMap<>();

  static {
    STREAMED.put(
        "DuckDB, every sensor with every moment",
        "select s.id, s.height, m.id as moment, m.level from people.sensor s cross join moments.moment m");
    STREAMED.put("one PostgreSQL, a table", "select id, age, name, weight from people.resident");
  }

  private ClientsData() {}

  static List<LibraryConfig> make(ServerSet servers) {
    PostgresServer postgres = Objects.requireNonNull(servers.postgres());
    try {
      return List.of(
          CityData.database(
              postgres,
              "people",
              "CREATE TABLE resident AS SELECT i::bigint AS id, 'resident ' || i AS name, '6301' || lpad((i %% 20 + 1)::text, 2, '0') AS district, (i %% 90)::bigint AS age, 40 + (i %% 400) / 10.0::double precision AS weight FROM generate_series(1, %d) AS g(i)"
                  .formatted(RESIDENTS),
              "ALTER TABLE resident ADD PRIMARY KEY (id)",
              "CREATE TABLE sensor AS SELECT i::bigint AS id, i / 7.0::double precision AS height FROM generate_series(1, %d) AS g(i)"
                  .formatted(SIDE),
              "VACUUM ANALYZE"),
          CityData.database(
              postgres,
              "moments",
              "CREATE TABLE moment AS SELECT i::bigint AS id, i / 3.0::double precision AS level FROM generate_series(1, %d) AS g(i)"
                  .formatted(SIDE),
              "VACUUM ANALYZE"));
    } catch (SQLException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "the databases cannot be made: " + e.getMessage(), e);
    }
  }

  static LookUpClient.Addresses addresses(Engine engine) {
    PostgresServer postgres = Objects.requireNonNull(engine.servers().postgres());
    return new LookUpClient.Addresses(
        engine.address().toString(),
        engine.flightPort(),
        engine.postgresPort(),
        "local",
        engine.ownToken(),
        postgres.url("people"),
        postgres.user(),
        postgres.password());
  }
}
