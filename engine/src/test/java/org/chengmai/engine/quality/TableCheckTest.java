package org.chengmai.engine.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.quality.TableCheck;
import org.chengmai.indicators.quality.TableFinding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules over rows, asked of a real database through the federated engine. */
final class TableCheckTest {
  private static final String URL = "jdbc:h2:mem:checks;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final LocalDate FIRST = LocalDate.of(2026, 3, 1);

  private static final String CATALOGUE =
      """
      apiVersion: chengmai/v1
      kind: Catalog
      library: lib
      name: {zh: 库, en: Library}
      owner: 市民政局
      synthetic: true
      tables:
        - table: CALLS
          code: "1"
          name: {zh: 来电, en: Calls}
          update_cycle: PT1H
          history: P25M
          columns:
            - {name: ID, type: bigint}
            - {name: AT, type: timestamp}
            - {name: CLOSED, type: timestamp}
            - {name: TOPIC, type: varchar}
            - {name: USCC, type: varchar}
            - {name: CITIZEN, type: varchar}
            - {name: AGE, type: integer}
          key: [ID]
          time: AT
          rules: [%s]
        - table: REPORTS
          code: "2"
          name: {zh: 日报, en: Reports}
          update_cycle: P1D
          history: P25M
          columns:
            - {name: DAY_ON, type: date}
            - {name: PLACE, type: varchar}
            - {name: BEDS, type: integer}
          key: [PLACE, DAY_ON]
          time: DAY_ON
          rules:
            - {id: copied, check: constancy, column: BEDS, by: [PLACE], rows: 3}
            - {id: digits, check: digits, column: BEDS, decimals: 0}
        - table: PLACES
          code: "3"
          name: {zh: 台账, en: Register}
          update_cycle: P1M
          history: P25M
          columns:
            - {name: PLACE, type: varchar}
          key: [PLACE]
          rules: [{id: known, check: values, column: PLACE, values: [east, west]}]
      """;

  @TempDir private Path folder;
  private Connection database;
  private SqlEngine sql;

  @BeforeEach
  void open() throws SQLException {
    database = DriverManager.getConnection(URL);
    execute(
        "CREATE TABLE CALLS (ID BIGINT, AT TIMESTAMP(3), CLOSED TIMESTAMP(3), TOPIC VARCHAR(20), USCC CHAR(18), CITIZEN VARCHAR(18), AGE INTEGER)",
        "CREATE TABLE REPORTS (DAY_ON DATE, PLACE VARCHAR(10), BEDS INTEGER)",
        "CREATE TABLE PLACES (PLACE VARCHAR(10))");
    sql =
        new SqlEngine(
            List.of(
                new JdbcConfig(URL, null, null, "PUBLIC", 4, 1000, Duration.ofSeconds(10))
                    .open("lib", folder.resolve("work"))),
            List.of(),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            folder.resolve("spill"),
            InstantSource.system());
  }

  @AfterEach
  void close() throws SQLException {
    sql.close();
    execute("DROP ALL OBJECTS");
    database.close();
  }

  private void execute(String... statements) throws SQLException {
    try (Statement statement = database.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private List<TableFinding> run(int table, String rules, LocalDate from, LocalDate to) {
    DataCatalogue catalogue = DataCatalogue.load(Map.of("a.yaml", CATALOGUE.formatted(rules)));
    return new TableCheck(catalogue.entries().get(table), CHINA)
        .run(text -> sql.query(SqlEngine.INTERNAL, text), from, to);
  }

  private static List<String> told(List<TableFinding> findings) {
    return findings.stream()
        .map(
            one ->
                "%s %s %d/%d %s"
                    .formatted(
                        one.rule(),
                        one.day(),
                        one.failed(),
                        one.rows(),
                        one.failing().stream()
                            .map(key -> String.join("+", key.values()))
                            .collect(Collectors.joining(","))))
        .toList();
  }

  @Test
  void rowsCountOnTheirLocalDayAndFailingOnesAreNamed() throws SQLException {
    execute(
        "INSERT INTO CALLS (ID, AT, CLOSED, TOPIC, AGE) VALUES"
            + " (1, '2026-03-01 15:59:00', '2026-03-01 16:00:00', 'heat', 30),"
            + " (2, '2026-03-01 16:00:00', '2026-03-01 15:00:00', '', 30),"
            + " (3, '2026-03-02 10:00:00', NULL, NULL, 200),"
            + " (3, '2026-03-02 11:00:00', NULL, 'water', NULL),"
            + " (4, '2026-03-02 16:00:00', NULL, NULL, NULL)");
    String rules =
        "{id: given, check: completeness, column: TOPIC, share: 0.3},"
            + "{id: order, check: cross, condition: CLOSED >= AT},"
            + "{id: old, check: range, column: AGE, min: 0, max: 130},"
            + "{id: kinds, check: values, column: TOPIC, values: [heat, water]},"
            + "{id: once, check: duplicates}";
    List<TableFinding> found = run(0, rules, FIRST, FIRST.plusDays(1));
    assertThat(told(found))
        .containsExactly(
            "given 2026-03-01 0/1 ",
            "given 2026-03-02 2/3 2,3",
            "order 2026-03-01 0/1 ",
            "order 2026-03-02 1/3 2",
            "old 2026-03-01 0/1 ",
            "old 2026-03-02 1/3 3",
            "kinds 2026-03-01 0/1 ",
            "kinds 2026-03-02 1/3 2",
            "once 2026-03-01 0/1 ",
            "once 2026-03-02 1/3 3");
    assertThat(found).extracting(TableFinding::passed).startsWith(true, true, true, false);
  }

  @Test
  void atMostAHundredKeysAreNamed() throws SQLException {
    execute("INSERT INTO CALLS (ID, AT) SELECT X, '2026-03-01 01:00:00' FROM SYSTEM_RANGE(1, 150)");
    TableFinding found =
        run(0, "{id: given, check: completeness, column: TOPIC}", FIRST, FIRST).get(0);
    assertThat(found.failed()).isEqualTo(150);
    assertThat(found.failing()).hasSize(TableCheck.MOST_KEYS);
    assertThat(found.failing().get(0)).isEqualTo(Map.of("ID", "1"));
  }

  /** GB 32100-2015 with the remainders that are often mapped wrongly, and GB 11643-1999. */
  @Test
  void identifiersAreJudgedByTheirLastCharacter() throws SQLException {
    execute(
        "INSERT INTO CALLS (ID, AT, USCC, CITIZEN) VALUES"
            + " (1, '2026-03-01 01:00:00', '91350100M000100Y43', '11010519491231002X'),"
            + " (2, '2026-03-01 01:00:00', '91630102MA00004960', '11010519491231002x'),"
            + " (3, '2026-03-01 01:00:00', '91630102MA000012XY', '110105194912310021'),"
            + " (4, '2026-03-01 01:00:00', '91630102MA000012X0', '1101051949123100'),"
            + " (5, '2026-03-01 01:00:00', '91350100I000100Y43', '1101051949A231002X'),"
            + " (6, '2026-03-01 01:00:00', NULL, NULL)");
    assertThat(
            told(
                run(
                    0,
                    "{id: firm, check: credit_code, column: USCC}, {id: person, check: citizen_id, column: CITIZEN}",
                    FIRST,
                    FIRST)))
        .containsExactly("firm 2026-03-01 2/6 4,5", "person 2026-03-01 3/6 3,4,5");
  }

  @Test
  void aNumberCopiedForwardIsFoundThoughItsBeginningLiesBefore() throws SQLException {
    execute(
        "INSERT INTO REPORTS VALUES ('2026-02-27', 'east', 7), ('2026-02-28', 'east', 7), ('2026-03-01', 'east', 7),"
            + " ('2026-02-27', 'west', 0), ('2026-02-28', 'west', 0), ('2026-03-01', 'west', 0),"
            + " ('2026-03-02', 'east', 8), ('2026-03-02', 'west', 5)");
    assertThat(told(run(1, "", FIRST, FIRST.plusDays(1))))
        .containsExactly("copied 2026-03-01 1/2 east+2026-03-01", "copied 2026-03-02 0/2 ");
  }

  @Test
  void favouriteDigitsFailAsAWhole() throws SQLException {
    execute(
        IntStream.range(0, 200)
            .mapToObj(i -> "(DATE '2026-03-01', 'p%d', %d)".formatted(i, 100 + 5 * i))
            .collect(Collectors.joining(", ", "INSERT INTO REPORTS VALUES ", "")));
    TableFinding digits = run(1, "", FIRST, FIRST).get(1);
    assertThat(digits.passed()).isFalse();
    assertThat(digits.failed()).isEqualTo(200);
    assertThat(digits.measured()).isLessThan(1e-9);
    execute("UPDATE REPORTS SET BEDS = 100 + 7 * CAST(SUBSTRING(PLACE, 2) AS INTEGER)");
    assertThat(run(1, "", FIRST, FIRST).get(1).passed()).isTrue();
  }

  @Test
  void aRegisterCountsOnTheDayOnWhichItIsLookedAt() throws SQLException {
    execute("INSERT INTO PLACES VALUES ('east'), ('north')");
    assertThat(told(run(2, "", FIRST.minusDays(5), FIRST)))
        .containsExactly("known 2026-03-01 1/2 north");
  }

  @Test
  void nothingIsSaidOfDaysWithoutRows() {
    assertThat(run(0, "{id: once, check: duplicates}", FIRST, FIRST)).isEmpty();
    assertThat(run(2, "", FIRST, FIRST)).isEmpty();
  }
}
