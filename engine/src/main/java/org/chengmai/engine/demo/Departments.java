package org.chengmai.engine.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.chengmai.connectors.process.MariaDbServer;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.engine.ServerSet;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The departments' databases: made and filled on the first start, with the hotline's calls and each
 * ended day's records added afterwards. Used from one thread.
 */
final class Departments implements AutoCloseable {
  private static final String DATABASE = "departments";
  private static final String HOTLINE = "topic_hotline";

  /** The script of what the libraries' scripts are made from; no library. */
  private static final String HELPERS = "demo";

  private final DemoSettings settings;
  private final DemoLibraries libraries;
  private final DemoClock clock;
  private final Path scripts;
  private @Nullable HotlineSimulator hotline;
  private @Nullable DayRecords records;

  Departments(DemoSettings settings, DemoLibraries libraries, DemoClock clock) {
    this.settings = settings;
    this.libraries = libraries;
    this.clock = clock;
    this.scripts = settings.home().resolve("examples/demo/sql");
  }

  /**
   * Makes what is not there yet, lets the hotline ring and the days go by; answers how the engine
   * reads them.
   */
  List<LibraryConfig> open(ServerSet servers) {
    PostgresServer postgres = servers.postgres();
    if (postgres != null) {
      postgres.createDatabase(DATABASE);
    }
    String url = postgres == null ? servers.postgresUrl() : postgres.url(DATABASE);
    String user = servers.postgresUser();
    String password = servers.postgresPassword();
    List<LibraryConfig> configs = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      List<String> names = names();
      connection.setAutoCommit(false);
      if (!exists(connection, "base_population")) {
        make(connection, names);
      } else if (!exists(connection, HELPERS)) {
        throw new ChengmaiException(
            ErrorCode.CONFLICT,
            "%s holds a city of an older version; start with --reset or another --dir"
                .formatted(settings.folder()));
      }
      records = new DayRecords(url, user, password, names, clock);
      records.add(connection);
      connection.commit();
      analyze(connection);
      for (String name : names) {
        configs.add(LibraryConfig.jdbc(name, url, user, password, name));
      }
    } catch (SQLException | IOException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "the departments' databases cannot be made: " + e.getMessage(), e);
    }
    if (settings.withMariaDb()) {
      configs.add(mariaDbHotline(Objects.requireNonNull(servers.mariadb())));
    }
    LibraryConfig calls =
        configs.stream().filter(config -> config.name().equals(HOTLINE)).findAny().orElseThrow();
    hotline = new HotlineSimulator(calls, libraries, clock);
    hotline.run();
    records.run();
    return configs;
  }

  /** The libraries that live in PostgreSQL: each is a script of its name. */
  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(scripts)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.matches("[a-z_]+\\.sql"))
          .map(file -> file.replace(".sql", ""))
          .filter(name -> !name.equals(HELPERS))
          .filter(name -> !name.equals(HOTLINE) || !settings.withMariaDb())
          .sorted()
          .toList();
    }
  }

  private void make(Connection connection, List<String> names) throws SQLException, IOException {
    runScript(connection, HELPERS);
    for (String name : names) {
      runScript(connection, name);
    }
    libraries.fillBase(connection, clock.instant().atZone(DemoCity.ZONE).toLocalDate());
    if (!settings.withMariaDb()) {
      addPastCalls(connection);
    }
  }

  /** Queries are planned by the tables' statistics from the first one on. */
  private static void analyze(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("ANALYZE");
    }
    connection.commit();
  }

  /** PostgreSQL's driver takes a script whole: functions' bodies have semicolons of their own. */
  private void runScript(Connection connection, String name) throws SQLException, IOException {
    try (var statement = connection.createStatement()) {
      statement.execute(Files.readString(scripts.resolve(name + ".sql")));
    }
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
    if (records != null) {
      records.close();
    }
  }
}
