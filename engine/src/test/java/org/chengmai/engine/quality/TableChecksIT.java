package org.chengmai.engine.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.engine.pipeline.ManualClock;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.QueryRunner;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Looks at a department's table in PostgreSQL, kept in PostgreSQL. */
@ExtendWith(RealServers.class)
final class TableChecksIT {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final LocalDate TODAY = LocalDate.of(2026, 3, 9);

  private static final DataCatalogue CATALOGUE =
      DataCatalogue.load(
          Map.of(
              "a.yaml",
              """
              apiVersion: chengmai/v1
              kind: Catalog
              library: clinic
              name: {zh: 门诊, en: Clinic}
              owner: 市卫生健康委员会
              synthetic: true
              tables:
                - table: visit
                  code: "1"
                  name: {zh: 就诊, en: Visits}
                  update_cycle: PT1M
                  history: P25M
                  columns:
                    - {name: id, type: bigint}
                    - {name: came_at, type: timestamp}
                    - {name: left_at, type: timestamp}
                    - {name: firm, type: varchar}
                  key: [id]
                  time: came_at
                  rules:
                    - {id: left-after, check: cross, condition: left_at >= came_at}
                    - {id: firm-valid, check: credit_code, column: firm, share: 0.5, weight: 3}
              """));

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(TODAY.atTime(10, 0).atZone(CHINA).toInstant());
  private TestDatabase database;
  private Jdbi jdbi;
  private SqlEngine sql;
  private RunBook runs;
  private IssueBook issues;

  @BeforeEach
  void open() {
    database = new TestDatabase();
    jdbi = Jdbi.create(database.dataSource());
    execute(
        "CREATE SCHEMA clinic",
        "CREATE TABLE clinic.visit (id bigint PRIMARY KEY, came_at timestamp, left_at timestamp, firm char(18))",
        // at 7:00 and 23:30 in Shanghai
        "INSERT INTO clinic.visit SELECT d, timestamp '2026-03-08 23:00' - d * interval '1 day', timestamp '2026-03-08 23:10', '91350100M000100Y43' FROM generate_series(0, 49) d",
        "INSERT INTO clinic.visit VALUES (100, '2026-03-08 15:30', '2026-03-08 15:00', '91350100M000100Y44')");
    sql =
        new SqlEngine(
            List.of(
                new JdbcConfig(
                        database.dataSource().getJdbcUrl(),
                        database.dataSource().getUsername(),
                        database.dataSource().getPassword(),
                        "clinic",
                        4,
                        1000,
                        Duration.ofSeconds(10))
                    .open("clinic", folder.resolve("work"))),
            List.of(),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            folder.resolve("spill"),
            clock);
    runs = new RunBook(database.dataSource(), "630100");
    issues =
        new IssueBook(database.dataSource(), "630100", ChineseCalendar.shipped(), CHINA, clock);
  }

  @AfterEach
  void close() {
    sql.close();
    database.close();
  }

  private void execute(String... statements) {
    jdbi.useHandle(handle -> List.of(statements).forEach(handle::execute));
  }

  private TableChecks checks() {
    return checks(sql);
  }

  private TableChecks checks(QueryRunner source) {
    return new TableChecks(
        CATALOGUE, source, SqlEngine.INTERNAL, runs, issues, CHINA, Runnable::run, clock);
  }

  private List<RunBook.Run> found(LocalDate day) {
    return runs.between(day, day);
  }

  @Test
  void theFirstLookJudgesThePastByDays() {
    try (TableChecks checks = checks()) {
      checks.lookAtDue().join();
      assertThat(checks.problems()).isEmpty();
    }
    assertThat(runs.between(TODAY.minusDays(1000), TODAY)).hasSize(100);
    List<RunBook.Run> yesterday = found(TODAY.minusDays(1));
    assertThat(yesterday)
        .extracting(run -> run.finding().rule())
        .containsExactly("firm-valid", "left-after");
    assertThat(yesterday.get(0).finding().rows()).isEqualTo(2);
    assertThat(yesterday.get(0).finding().failing()).containsExactly(Map.of("id", "100"));
    assertThat(yesterday.get(0).finding().passed()).isTrue();
    assertThat(yesterday.get(1).finding().passed()).isFalse();
    assertThat(yesterday.get(1).table()).isEqualTo("clinic.visit");
    assertThat(yesterday.get(1).department()).isEqualTo("市卫生健康委员会");
    assertThat(found(TODAY).get(0).finding().failed()).isZero();
    assertThat(
            text(
                "SELECT concat_ws(' ', region, rule, weight, checked_rows, passed_rows) FROM operations.rule_pass WHERE day_on = '2026-03-08' AND table_name = 'clinic.visit' ORDER BY rule LIMIT 1"))
        .isEqualTo("630100 firm-valid 3 2 1");
  }

  private String text(String query) {
    return jdbi.withHandle(handle -> handle.createQuery(query).mapTo(String.class).one());
  }

  @Test
  void aTableIsLookedAtAgainAfterTheHourAndItsNewestDaysAreReplaced() {
    try (TableChecks checks = checks()) {
      checks.lookAtDue().join();
      execute("UPDATE clinic.visit SET left_at = came_at, firm = '91350100M000100Y43'");
      clock.move(Duration.ofMinutes(30));
      checks.lookAtDue().join();
      assertThat(found(TODAY.minusDays(1)).get(1).finding().failed()).isEqualTo(1);
      clock.move(Duration.ofMinutes(35));
      checks.lookAtDue().join();
      assertThat(found(TODAY.minusDays(1)).get(1).finding().failed()).isZero();
      execute("DELETE FROM clinic.visit WHERE came_at < '2026-03-08 20:00'");
      checks.soon("clinic.visit");
      checks.lookAtDue().join();
      assertThat(found(TODAY.minusDays(1))).isEmpty();
      assertThat(found(TODAY)).hasSize(2);
    }
  }

  @Test
  void afterARestartNoPastIsJudgedAgain() {
    checks().lookAtDue().join();
    Instant first = found(TODAY).get(0).at();
    clock.move(Duration.ofMinutes(20));
    checks().lookAtDue().join();
    assertThat(found(TODAY).get(0).at()).isEqualTo(first);
    clock.move(Duration.ofHours(1));
    checks().lookAtDue().join();
    assertThat(found(TODAY).get(0).at()).isEqualTo(clock.instant());
    assertThat(found(TODAY.minusDays(3)).get(0).at()).isEqualTo(first);
  }

  @Test
  void aTableThatCannotBeReadIsToldAndTriedAgain() {
    AtomicBoolean isAway = new AtomicBoolean(true);
    QueryRunner source =
        (principal, text) -> {
          if (isAway.get()) {
            throw new ChengmaiException(ErrorCode.UNAVAILABLE, "clinic is away");
          }
          return sql.query(principal, text);
        };
    try (TableChecks checks = checks(source)) {
      checks.lookAtDue().join();
      assertThat(checks.problems()).containsExactly("clinic.visit: clinic is away");
      isAway.set(false);
      checks.lookAtDue().join();
      assertThat(runs.between(TODAY, TODAY)).isEmpty();
      clock.move(Duration.ofMinutes(6));
      checks.lookAtDue().join();
      assertThat(checks.problems()).isEmpty();
      assertThat(runs.between(TODAY, TODAY)).isNotEmpty();
    }
  }

  private static final Principal OPERATOR = new Principal("li", Role.OPERATOR);

  private Issue onlyIssue() {
    assertThat(issues.find(false, 10)).hasSize(1);
    return issues.find(false, 10).get(0);
  }

  private List<String> done(Issue issue) {
    return issues.events(issue.id()).stream().map(e -> e.actor() + " " + e.action()).toList();
  }

  @Test
  void anIssueIsReturnedFixedAndClosedByTheNextLookThatPasses() {
    try (TableChecks checks = checks()) {
      checks.lookAtDue().join();
      Issue issue = onlyIssue();
      assertThat(issue.state()).isEqualTo(Issue.State.OPEN);
      assertThat(issue.rule()).isEqualTo("left-after");
      assertThat(issue.department()).isEqualTo("市卫生健康委员会");
      assertThat(issue.firstDay()).isEqualTo(TODAY.minusDays(1));
      assertThat(issue.failing()).containsExactly(Map.of("id", "100"));
      // 20 working days after 9 March 2026; 6 April is a day off
      assertThat(issue.dueOn()).isEqualTo(LocalDate.of(2026, 4, 7));
      assertThat(issue.provisional()).isFalse();

      assertThat(issues.giveBack(OPERATOR, issue.id(), "请核实").state())
          .isEqualTo(Issue.State.RETURNED);
      issues.fixed(OPERATOR, issue.id(), null);
      checks.soon("clinic.visit");
      checks.lookAtDue().join();
      assertThat(onlyIssue().state()).isEqualTo(Issue.State.RETURNED);

      clock.move(Duration.ofDays(12));
      execute("UPDATE clinic.visit SET left_at = came_at WHERE id = 100");
      issues.fixed(OPERATOR, issue.id(), null);
      checks.soon("clinic.visit");
      checks.lookAtDue().join();
      assertThat(onlyIssue().state()).isEqualTo(Issue.State.CLOSED);
      assertThat(onlyIssue().closedAt()).isEqualTo(clock.instant());
      assertThat(issues.find(true, 10)).isEmpty();
      assertThat(
              text(
                  "SELECT concat_ws(' ', region, department, table_name, rule, raised_on, due_on, closed_on, settled_on) FROM operations.data_issue"))
          .isEqualTo(
              "630100 市卫生健康委员会 clinic.visit left-after 2026-03-09 2026-04-07 2026-03-21 2026-03-21");
      assertThat(done(issue))
          .containsExactly(
              "engine opened",
              "li returned",
              "li fixed",
              "engine failed_again",
              "li fixed",
              "engine closed");
      assertThatThrownBy(() -> issues.fixed(OPERATOR, issue.id(), null))
          .hasMessage("issue %d is closed already".formatted(issue.id()));
    }
  }

  @Test
  void aRuleBreaksOneIssueAtATimeAndOldDaysOpenNone() {
    execute(
        "UPDATE clinic.visit SET left_at = came_at - interval '1 hour' WHERE came_at < '2026-02-01'",
        "UPDATE clinic.visit SET left_at = came_at WHERE id = 100");
    try (TableChecks checks = checks()) {
      checks.lookAtDue().join();
      assertThat(issues.find(false, 10)).isEmpty();
      execute("UPDATE clinic.visit SET left_at = came_at - interval '1 hour' WHERE id < 2");
      checks.soon("clinic.visit");
      checks.lookAtDue().join();
      checks.soon("clinic.visit");
      checks.lookAtDue().join();
      assertThat(onlyIssue().failed()).isEqualTo(2);
    }
  }

  @Test
  void theIssueOfARuleThatIsStatedNoLongerIsWithdrawn() {
    try (TableChecks checks = checks()) {
      checks.lookAtDue().join();
    }
    issues.withdrawAllBut(Set.of("clinic.visit/firm-valid"));
    assertThat(onlyIssue().state()).isEqualTo(Issue.State.WITHDRAWN);
    assertThat(done(onlyIssue())).containsExactly("engine opened", "engine withdrawn");
  }
}
