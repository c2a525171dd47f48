package org.chengmai.engine.demo;

import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records that departments write day by day: a library's function {@code add_day(date)} makes
 * those of a day, which come in when the day has ended on the city's clock. How far that went is
 * kept in {@code demo.progress}. One thread of its own after {@link #run}.
 */
final class DayRecords implements AutoCloseable {
  /** Twenty-five months, so that each day has one a year before. */
  static final int PAST_DAYS = 760;

  private static final Logger LOG = LoggerFactory.getLogger(DayRecords.class);

  private final String url;
  private final @Nullable String user;
  private final @Nullable String password;
  private final List<String> libraries;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "day-records"));

  /**
   * @param libraries schemas of the database; those without {@code add_day} are left alone
   */
  DayRecords(
      String url,
      @Nullable String user,
      @Nullable String password,
      List<String> libraries,
      InstantSource clock) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.libraries = List.copyOf(libraries);
    this.clock = clock;
  }

  /** Looks every five seconds whether a day has ended, until closed. */
  void run() {
    thread.scheduleWithFixedDelay(this::tick, 5, 5, TimeUnit.SECONDS);
  }

  private void tick() {
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      connection.setAutoCommit(false);
      add(connection);
      connection.commit();
    } catch (SQLException e) {
      LOG.atWarn().log("the day's records could not be written: {}", e.getMessage());
    }
  }

  /** Adds the days that ended and are not there yet, in the caller's transaction. */
  void add(Connection connection) throws SQLException {
    LocalDate ended = clock.instant().atZone(DemoCity.ZONE).toLocalDate().minusDays(1);
    for (String library : daily(connection)) {
      LocalDate last = lastDay(connection, library);
      LocalDate first = last == null ? ended.minusDays(PAST_DAYS - 1) : last.plusDays(1);
      if (!first.isAfter(ended)) {
        addDays(connection, library, first, ended);
      }
    }
  }

  private List<String> daily(Connection connection) throws SQLException {
    List<String> found = new ArrayList<>();
    try (var query =
        connection.prepareStatement("SELECT to_regprocedure(? || '.add_day(date)') IS NOT NULL")) {
      for (String library : libraries) {
        query.setString(1, library);
        try (ResultSet rows = query.executeQuery()) {
          if (rows.next() && rows.getBoolean(1)) {
            found.add(library);
          }
        }
      }
    }
    return found;
  }

  private static @Nullable LocalDate lastDay(Connection connection, String library)
      throws SQLException {
    try (var query =
        connection.prepareStatement("SELECT last_day FROM demo.progress WHERE library = ?")) {
      query.setString(1, library);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? rows.getDate(1).toLocalDate() : null;
      }
    }
  }

  private static void addDays(
      Connection connection, String library, LocalDate first, LocalDate last) throws SQLException {
    String sql =
        "SELECT count(%s.add_day(day::date)) FROM generate_series(?::date, ?::date, interval '1 day') day"
            .formatted(library);
    try (var add = connection.prepareStatement(sql);
        var remember =
            connection.prepareStatement(
                "INSERT INTO demo.progress VALUES (?, ?)"
                    + " ON CONFLICT (library) DO UPDATE SET last_day = excluded.last_day")) {
      add.setDate(1, Date.valueOf(first));
      add.setDate(2, Date.valueOf(last));
      add.execute();
      remember.setString(1, library);
      remember.setDate(2, Date.valueOf(last));
      remember.executeUpdate();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
