package org.chengmai.engine.duty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chengmai.engine.duty.Desk.minute;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.Anomalies;
import org.chengmai.engine.alerts.Assessor;
import org.chengmai.engine.alerts.OffsetCommit;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Suppression;
import org.chengmai.indicators.Suppression.Kind;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Times of works and exercises in a real PostgreSQL, and what becomes of alerts in them. */
@ExtendWith(RealServers.class)
final class QuietWindowIT {
  private static final IndicatorCatalogue CATALOGUE =
      Desk.catalogue(
          "detect: {model: seasonal, suppress_when: [maintenance]}", "detect: {model: seasonal}");

  private Desk desk;
  private QuietBook quiet;
  private AlertBook alerts;

  @BeforeEach
  void open() {
    desk = new Desk();
    quiet = desk.quiet(CATALOGUE);
    alerts = desk.alerts(new CatalogueRules(CATALOGUE, quiet), Assessor.NONE);
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  /** Works that begin and end at a minute, somewhere, on the first indicator. */
  private QuietWindow works(int from, int to, String... regions) {
    return quiet.create(
        Desk.OPERATOR,
        new QuietBook.Draft(
            Kind.MAINTENANCE,
            minute(from),
            minute(to),
            List.of("CVS-ENV-0001"),
            List.of(regions),
            "换传感器"));
  }

  private List<AlertEvent> see(String region, Status status, Grade grade, int minute) {
    desk.now.set(minute(minute + 1));
    return alerts.append(
        List.of(Anomalies.sighting(region, status, grade, minute)), OffsetCommit.none());
  }

  private static List<AlertEvent.Type> types(List<AlertEvent> events) {
    return events.stream().map(AlertEvent::type).toList();
  }

  @Test
  void anAlertInAWindowIsKeptWithTheReasonAndCallsPeopleWhenItHoldsLonger() {
    QuietWindow works = works(5, 10, "630102");
    List<AlertEvent> fired = see("630102", Status.FIRING, Grade.RED, 6);
    assertThat(types(fired)).containsExactly(AlertEvent.Type.FIRED);
    assertThat(fired.get(0).alert().suppression())
        .isEqualTo(new Suppression(works.id(), Kind.MAINTENANCE, "换传感器", "li", minute(10)));
    assertThat(alerts.open()).hasSize(1);
    assertThat(see("630102", Status.FIRING, Grade.RED, 9)).as("it goes on").isEmpty();
    assertThat(alerts.open().get(0).suppression()).isNotNull();

    List<AlertEvent> released = see("630102", Status.FIRING, Grade.RED, 10);
    assertThat(types(released)).containsExactly(AlertEvent.Type.RELEASED);
    Alert alert = released.get(0).alert();
    assertThat(alert.suppression()).isNull();
    assertThat(alert.state()).isEqualTo(AlertState.FIRING);
    assertThat(alert.revision()).isEqualTo(2);
    assertThat(alert.count()).isEqualTo(3);
    assertThat(see("630102", Status.FIRING, Grade.RED, 11)).as("once").isEmpty();
  }

  @Test
  void aResponseRunsFromWhenPeopleWereCalled() throws SQLException {
    works(0, 10);
    Alert alert = see("630102", Status.FIRING, Grade.RED, 5).get(0).alert();
    assertThat(responses()).as("nobody was").isEmpty();
    see("630102", Status.FIRING, Grade.RED, 10);
    desk.now.set(minute(14));
    alerts.acknowledge(Desk.OPERATOR, alert.id(), 2, null);
    assertThat(responses()).containsExactly("2026-03-01 00:11:00 3");
  }

  private List<String> responses() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = desk.database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT raised_at || ' ' || minutes FROM operations.alert_response")) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  @Test
  void anAlertThatIsOverBeforeItsWindowWasSuppressedAllTheTime() {
    works(0, 10);
    see("630102", Status.FIRING, Grade.YELLOW, 1);
    Alert resolved = see("630102", Status.CLEARED, Grade.YELLOW, 2).get(0).alert();
    assertThat(resolved.state()).isEqualTo(AlertState.RESOLVED);
    assertThat(resolved.suppression()).isNotNull();
    assertThat(see("630102", Status.FIRING, Grade.YELLOW, 10).get(0).alert().suppression())
        .as("the same alert, again, after the window")
        .isNull();
  }

  @Test
  void whatCalledPeopleBeforeTheWindowGoesOnDoingSo() {
    works(5, 10);
    see("630102", Status.FIRING, Grade.YELLOW, 4);
    see("630102", Status.FIRING, Grade.YELLOW, 6);
    List<AlertEvent> worse = see("630102", Status.FIRING, Grade.RED, 7);
    assertThat(types(worse)).containsExactly(AlertEvent.Type.GRADE_CHANGED);
    assertThat(worse.get(0).alert().suppression()).isNull();
  }

  @Test
  void anAlertThatGetsWorseAfterTheWindowIsReleasedWithThat() {
    works(0, 5);
    see("630102", Status.FIRING, Grade.YELLOW, 4);
    List<AlertEvent> worse = see("630102", Status.FIRING, Grade.RED, 5);
    assertThat(types(worse)).containsExactly(AlertEvent.Type.GRADE_CHANGED);
    assertThat(worse.get(0).alert().suppression()).isNull();
  }

  @Test
  void aWindowIsOfItsRegionsWithAllWithinOfItsIndicatorsAndOfItsKind() {
    works(0, 5, "630100");
    quiet.create(
        Desk.OPERATOR,
        new QuietBook.Draft(
            Kind.EXERCISE, minute(20), minute(30), List.of(), List.of("630103"), "演练"));
    assertThat(suppressed("630102", 1)).as("a district of the city").isTrue();
    assertThat(suppressed("630100", 1)).isTrue();
    assertThat(suppressed("630103", 25)).as("the definition names maintenance only").isFalse();
    works(40, 45, "630103");
    assertThat(suppressed("630104", 41)).as("another district").isFalse();
    assertThat(suppressed("630100", 41)).as("the city is more than the district").isFalse();
    desk.now.set(minute(41));
    assertThat(
            new CatalogueRules(CATALOGUE, desk.quiet(CATALOGUE))
                .isQuiet(SeriesKey.of("CVS-ENV-0002", "630103"), minute(41)))
        .as("the other indicator asks for none")
        .isFalse();
  }

  private boolean suppressed(String region, int minute) {
    return see(region, Status.FIRING, Grade.BLUE, minute).get(0).alert().suppression() != null;
  }

  @Test
  void whoEndsAWindowIsKeptAndItCoversNothingLater() {
    QuietWindow works = works(5, 60);
    desk.now.set(minute(8));
    QuietWindow ended = quiet.end(Desk.OPERATOR, works.id(), "提前完工");
    assertThat(ended.endedBy()).isEqualTo("li");
    assertThat(ended.endedAt()).isEqualTo(minute(8));
    assertThat(ended.endNote()).isEqualTo("提前完工");
    assertThat(quiet.list(false)).isEmpty();
    assertThat(quiet.list(true)).containsExactly(ended);
    assertThat(suppressed("630102", 7)).isTrue();
    assertThat(suppressed("630103", 8)).isFalse();
    assertThatThrownBy(() -> quiet.end(Desk.OPERATOR, works.id(), null))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    assertThatThrownBy(() -> quiet.end(Desk.OPERATOR, "none", null))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    QuietWindow later = works(100, 160);
    quiet.end(Desk.OPERATOR, later.id(), null);
    assertThat(suppressed("630104", 120)).as("ended before it began").isFalse();
  }

  @Test
  void theBookOutlivesARestart() {
    QuietWindow works = works(5, 10);
    QuietBook again = desk.quiet(CATALOGUE);
    assertThat(again.list(false)).containsExactly(works);
    assertThat(
            new CatalogueRules(CATALOGUE, again)
                .suppression(Anomalies.anomaly("630102", Status.FIRING, Grade.RED, 6)))
        .isNotNull();
  }

  @Test
  void whatIsNoWindowIsRefused() {
    List<String> refused = new ArrayList<>();
    QuietBook.Draft good =
        new QuietBook.Draft(Kind.MAINTENANCE, null, minute(10), List.of(), List.of("630102"), "检修");
    assertThat(quiet.create(Desk.OPERATOR, good).from()).as("now").isEqualTo(desk.now.get());
    for (QuietBook.Draft bad :
        List.of(
            draft(minute(5), minute(5), List.of(), List.of(), "检修"),
            draft(minute(-10), minute(-5), List.of(), List.of(), "检修"),
            draft(minute(0), minute(1).plus(Duration.ofDays(31)), List.of(), List.of(), "检修"),
            draft(minute(0), minute(5), List.of("CVS-ENV-0009"), List.of(), "检修"),
            draft(minute(0), minute(5), List.of(), List.of("110101"), "检修"),
            draft(minute(0), minute(5), List.of(), List.of(), " "))) {
      assertThatThrownBy(() -> quiet.create(Desk.OPERATOR, bad))
          .isInstanceOfSatisfying(
              ChengmaiException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT);
                refused.add(e.getMessage());
              });
    }
    assertThat(refused)
        .doesNotHaveDuplicates()
        .contains("there is no indicator 'CVS-ENV-0009'", "there is no region '110101'");
    assertThatThrownBy(
            () ->
                quiet.create(
                    Desk.OPERATOR,
                    draft(minute(0), minute(5), List.of(), List.of(), "a".repeat(2001))))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    assertThatThrownBy(() -> quiet.create(new Principal("wu", Role.ANALYST), good))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
    assertThat(quiet.list(true)).hasSize(1);
  }

  private static QuietBook.Draft draft(
      Instant from, Instant to, List<String> codes, List<String> regions, String reason) {
    return new QuietBook.Draft(Kind.MAINTENANCE, from, to, codes, regions, reason);
  }
}
