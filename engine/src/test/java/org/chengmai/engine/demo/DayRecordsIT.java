package org.chengmai.engine.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.chengmai.engine.RealServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class DayRecordsIT {
  private static final List<String> LIBRARIES = List.of("base_credit", "topic_safety_records");
  private static final String DAYS =
      "SELECT min(reported_on), max(reported_on), count(DISTINCT reported_on) FROM topic_safety_records.criminal_daily";

  private final String database = "days_" + UUID.randomUUID().toString().substring(0, 8);
  private final String server = System.getProperty("chengmai.test.pg.url");
  private final String url = server.substring(0, server.lastIndexOf('/') + 1) + database;

  private static Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(
        url,
        System.getProperty("chengmai.test.pg.user"),
        System.getProperty("chengmai.test.pg.password"));
  }

  private static void run(String url, String sql) throws SQLException {
    try (Connection connection = connect(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @BeforeEach
  void makeTheLibraries() throws SQLException, IOException {
    run(server, "CREATE DATABASE " + database);
    Path scripts = RealServers.root().resolve("examples/demo/sql");
    for (String name : List.of("demo", "base_credit", "topic_safety_records")) {
      run(url, Files.readString(scripts.resolve(name + ".sql")));
    }
  }

  @AfterEach
  void dropThem() throws SQLException {
    run(server, "DROP DATABASE " + database + " WITH (FORCE)");
  }

  private void addUntil(String now) throws SQLException {
    try (Connection connection = connect(url);
        DayRecords records =
            new DayRecords(
                url,
                System.getProperty("chengmai.test.pg.user"),
                System.getProperty("chengmai.test.pg.password"),
                LIBRARIES,
                InstantSource.fixed(Instant.parse(now)))) {
      records.add(connection);
    }
  }

  private List<List<String>> rows(String sql) throws SQLException {
    List<List<String>> all = new ArrayList<>();
    try (Connection connection = connect(url);
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(rows.getString(i)));
        }
        all.add(row);
      }
    }
    return all;
  }

  @Test
  void theFirstTimeAddsTwentyFiveMonthsUpToYesterdayInShanghai() throws SQLException {
    addUntil("2026-11-28T15:59:59Z");
    assertThat(rows(DAYS)).containsExactly(List.of("2024-10-29", "2026-11-27", "760"));
  }

  @Test
  void aDayComesInOnceItHasEndedInShanghai() throws SQLException {
    addUntil("2026-11-28T15:59:59Z");
    addUntil("2026-11-28T16:00:00Z");
    addUntil("2026-11-28T17:00:00Z");
    assertThat(rows(DAYS)).containsExactly(List.of("2024-10-29", "2026-11-28", "761"));
  }

  @Test
  void daysThatWereMissedWhileTheCityStoodStillAreAddedLater() throws SQLException {
    addUntil("2026-11-28T17:00:00Z");
    addUntil("2026-12-05T17:00:00Z");
    assertThat(rows(DAYS)).containsExactly(List.of("2024-10-30", "2026-12-05", "767"));
  }

  @Test
  void theSameDayGivesTheSameRows() throws SQLException {
    addUntil("2026-11-28T17:00:00Z");
    String day = "SELECT * FROM topic_safety_records.fire_dispatch ORDER BY id";
    List<List<String>> before = rows(day);
    run(url, "DELETE FROM topic_safety_records.fire_dispatch; DELETE FROM demo.progress");
    addUntil("2026-11-28T17:00:00Z");
    assertThat(rows(day)).isEqualTo(before).isNotEmpty();
  }
}
