package org.chengmai.engine.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.chengmai.engine.config.LibraryConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the hotline's calls into its own database as the city's clock goes. One thread of its own.
 */
final class HotlineSimulator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HotlineSimulator.class);

  private final LibraryConfig library;
  private final DemoLibraries libraries;
  private final DemoClock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "hotline-simulator"));

  HotlineSimulator(LibraryConfig library, DemoLibraries libraries, DemoClock clock) {
    this.library = library;
    this.libraries = libraries;
    this.clock = clock;
  }

  void run() {
    thread.scheduleWithFixedDelay(this::tick, 5, 5, TimeUnit.SECONDS);
  }

  private void tick() {
    try (Connection connection =
        DriverManager.getConnection(
            String.valueOf(library.url()), library.user(), library.password())) {
      Instant from;
      long last;
      try (var statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery("SELECT MAX(called_at), MAX(id) FROM topic_hotline.calls")) {
        rows.next();
        Instant newest =
            LocalDateTime.parse(rows.getString(1).replace(' ', 'T')).toInstant(ZoneOffset.UTC);
        from = newest.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        last = rows.getLong(2);
      }
      Instant to = clock.instant().truncatedTo(ChronoUnit.MINUTES);
      // After days off the missed calls do not come in all at once.
      Instant recent = to.minus(1, ChronoUnit.HOURS);
      if (from.isBefore(to)) {
        libraries.addCalls(connection, from.isBefore(recent) ? recent : from, to, last + 1);
      }
    } catch (SQLException e) {
      LOG.atWarn().log("the hotline's calls could not be written: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
