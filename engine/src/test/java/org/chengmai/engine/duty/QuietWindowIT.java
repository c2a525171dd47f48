package org.chengmai.engine.duty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.Anomalies;
import org.chengmai.engine.alerts.Assessor;
import org.chengmai.engine.alerts.OffsetCommit;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.engine.alerts.Ulids;
import org.chengmai.engine.pipeline.Definitions;
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
  private static final Principal OPERATOR = new Principal("li", Role.OPERATOR);
  private static final IndicatorCatalogue CATALOGUE =
      Definitions.catalogue(
          Definitions.simple(
              "CVS-ENV-0001",
              "PT1M",
              "neutral",
              "detect: {model: seasonal, suppress_when: [maintenance]}"),
          Definitions.simple("CVS-ENV-0002", "PT1M", "neutral", "detect: {model: seasonal}"));

  private final AtomicReference<Instant> now = new AtomicReference<>(Anomalies.START);
  private TestDatabase database;
  private QuietBook quiet;
  private AlertBook alerts;

  @BeforeEach
  void open() {
    database = new TestDatabase();
    quiet = reopened();
    alerts =
        AlertBook.open(
            database.dataSource(),
            now::get,
            new Random(1),
            Assessor.NONE,
            new CatalogueRules(CATALOGUE, quiet));
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }

  private QuietBook reopened() {
    return new QuietBook(
        database.dataSource(),
        now::get,
        new Ulids(now::get, new Random(7)),
        code -> CATALOGUE.find(code).isPresent(),
        region -> CATALOGUE.regions().find(region).isPresent());
  }

  /** Works that begin and end at a minute, somewhere, on the first indicator. */
  private QuietWindow works(int from, int to, String... regions) {
    return quiet.create(
        OPERATOR,
        new QuietBook.Draft(
            Kind.MAINTENANCE,
            minute(from),
            minute(to),
            List.of("CVS-ENV-0001"),
            List.of(regions),
            "换传感器"));
  }

  private static Instant minute(int minute) {
    return Anomalies.START.plusSeconds(60L * minute);
  }

  private List<AlertEvent> see(String region, Status status, Grade grade, int minute) {
    now.set(minute(minute + 1));
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
        OPERATOR,
        new QuietBook.Draft(
            Kind.EXERCISE, minute(20), minute(30), List.of(), List.of("630103"), "演练"));
    assertThat(suppressed("630102", 1)).as("a district of the city").isTrue();
    assertThat(suppressed("630100", 1)).isTrue();
    assertThat(suppressed("630103", 25)).as("the definition names maintenance only").isFalse();
    works(40, 45, "630103");
    assertThat(suppressed("630104", 41)).as("another district").isFalse();
    assertThat(suppressed("630100", 41)).as("the city is more than the district").isFalse();
    now.set(minute(41));
    assertThat(
            new CatalogueRules(CATALOGUE, reopened())
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
    now.set(minute(8));
    QuietWindow ended = quiet.end(OPERATOR, works.id(), "提前完工");
    assertThat(ended.endedBy()).isEqualTo("li");
    assertThat(ended.endedAt()).isEqualTo(minute(8));
    assertThat(ended.endNote()).isEqualTo("提前完工");
    assertThat(quiet.list(false)).isEmpty();
    assertThat(quiet.list(true)).containsExactly(ended);
    assertThat(suppressed("630102", 7)).isTrue();
    assertThat(suppressed("630103", 8)).isFalse();
    assertThatThrownBy(() -> quiet.end(OPERATOR, works.id(), null))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    assertThatThrownBy(() -> quiet.end(OPERATOR, "none", null))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    QuietWindow later = works(100, 160);
    quiet.end(OPERATOR, later.id(), null);
    assertThat(suppressed("630104", 120)).as("ended before it began").isFalse();
  }

  @Test
  void theBookOutlivesARestart() {
    QuietWindow works = works(5, 10);
    QuietBook again = reopened();
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
    assertThat(quiet.create(OPERATOR, good).from()).as("now").isEqualTo(now.get());
    for (QuietBook.Draft bad :
        List.of(
            draft(minute(5), minute(5), List.of(), List.of(), "检修"),
            draft(minute(-10), minute(-5), List.of(), List.of(), "检修"),
            draft(minute(0), minute(1).plus(Duration.ofDays(31)), List.of(), List.of(), "检修"),
            draft(minute(0), minute(5), List.of("CVS-ENV-0009"), List.of(), "检修"),
            draft(minute(0), minute(5), List.of(), List.of("110101"), "检修"),
            draft(minute(0), minute(5), List.of(), List.of(), " "))) {
      assertThatThrownBy(() -> quiet.create(OPERATOR, bad))
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
                    OPERATOR, draft(minute(0), minute(5), List.of(), List.of(), "a".repeat(2001))))
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
