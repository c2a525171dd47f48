package org.chengmai.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent.Type;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Feedback;
import org.chengmai.indicators.Grade;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class AlertMachineTest {
  private static final int SOON = 105;
  private static final int LATE = 200;

  /** The alerts that a sighting can meet, all yellow; ended ones ended in minute 101. */
  private enum Before {
    NONE,
    PENDING,
    FIRING,
    ACKNOWLEDGED,
    RESOLVED,
    CLOSED_WHILE_FIRING,
    CLOSED_AFTER_END
  }

  /**
   * One row of the table: type null and same id for a sighting that is only counted, EMPTY for one
   * that is nothing.
   */
  private record Row(
      Before before,
      Status seen,
      int minute,
      String event,
      @Nullable AlertState after,
      boolean isNew) {}

  private static Row row(
      Before before,
      Status seen,
      int minute,
      String event,
      @Nullable AlertState after,
      boolean isNew) {
    return new Row(before, seen, minute, event, after, isNew);
  }

  private static final List<Row> SAME_GRADE =
      List.of(
          row(Before.NONE, Status.PENDING, SOON, "PENDING", AlertState.PENDING, true),
          row(Before.NONE, Status.FIRING, SOON, "FIRED", AlertState.FIRING, true),
          row(Before.NONE, Status.CLEARED, SOON, "EMPTY", null, false),
          row(Before.PENDING, Status.PENDING, SOON, "~", AlertState.PENDING, false),
          row(Before.PENDING, Status.FIRING, SOON, "FIRED", AlertState.FIRING, false),
          row(Before.PENDING, Status.CLEARED, SOON, "RESOLVED", AlertState.RESOLVED, false),
          row(Before.FIRING, Status.PENDING, SOON, "~", AlertState.FIRING, false),
          row(Before.FIRING, Status.FIRING, SOON, "~", AlertState.FIRING, false),
          row(Before.FIRING, Status.CLEARED, SOON, "RESOLVED", AlertState.RESOLVED, false),
          row(Before.ACKNOWLEDGED, Status.PENDING, SOON, "~", AlertState.ACKNOWLEDGED, false),
          row(Before.ACKNOWLEDGED, Status.FIRING, SOON, "~", AlertState.ACKNOWLEDGED, false),
          row(Before.ACKNOWLEDGED, Status.CLEARED, SOON, "RESOLVED", AlertState.RESOLVED, false),
          row(Before.RESOLVED, Status.PENDING, SOON, "EMPTY", null, false),
          row(Before.RESOLVED, Status.FIRING, SOON, "REOPENED", AlertState.FIRING, false),
          row(Before.RESOLVED, Status.CLEARED, SOON, "EMPTY", null, false),
          row(Before.RESOLVED, Status.PENDING, LATE, "PENDING", AlertState.PENDING, true),
          row(Before.RESOLVED, Status.FIRING, LATE, "FIRED", AlertState.FIRING, true),
          row(Before.RESOLVED, Status.CLEARED, LATE, "EMPTY", null, false),
          row(Before.CLOSED_WHILE_FIRING, Status.PENDING, LATE, "~", AlertState.CLOSED, false),
          row(Before.CLOSED_WHILE_FIRING, Status.FIRING, LATE, "~", AlertState.CLOSED, false),
          row(Before.CLOSED_WHILE_FIRING, Status.CLEARED, LATE, "~", AlertState.CLOSED, false),
          row(Before.CLOSED_AFTER_END, Status.PENDING, SOON, "PENDING", AlertState.PENDING, true),
          row(Before.CLOSED_AFTER_END, Status.FIRING, SOON, "FIRED", AlertState.FIRING, true),
          row(Before.CLOSED_AFTER_END, Status.CLEARED, SOON, "EMPTY", null, false));

  @TestFactory
  Stream<DynamicTest> everySightingInEveryStateDoesWhatTheTableSays() {
    return SAME_GRADE.stream()
        .map(row -> DynamicTest.dynamicTest(row.toString(), () -> check(row, Grade.YELLOW)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Before.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "PENDING"})
  void aJudgementChangesNothingButWhatWasSaid(Before before) {
    Alert alert = Objects.requireNonNull(alert(before));
    Feedback said = new Feedback(Feedback.Verdict.FALSE_ALARM, "误报", "li", Anomalies.START);
    AlertMachine.Change change = AlertMachine.judge(alert, 7, said);
    assertThat(change.type()).isEqualTo(Type.JUDGED);
    assertThat(change.alert().feedback()).isEqualTo(said);
    assertThat(change.alert().revision()).isEqualTo(8);
    assertThat(change.alert().state()).isEqualTo(alert.state());
    assertThat(change.alert().owner()).isEqualTo(alert.owner());
    assertThatThrownBy(() -> AlertMachine.judge(change.alert(), 7, said))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
  }

  @Test
  void anAlertKeepsThePeriodThatItBeganWith() {
    Alert alert =
        AlertMachine.see(
                null, Anomalies.sighting("630102", Status.PENDING, Grade.YELLOW, 1), () -> "new")
            .orElseThrow()
            .alert();
    for (int minute : new int[] {2, 3}) {
      alert =
          AlertMachine.see(
                  alert,
                  Anomalies.sighting("630102", Status.FIRING, Grade.YELLOW, minute),
                  () -> "other")
              .orElseThrow()
              .alert();
    }
    assertThat(alert.firstPeriod()).isEqualTo(Anomalies.START.plusSeconds(60));
    assertThat(alert.latest().periodStart()).isEqualTo(Anomalies.START.plusSeconds(180));
  }

  @Test
  void anAlertThatHasNotFiredCannotBeJudged() {
    Feedback said = new Feedback(Feedback.Verdict.TRUE_ALARM, null, "li", Anomalies.START);
    assertThatThrownBy(
            () -> AlertMachine.judge(Objects.requireNonNull(alert(Before.PENDING)), 7, said))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
  }

  @Test
  void theTableIsWhole() {
    Set<String> pairs = new HashSet<>();
    SAME_GRADE.forEach(row -> pairs.add(row.before() + " " + row.seen()));
    assertThat(pairs).hasSize(Before.values().length * Status.values().length);
  }

  private static List<Row> graded(boolean isUp) {
    List<Row> rows = new ArrayList<>();
    for (Row row : SAME_GRADE) {
      boolean isChange =
          row.event().equals("~")
              && ((row.before() == Before.PENDING)
                  || (row.seen() == Status.FIRING && row.after() != AlertState.CLOSED));
      if (isChange) {
        AlertState after =
            isUp && row.after() == AlertState.ACKNOWLEDGED ? AlertState.FIRING : row.after();
        rows.add(row(row.before(), row.seen(), row.minute(), "GRADE_CHANGED", after, false));
      } else if (isUp
          && row.before() == Before.CLOSED_WHILE_FIRING
          && row.seen() == Status.FIRING) {
        rows.add(row(row.before(), row.seen(), row.minute(), "FIRED", AlertState.FIRING, true));
      } else {
        rows.add(row);
      }
    }
    return rows;
  }

  @TestFactory
  Stream<DynamicTest> aHigherGradeIsAnEventAndTakesAnAcknowledgementBack() {
    return graded(true).stream()
        .map(row -> DynamicTest.dynamicTest(row.toString(), () -> check(row, Grade.RED)));
  }

  @TestFactory
  Stream<DynamicTest> aLowerGradeIsAnEventAndLeavesAnAcknowledgement() {
    return graded(false).stream()
        .map(row -> DynamicTest.dynamicTest(row.toString(), () -> check(row, Grade.BLUE)));
  }

  private static void check(Row row, Grade grade) {
    Alert before = alert(row.before());
    Optional<AlertMachine.Change> change =
        AlertMachine.see(
            before, Anomalies.sighting("630102", row.seen(), grade, row.minute()), () -> "new");
    if (row.event().equals("EMPTY")) {
      assertThat(change).isEmpty();
      return;
    }
    Alert after = change.orElseThrow().alert();
    assertThat(change.get().type())
        .isEqualTo(row.event().equals("~") ? null : Type.valueOf(row.event()));
    assertThat(after.state()).isEqualTo(row.after());
    assertThat(after.id()).isEqualTo(row.isNew() ? "new" : "old");
    if (!row.isNew()) {
      assertThat(after.revision())
          .isEqualTo(before.revision() + (change.get().type() == null ? 0 : 1));
    }
    if (after.state() == AlertState.FIRING
        && !row.before().equals(Before.PENDING)
        && row.seen() == Status.FIRING) {
      assertThat(after.grade()).isEqualTo(grade);
    }
    assertThat(after.owner() == null)
        .isEqualTo(
            after.state() == AlertState.FIRING
                || before == null
                || before.owner() == null
                || row.isNew());
  }

  @ParameterizedTest
  @MethodSource
  void onlyAFiringAlertIsAcknowledgedAndOnlyAKnownOneClosed(Before before) {
    Alert alert = alert(before);
    boolean canAcknowledge = before == Before.FIRING;
    boolean canClose = before == Before.ACKNOWLEDGED || before == Before.RESOLVED;
    decision(
        canAcknowledge,
        () -> AlertMachine.acknowledge(alert, alert.revision(), "li", "去现场"),
        AlertState.ACKNOWLEDGED);
    decision(
        canClose,
        () -> AlertMachine.close(alert, alert.revision(), "li", "去现场"),
        AlertState.CLOSED);
    decision(
        false,
        () -> AlertMachine.acknowledge(alert, alert.revision() - 1, "li", null),
        AlertState.ACKNOWLEDGED);
    decision(
        false,
        () -> AlertMachine.close(alert, alert.revision() + 1, "li", null),
        AlertState.CLOSED);
  }

  static Stream<Before> onlyAFiringAlertIsAcknowledgedAndOnlyAKnownOneClosed() {
    return Arrays.stream(Before.values()).filter(before -> before != Before.NONE);
  }

  private static void decision(
      boolean isAllowed, Supplier<AlertMachine.Change> decision, AlertState after) {
    if (isAllowed) {
      Alert alert = decision.get().alert();
      assertThat(alert.state()).isEqualTo(after);
      assertThat(alert.owner()).isEqualTo("li");
      assertThat(alert.note()).isEqualTo("去现场");
      assertThat(alert.revision()).isEqualTo(8);
    } else {
      assertThatThrownBy(decision::get)
          .isInstanceOfSatisfying(
              ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }
  }

  @Test
  void firingAgainIsTheSameAlertUpToTenMinutesAfterItEnded() {
    Alert resolved = alert(Before.RESOLVED);
    Sighting atTen =
        new Sighting(
            Anomalies.anomaly("630102", Status.FIRING, Grade.YELLOW, 110),
            resolved.endsAt().plus(Duration.ofMinutes(10)));
    Sighting after = new Sighting(atTen.anomaly(), atTen.at().plusMillis(1));
    assertThat(AlertMachine.see(resolved, atTen, () -> "new").orElseThrow().alert().id())
        .isEqualTo("old");
    assertThat(AlertMachine.see(resolved, after, () -> "new").orElseThrow().alert().id())
        .isEqualTo("new");
  }

  @Test
  void theSameAnomalyTwiceCountsOnce() {
    Alert firing = alert(Before.FIRING);
    assertThat(
            AlertMachine.see(firing, new Sighting(firing.latest(), Anomalies.START), () -> "new"))
        .isEmpty();
  }

  static IntStream randomSequencesKeepTheInvariants() {
    return IntStream.range(0, 2000);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource
  void randomSequencesKeepTheInvariants(int seed) {
    Random random = new Random(seed);
    int ids = 0;
    Alert current = null;
    int minute = 0;
    for (int step = 0; step < 60; step++) {
      minute += 1 + random.nextInt(8);
      Alert before = current;
      AlertMachine.@Nullable Change change;
      if (current != null && random.nextInt(5) == 0) {
        int revision = current.revision() - (random.nextInt(4) == 0 ? 1 : 0);
        try {
          change =
              random.nextBoolean()
                  ? AlertMachine.acknowledge(current, revision, "wang", null)
                  : AlertMachine.close(current, revision, "wang", null);
          assertThat(revision).isEqualTo(current.revision());
        } catch (ChengmaiException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
          continue;
        }
      } else {
        Status status = Status.values()[random.nextInt(3)];
        Grade grade = Grade.values()[random.nextInt(4)];
        int id = ++ids;
        change =
            AlertMachine.see(
                    current, Anomalies.sighting("630102", status, grade, minute), () -> "id" + id)
                .orElse(null);
        if (change == null) {
          continue;
        }
      }
      current = change.alert();
      holds(before, change);
    }
  }

  private static void holds(@Nullable Alert before, AlertMachine.Change change) {
    Alert after = change.alert();
    boolean isNew = before == null || !before.id().equals(after.id());
    assertThat(after.lastSeenAt()).isAfterOrEqualTo(after.startsAt());
    assertThat(after.state() == AlertState.ACKNOWLEDGED)
        .isEqualTo(after.state() == AlertState.ACKNOWLEDGED && after.owner() != null);
    assertThat(after.state() == AlertState.FIRING && after.owner() != null).isFalse();
    assertThat(after.endsAt() != null && after.state().isOpen()).isFalse();
    assertThat(after.endsAt() == null && after.state() == AlertState.RESOLVED).isFalse();
    if (isNew) {
      assertThat(after.revision()).isEqualTo(1);
      assertThat(change.type()).isIn(Type.PENDING, Type.FIRED);
      assertThat(before == null || !before.state().isOpen())
          .as("an open alert is never left for a new one")
          .isTrue();
      return;
    }
    assertThat(after.revision()).isEqualTo(before.revision() + (change.type() == null ? 0 : 1));
    assertThat(after.count()).isBetween(before.count(), before.count() + 1);
    assertThat(after.lastSeenAt()).isAfterOrEqualTo(before.lastSeenAt());
    if (change.type() == null) {
      assertThat(after.state()).isEqualTo(before.state());
      assertThat(after.grade()).isEqualTo(before.grade());
      assertThat(after.owner()).isEqualTo(before.owner());
    }
    assertThat(before.state() == AlertState.CLOSED && after.state() != AlertState.CLOSED)
        .as("closed is final")
        .isFalse();
  }

  private static @Nullable Alert alert(Before before) {
    if (before == Before.NONE) {
      return null;
    }
    AlertState state =
        switch (before) {
          case NONE -> throw new AssertionError();
          case CLOSED_WHILE_FIRING, CLOSED_AFTER_END -> AlertState.CLOSED;
          default -> AlertState.valueOf(before.name());
        };
    boolean isOwned = state == AlertState.ACKNOWLEDGED || state == AlertState.CLOSED;
    Sighting first =
        Anomalies.sighting(
            "630102",
            state == AlertState.PENDING ? Status.PENDING : Status.FIRING,
            Grade.YELLOW,
            100);
    boolean hasEnded = before == Before.RESOLVED || before == Before.CLOSED_AFTER_END;
    return new Alert(
        "old",
        first.fingerprint(),
        state,
        Grade.YELLOW,
        7,
        first.at(),
        first.at(),
        hasEnded ? first.at() : null,
        1,
        isOwned ? "zhang" : null,
        null,
        first.anomaly());
  }
}
