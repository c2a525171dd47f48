package org.chengmai.engine.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Fills the demo city's departments' tables: population, legal entities, credit, emergencies and
 * the hotline, from a seed. People and firms are made up.
 */
final class DemoLibraries {
  private static final String SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";
  private static final String GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰";
  private static final String CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  private static final int[] CODE_WEIGHTS = {
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28
  };
  private static final String[] KINDS = {
    "enterprise", "individual", "individual", "cooperative", "institution"
  };
  private static final String[] TOPICS = {"供暖", "供水", "噪声", "停车", "物业", "道路", "社保", "市场监管"};
  private static final int RESIDENTS = 24_000;
  private static final int ENTITIES = 3_000;

  private final SplittableRandom random;
  private final List<String> districts;
  private final Predicate<LocalDate> workday;

  DemoLibraries(long seed, List<String> districts, Predicate<LocalDate> workday) {
    this.random = new SplittableRandom(seed);
    this.districts = districts;
    this.workday = workday;
  }

  /** Runs a file of statements; those end with a semicolon at the end of a line. */
  static void runScript(Connection connection, Path file) throws SQLException, IOException {
    try (var statement = connection.createStatement()) {
      for (String sql : Files.readString(file).split(";\\s*(\\n|$)")) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    }
  }

  /** Fills the tables that live in PostgreSQL; {@code today} in the city's zone. */
  void fillBase(Connection connection, LocalDate today) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO base_population.resident VALUES (?, ?, ?, ?, ?, ?)")) {
      for (int id = 1; id <= RESIDENTS; id++) {
        insert.setLong(1, id);
        insert.setString(2, name());
        insert.setInt(3, random.nextInt(1, 3));
        insert.setDate(4, Date.valueOf(today.minusDays(random.nextInt(365, 90 * 365))));
        insert.setString(5, district());
        insert.setDate(6, Date.valueOf(today.minusDays(random.nextInt(1, 4000))));
        batch(insert, id);
      }
      insert.executeBatch();
    }
    List<String> codes = new ArrayList<>();
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO base_entity.entity VALUES (?, ?, ?, ?, ?, ?)")) {
      LocalDate day = today;
      int left = 20;
      for (int n = 1; n <= ENTITIES; n++) {
        while (left == 0 || !workday.test(day)) {
          day = day.minusDays(1);
          left = random.nextInt(16, 25);
        }
        left--;
        String district = district();
        String code = socialCreditCode(district, n);
        codes.add(code);
        insert.setString(1, code);
        insert.setString(2, "西宁" + name() + "商贸有限公司");
        insert.setString(3, KINDS[random.nextInt(KINDS.length)]);
        insert.setString(4, district);
        insert.setDate(5, Date.valueOf(day));
        LocalDate cancelled = day.plusDays(random.nextInt(30, 900));
        if (random.nextInt(4) == 0 && cancelled.isBefore(today)) {
          insert.setDate(6, Date.valueOf(cancelled));
        } else {
          insert.setNull(6, Types.DATE);
        }
        batch(insert, n);
      }
      insert.executeBatch();
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO base_credit.record VALUES (?, ?, ?, ?)")) {
      for (int id = 1; id <= 600; id++) {
        insert.setLong(1, id);
        String code = codes.get(random.nextInt(codes.size()));
        insert.setString(2, id % 30 == 0 ? miswritten(code) : code);
        insert.setString(3, id % 3 == 0 ? "penalty" : id % 5 == 0 ? "permit" : "dishonest");
        insert.setDate(4, Date.valueOf(today.minusDays(random.nextInt(0, 360))));
        batch(insert, id);
      }
      insert.executeBatch();
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO topic_emerg.event VALUES (?, ?, ?, ?, ?, ?)")) {
      for (int id = 1; id <= 40; id++) {
        LocalDateTime opened = today.atStartOfDay().minusHours(random.nextInt(1, 28 * 24));
        insert.setLong(1, id);
        insert.setString(2, TOPICS[id % TOPICS.length] + "突发事件");
        insert.setTimestamp(3, Timestamp.valueOf(opened));
        if (id <= 3) {
          insert.setNull(4, Types.TIMESTAMP);
        } else {
          insert.setTimestamp(4, Timestamp.valueOf(opened.plusMinutes(random.nextInt(20, 600))));
        }
        insert.setInt(5, random.nextInt(3, 5));
        insert.setString(6, district());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /**
   * Adds the hotline's calls with {@code from <= called_at < to}; ids go on from {@code firstId}.
   * Returns how many.
   */
  int addCalls(Connection connection, Instant from, Instant to, long firstId) throws SQLException {
    int added = 0;
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO topic_hotline.calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (Instant minute = from;
          minute.isBefore(to);
          minute = minute.plus(Duration.ofMinutes(1))) {
        var local = minute.atZone(DemoCity.ZONE);
        double rate = 1.6 * Shape.OFFICE.at(Shape.hour(local), workday.test(local.toLocalDate()));
        int calls = (int) rate + (random.nextDouble() < rate - (int) rate ? 1 : 0);
        for (int i = 0; i < calls; i++) {
          addCall(
              insert,
              firstId + added,
              LocalDateTime.ofInstant(minute.plusSeconds(random.nextInt(60)), ZoneOffset.UTC),
              to);
          added++;
          batch(insert, added);
        }
      }
      insert.executeBatch();
    }
    return added;
  }

  private void addCall(PreparedStatement insert, long id, LocalDateTime called, Instant now)
      throws SQLException {
    boolean answered = random.nextInt(100) < 98;
    LocalDateTime due = called.plusDays(5);
    LocalDateTime closed =
        random.nextInt(100) < 97 ? called.plusHours(random.nextInt(2, 110)) : due.plusHours(10);
    boolean isClosed = answered && closed.isBefore(LocalDateTime.ofInstant(now, ZoneOffset.UTC));
    insert.setLong(1, id);
    insert.setTimestamp(2, Timestamp.valueOf(called));
    insert.setTimestamp(
        3, answered ? Timestamp.valueOf(called.plusSeconds(random.nextInt(3, 40))) : null);
    insert.setTimestamp(4, isClosed ? Timestamp.valueOf(closed) : null);
    insert.setTimestamp(5, answered ? Timestamp.valueOf(due) : null);
    insert.setString(6, district());
    insert.setString(7, TOPICS[random.nextInt(TOPICS.length)]);
    if (isClosed && random.nextBoolean()) {
      insert.setInt(8, random.nextInt(100) < 91 ? 1 : 0);
    } else {
      insert.setNull(8, Types.SMALLINT);
    }
    insert.setInt(9, random.nextInt(100) < 3 ? 1 : 0);
  }

  /** A code as someone may copy it wrongly: with another check character. */
  private static String miswritten(String code) {
    return code.substring(0, 17) + (code.endsWith("7") ? "1" : "7");
  }

  private static void batch(PreparedStatement insert, int row) throws SQLException {
    insert.addBatch();
    if (row % 1000 == 0) {
      insert.executeBatch();
    }
  }

  private String district() {
    // The first districts hold most people.
    int pick = Math.min(random.nextInt(districts.size()), random.nextInt(districts.size()));
    return districts.get(pick);
  }

  private String name() {
    StringBuilder name =
        new StringBuilder().append(SURNAMES.charAt(random.nextInt(SURNAMES.length())));
    for (int i = random.nextInt(1, 3); i > 0; i--) {
      name.append(GIVEN.charAt(random.nextInt(GIVEN.length())));
    }
    return name.toString();
  }

  /** A made-up 统一社会信用代码 whose inner (GB 11714) and outer (GB 32100) check characters are right. */
  static String socialCreditCode(String district, int number) {
    String organisation = "MA" + String.format("%06d", number);
    int[] weights = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 8; i++) {
      sum += Character.digit(organisation.charAt(i), 36) * weights[i];
    }
    int inner = 11 - sum % 11;
    String code =
        "91"
            + district
            + organisation
            + (inner == 10 ? "X" : inner == 11 ? "0" : String.valueOf(inner));
    int outer = 0;
    for (int i = 0; i < 17; i++) {
      outer += CODE_LETTERS.indexOf(code.charAt(i)) * CODE_WEIGHTS[i];
    }
    int check = (31 - outer % 31) % 31;
    if (code.length() != 17) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "code " + code + " has not 17 characters");
    }
    return code + CODE_LETTERS.charAt(check);
  }
}
