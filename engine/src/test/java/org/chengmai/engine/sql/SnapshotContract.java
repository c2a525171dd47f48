package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What snapshots of a database's tables do, whichever it is. */
abstract class SnapshotContract {
  private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
  private static final SnapshotConfig RESIDENT =
      new SnapshotConfig("population.resident", Duration.ofHours(1), Duration.ofHours(2));
  private static final String COUNT = "select count(*), sum(age) from population.resident";

  @TempDir Path folder;
  private Instant now = START;
  private SqlEngine engine;
  private Snapshots snapshots;
  private Connection database;

  abstract String url();

  abstract @Nullable String user();

  abstract @Nullable String password();

  /** Of the tables; it exists. */
  abstract String schema();

  @BeforeEach
  void fill() throws SQLException {
    database = DriverManager.getConnection(url(), user(), password());
    run(
        "DROP TABLE IF EXISTS %s.\"resident\"",
        "DROP TABLE IF EXISTS %s.\"district\"",
        "CREATE TABLE %s.\"resident\" (\"id\" BIGINT NOT NULL, \"name\" VARCHAR(20), \"district\" VARCHAR(6), \"age\" INTEGER, \"income\" NUMERIC(15,2),"
            + " \"since\" DATE, \"seen\" TIMESTAMP(3), \"here\" BOOLEAN, \"ratio\" REAL)",
        "INSERT INTO %s.\"resident\" VALUES (1, '李雷', '630102', 30, 1234.56, DATE '2020-02-29', TIMESTAMP '2026-01-05 09:59:59.123', TRUE, 0.5),"
            + " (2, 'Ann', '630103', 40, NULL, NULL, NULL, FALSE, 1.25), (3, NULL, '630102', 50, -0.01, DATE '1970-01-01', TIMESTAMP '1969-12-31 23:59:59', NULL, NULL)",
        "CREATE TABLE %s.\"district\" (\"code\" VARCHAR(6), \"label\" VARCHAR(20))",
        "INSERT INTO %s.\"district\" VALUES ('630102', '城东区'), ('630103', '城中区')");
    open(List.of(RESIDENT));
  }

  private void open(List<SnapshotConfig> tables) {
    engine =
        new SqlEngine(
            List.of(
                new JdbcConfig(url(), user(), password(), schema(), 4, 1000, Duration.ofSeconds(10))
                    .open("population", folder)),
            List.of(),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            folder.resolve("spill"),
            () -> now);
    snapshots = engine.prepareSnapshots(tables, folder.resolve("snapshots"));
  }

  @AfterEach
  void close() throws SQLException {
    engine.close();
    database.close();
  }

  private void run(String... statements) throws SQLException {
    try (Statement statement = database.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql.replace("%s", schema()));
      }
    }
  }

  private List<List<@Nullable Object>> rows(String sql) {
    return engine.query(SqlEngine.INTERNAL, sql).rows();
  }

  private String explained(String sql) {
    return rows("explain " + sql).stream()
        .map(row -> String.valueOf(row.get(0)))
        .collect(Collectors.joining("\n"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("snapshots"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  @Test
  void aFreshSnapshotAnswersInPlaceOfTheSource() throws SQLException {
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 120L));
    snapshots.refreshDue();
    run("UPDATE %s.\"resident\" SET \"age\" = 31 WHERE \"id\" = 1");

    assertThat(rows(COUNT)).containsExactly(List.of(3L, 120L));
    assertThat(rows("select age from population.resident where name = '李雷'"))
        .containsExactly(List.of(30L));
    assertThat(
            rows(
                "select label, count(*), sum(age) from population.resident join population.district on code = district group by label order by 3"))
        .containsExactly(List.of("城中区", 1L, 40L), List.of("城东区", 2L, 80L));
    assertThat(
            rows(
                "select label from population.district where code in (select district from population.resident where age > 45)"))
        .containsExactly(List.of("城东区"));
  }

  @Test
  void allTypesComeBackAsTheSourceGivesThem() {
    String sql = "select * from population.resident order by id";
    List<List<@Nullable Object>> live = rows(sql);
    snapshots.refreshDue();
    assertThat(explained(sql)).contains("snapshot of population.resident");
    assertThat(rows(sql)).isEqualTo(live);
  }

  @Test
  void anOldSnapshotIsNotUsed() throws SQLException {
    snapshots.refreshDue();
    run("UPDATE %s.\"resident\" SET \"age\" = 31 WHERE \"id\" = 1");
    now = START.plus(RESIDENT.usableFor());
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 120L));
    now = now.plusMillis(1);
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 121L));
    assertThat(explained(COUNT)).doesNotContain("snapshot");
    snapshots.refreshDue();
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 121L));
    assertThat(explained(COUNT)).contains("snapshot of population.resident");
  }

  @Test
  void itIsTakenAgainWhenItsTimeHasCome() throws SQLException {
    snapshots.refreshDue();
    run("DELETE FROM %s.\"resident\" WHERE \"id\" = 1");
    now = START.plus(Duration.ofMinutes(59));
    snapshots.refreshDue();
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 120L));
    now = START.plus(Duration.ofMinutes(60));
    snapshots.refreshDue();
    assertThat(rows(COUNT)).containsExactly(List.of(2L, 90L));
  }

  @Test
  void aRefreshThatFailsKeepsTheLastSnapshot() throws SQLException {
    snapshots.refreshDue();
    assertThat(engine.health()).containsEntry("snapshot of population.resident", "");
    run("ALTER TABLE %s.\"resident\" RENAME TO \"gone\"");
    now = START.plus(Duration.ofMinutes(61));
    snapshots.refreshDue();
    assertThat(engine.health().get("snapshot of population.resident")).contains("population");
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 120L));

    run("ALTER TABLE %s.\"gone\" RENAME TO \"resident\"");
    run("DELETE FROM %s.\"resident\" WHERE \"id\" = 1");
    now = now.plusSeconds(59);
    snapshots.refreshDue();
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 120L));
    now = now.plusSeconds(1);
    snapshots.refreshDue();
    assertThat(rows(COUNT)).containsExactly(List.of(2L, 90L));
    assertThat(engine.health()).containsEntry("snapshot of population.resident", "");
  }

  @Test
  void explainTellsOfIt() {
    snapshots.refreshDue();
    now = START.plus(Duration.ofMinutes(12));
    assertThat(explained(COUNT))
        .contains("snapshot of population.resident, taken at 2026-01-05T10:00:00Z, 12 min old");
    assertThat(rows("explain (format json) " + COUNT).get(0).get(0).toString())
        .contains("\"reads_tables\":[\"population.resident\"]")
        .contains(
            "\"snapshot\":\"snapshot of population.resident, taken at 2026-01-05T10:00:00Z, 12 min old\"");
  }

  @Test
  void aHintAsksTheSourceItself() throws SQLException {
    snapshots.refreshDue();
    run("UPDATE %s.\"resident\" SET \"age\" = 31 WHERE \"id\" = 1");
    assertThat(rows("select sum(age) from population.resident /*+ live */"))
        .containsExactly(List.of(121L));
    assertThat(
            rows(
                "select l.age, s.age from population.resident /*+ LIVE */ l join population.resident s on l.id = s.id where l.id = 1"))
        .containsExactly(List.of(31L, 30L));
  }

  @Test
  void aRestartFindsItAgain() throws SQLException, IOException {
    snapshots.refreshDue();
    run("UPDATE %s.\"resident\" SET \"age\" = 31 WHERE \"id\" = 1");
    engine.close();
    Files.writeString(files().get(0).resolveSibling("next.part"), "half");
    now = START.plus(Duration.ofMinutes(30));
    open(List.of(RESIDENT));
    snapshots.refreshDue();
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 120L));
    assertThat(explained(COUNT)).contains("30 min old");
    assertThat(files().get(0).resolveSibling("next.part")).doesNotExist();
  }

  @Test
  void aSnapshotOfOtherColumnsIsNotUsed() throws SQLException {
    snapshots.refreshDue();
    engine.close();
    run("ALTER TABLE %s.\"resident\" ADD COLUMN \"phone\" VARCHAR(20)");
    open(List.of(RESIDENT));
    assertThat(explained(COUNT)).doesNotContain("snapshot");
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 120L));
  }

  @Test
  void aFileThatCannotBeReadIsNotUsed() throws IOException {
    snapshots.refreshDue();
    engine.close();
    Files.writeString(files().get(0), "no Parquet");
    open(List.of(RESIDENT));
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 120L));
    assertThat(explained(COUNT)).doesNotContain("snapshot");
  }

  @Test
  void aReplacedFileStaysAsLongAsAQueryMayReadIt() throws IOException {
    snapshots.refreshDue();
    SnapshotTable table = snapshots.tables().get(0);
    now = START.plus(Duration.ofHours(1));
    snapshots.refreshDue();
    assertThat(files()).hasSize(2);
    Duration longest = Duration.ofHours(3);
    Instant first = now;
    now = START.plus(Duration.ofHours(2));
    snapshots.refreshDue();
    table.tidy(first.plus(longest), longest);
    assertThat(files()).hasSize(3);
    table.tidy(first.plus(longest).plusMillis(1), longest);
    assertThat(files()).hasSize(2);
    table.tidy(now.plus(longest).plusMillis(1), longest);
    assertThat(files()).hasSize(1);
    assertThat(rows(COUNT)).containsExactly(List.of(3L, 120L));
  }

  @Test
  void itsStatisticsAreThoseOfTheFile() {
    snapshots.refreshDue();
    assertThat(explained("select id from population.resident")).contains("about 3 rows");
  }

  @Test
  void whatIsNoTableIsTold() {
    engine.close();
    open(
        List.of(
            new SnapshotConfig("population.nobody", Duration.ofHours(1), Duration.ofHours(2)),
            new SnapshotConfig("population.RESIDENT", Duration.ofHours(1), Duration.ofHours(2))));
    snapshots.refreshDue();
    assertThat(engine.health().get("snapshot of population.nobody")).contains("nobody");
    assertThat(engine.health().get("snapshot of population.RESIDENT"))
        .contains("spelled as in its catalogue");
  }
}
