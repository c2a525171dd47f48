package org.chengmai.engine.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.chengmai.connectors.process.MariaDbServer;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.engine.ServerSet;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The departments' databases, filled from the seed on the first start, and the hotline's calls that
 * come in afterwards. Used from one thread.
 */
final class Departments implements AutoCloseable {
  private static final String DATABASE = "departments";
  private static final String HOTLINE = "topic_hotline";

  private final DemoSettings settings;
  private final DemoLibraries libraries;
  private final DemoClock clock;
  private final Path scripts;
  private @Nullable HotlineSimulator hotline;

  Departments(DemoSettings settings, DemoLibraries libraries, DemoClock clock) {
    this.settings = settings;
    this.libraries = libraries;
    this.clock = clock;
    this.scripts = settings.home().resolve("examples/demo/sql");
  }

  /** Makes what is not there yet, and lets the hotline ring; answers how the engine reads them. */
  List<LibraryConfig> open(ServerSet servers) {
    List<String> names =
        new ArrayList<>(List.of("base_population", "base_entity", "base_credit", "topic_emerg"));
    if (!settings.withMariaDb()) {
      names.add(HOTLINE);
    }
    PostgresServer postgres = servers.postgres();
    if (postgres != null) {
      postgres.createDatabase(DATABASE);
    }
    String url = postgres == null ? servers.postgresUrl() : postgres.url(DATABASE);
    String user = servers.postgresUser();
    String password = servers.postgresPassword();
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      if (!exists(connection, "base_population")) {
        connection.setAutoCommit(false);
        for (String name : names) {
          DemoLibraries.runScript(connection, scripts.resolve(name + ".sql"));
        }
        libraries.fillBase(connection, clock.instant().atZone(DemoCity.ZONE).toLocalDate());
        if (!settings.withMariaDb()) {
          addPastCalls(connection);
        }
        connection.commit();
      }
    } catch (SQLException | IOException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "the departments' databases cannot be made: " + e.getMessage(), e);
    }
    List<LibraryConfig> configs = new ArrayList<>();
    for (String name : names) {
      configs.add(LibraryConfig.jdbc(name, url, user, password, name));
    }
    if (settings.withMariaDb()) {
      configs.add(mariaDbHotline(Objects.requireNonNull(servers.mariadb())));
    }
    hotline = new HotlineSimulator(configs.get(configs.size() - 1), libraries, clock);
    hotline.run();
    return configs;
  }

  private LibraryConfig mariaDbHotline(MariaDbServer mariadb) {
    try (Connection connection =
        DriverManager.getConnection(mariadb.url(""), mariadb.user(), mariadb.password())) {
      if (!exists(connection, HOTLINE)) {
        DemoLibraries.runScript(connection, scripts.resolve(HOTLINE + ".mariadb.sql"));
        connection.setAutoCommit(false);
        addPastCalls(connection);
        connection.commit();
      }
    } catch (SQLException | IOException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "the hotline's MariaDB cannot be filled: " + e.getMessage(), e);
    }
    return LibraryConfig.jdbc(
        HOTLINE, mariadb.url(HOTLINE), mariadb.user(), mariadb.password(), null);
  }

  private void addPastCalls(Connection connection) throws SQLException {
    libraries.addCalls(connection, clock.instant().minus(Demo.PAST), clock.instant(), 1);
  }

  private static boolean exists(Connection connection, String schema) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT 1 FROM information_schema.tables WHERE table_schema = '%s'"
                    .formatted(schema))) {
      return rows.next();
    }
  }

  @Override
  public void close() {
    if (hotline != null) {
      hotline.close();
    }
  }
}
