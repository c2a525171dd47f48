package org.chengmai.engine.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.sql.SmallEngine;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.tls.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Queries with parameters by the Arrow JDBC driver, which has a class loader of its own because it
 * brings another netty.
 */
final class ArrowDriverIT {
  private static final Path PEERS = RealServers.root().resolve("engine/target/chengmai/peers");

  private static Driver driver;

  @TempDir Path folder;
  private SqlEngine engine;
  private FlightSqlEndpoint endpoint;

  /** Its class loader stays open: the driver's threads outlive its connections. */
  @BeforeAll
  @SuppressWarnings("resource")
  static void load() throws Exception {
    Assumptions.assumeTrue(
        Files.isDirectory(PEERS), "the driver is not in %s: -Dchengmai.light".formatted(PEERS));
    try (Stream<Path> files = Files.list(PEERS)) {
      Path jar =
          files
              .filter(file -> file.getFileName().toString().startsWith("flight-sql-jdbc-driver-"))
              .findFirst()
              .orElseThrow();
      driver =
          (Driver)
              new URLClassLoader(
                      new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())
                  .loadClass("org.apache.arrow.driver.jdbc.ArrowFlightJdbcDriver")
                  .getDeclaredConstructor()
                  .newInstance();
    }
  }

  @BeforeEach
  void start() throws Exception {
    engine = SmallEngine.open(folder);
    endpoint = new FlightSqlEndpoint("127.0.0.1", 0, engine, SmallEngine::byToken, null);
  }

  @AfterEach
  void stop() {
    endpoint.close();
    engine.close();
  }

  private Connection jdbc() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("useEncryption", "false");
    return jdbc("127.0.0.1", endpoint.port(), properties);
  }

  private static Connection jdbc(String host, int port, Properties properties) throws SQLException {
    properties.setProperty("token", "secret");
    return Objects.requireNonNull(
        driver.connect("jdbc:arrow-flight-sql://%s:%d".formatted(host, port), properties));
  }

  @Test
  void theDriverSpeaksTls() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("tlsRootCerts", folder.resolve("own.pem").toString());
    try (FlightSqlEndpoint secure =
            new FlightSqlEndpoint(
                "127.0.0.1",
                0,
                engine,
                SmallEngine::byToken,
                TestCertificates.read(folder, "own"));
        Connection connection = jdbc("localhost", secure.port(), properties);
        PreparedStatement statement =
            connection.prepareStatement("select region from env.air where v = ?")) {
      statement.setLong(1, 20);
      assertThat(rows(statement)).hasToString("[[城西]]");
    }
  }

  private static List<List<Object>> rows(PreparedStatement statement) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  @Test
  void theDriverRunsAStatementForManyValues() throws Exception {
    try (Connection connection = jdbc();
        PreparedStatement statement =
            connection.prepareStatement("select v from env.air where region = ? or v = ?")) {
      assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(2);
      assertThat(statement.getParameterMetaData().getParameterType(1)).isEqualTo(Types.VARCHAR);
      assertThat(statement.getParameterMetaData().getParameterType(2)).isEqualTo(Types.BIGINT);
      statement.setString(1, "城东");
      statement.setLong(2, 20);
      assertThat(rows(statement)).containsExactlyInAnyOrder(List.of(10L), List.of(20L));
      statement.setString(1, "' or '1'='1");
      statement.setLong(2, 10);
      assertThat(rows(statement)).containsExactly(List.of(10L));
      statement.setString(1, "城西");
      statement.setNull(2, Types.BIGINT);
      assertThat(rows(statement)).containsExactly(List.of(20L));
    }
  }

  @Test
  void theDriverSendsEveryType() throws Exception {
    Calendar utc = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
    try (Connection connection = jdbc();
        PreparedStatement statement =
            connection.prepareStatement(
                "select region from env.air where ts = ? and cast(ts as date) = ? and good = ?"
                    + " and price = ? and cast(v as decimal(10, 2)) = ?"
                    + " and cast(ts as time) between ? and time '12:00:00' limit ?")) {
      statement.setTimestamp(1, Timestamp.from(Instant.parse("2026-01-01T00:10:00.500Z")), utc);
      statement.setDate(2, new Date(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli()), utc);
      statement.setBoolean(3, true);
      statement.setDouble(4, 1.25);
      statement.setString(5, "10.00");
      statement.setTime(6, new Time(Duration.ofMinutes(9).toMillis()), utc);
      statement.setLong(7, 5);
      assertThat(rows(statement)).containsExactly(List.of("城东"));
    }
  }

  @Test
  void theDriverExplains() throws Exception {
    try (Connection connection = jdbc();
        ResultSet plan =
            connection.createStatement().executeQuery("explain select v from env.air")) {
      assertThat(plan.next()).isTrue();
      assertThat(plan.getMetaData().getColumnName(1)).isEqualTo("plan");
    }
  }
}
