package org.chengmai.engine.duty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chengmai.engine.duty.Desk.minute;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.AlertBook;
import org.chengmai.engine.alerts.Anomalies;
import org.chengmai.engine.alerts.Assessor;
import org.chengmai.engine.alerts.OffsetCommit;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.Assessment;
import org.chengmai.indicators.Escalation;
import org.chengmai.indicators.Feedback;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Suppression;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who else is called when nobody answers, by {@code alert.escalate}, in a real PostgreSQL. */
@ExtendWith(RealServers.class)
final class EscalationIT {
  private static final IndicatorCatalogue CATALOGUE =
      Desk.catalogue(
          """
          detect: {model: seasonal, suppress_when: [exercise]}
          alert: {escalate: [PT10M: shift-lead, PT30M: deputy-director]}
          """);

  private Desk desk;
  private QuietBook quiet;
  private AlertBook alerts;

  @BeforeEach
  void open() {
    desk = new Desk();
    quiet = desk.quiet(CATALOGUE);
    alerts = opened(Assessor.NONE);
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  private AlertBook opened(Assessor assessor) {
    return desk.alerts(new CatalogueRules(CATALOGUE, quiet), assessor);
  }

  private Alert see(Status status, Grade grade, int minute) {
    desk.now.set(minute(minute));
    alerts.append(
        List.of(Anomalies.sighting("630102", status, grade, minute)), OffsetCommit.none());
    return alerts.newest(1).get(0);
  }

  /** Who was called in this minute. */
  private List<String> called(int minute) {
    desk.now.set(minute(minute));
    List<AlertEvent> events = alerts.escalate();
    assertThat(events).allMatch(event -> event.type() == AlertEvent.Type.ESCALATED);
    return events.stream().map(event -> String.join(", ", escalation(event.alert()).to())).toList();
  }

  private static Escalation escalation(Alert alert) {
    return Objects.requireNonNull(alert.escalation());
  }

  @Test
  void eachStepCallsOnceAndTheTimeRunsOverARestart() {
    see(Status.FIRING, Grade.RED, 0);
    assertThat(called(9)).isEmpty();
    assertThat(called(10)).containsExactly("shift-lead");
    assertThat(called(11)).isEmpty();
    Alert seen = see(Status.FIRING, Grade.RED, 12);
    assertThat(seen.revision()).isEqualTo(2);
    assertThat(escalation(seen)).isEqualTo(new Escalation(minute(0), List.of("shift-lead")));
    alerts = opened(Assessor.NONE);
    assertThat(called(31)).containsExactly("shift-lead, deputy-director");
    assertThat(called(90)).isEmpty();
  }

  @Test
  void stepsThatPassedWhileNobodyLookedAreOneCall() {
    see(Status.FIRING, Grade.RED, 0);
    assertThat(called(45)).containsExactly("shift-lead, deputy-director");
  }

  @Test
  void whoAcknowledgesOrJudgesHasAnswered() {
    Alert alert = see(Status.FIRING, Grade.YELLOW, 0);
    alerts.acknowledge(Desk.OPERATOR, alert.id(), 1, null);
    assertThat(called(60)).isEmpty();
    assertThat(see(Status.FIRING, Grade.RED, 61).escalation())
        .as("worse, so that it is to be answered anew")
        .isEqualTo(new Escalation(minute(61), List.of()));
    assertThat(called(71)).containsExactly("shift-lead");
    alerts.judge(Desk.OPERATOR, alert.id(), 4, Feedback.Verdict.TRUE_ALARM, null);
    assertThat(called(200)).isEmpty();
  }

  @Test
  void whatIsOverPendingOrSuppressedCallsNobody() {
    see(Status.PENDING, Grade.RED, 0);
    assertThat(called(60)).isEmpty();
    see(Status.FIRING, Grade.RED, 61);
    see(Status.CLEARED, Grade.RED, 62);
    assertThat(called(120)).isEmpty();
    quiet.create(
        Desk.OPERATOR,
        new QuietBook.Draft(
            Suppression.Kind.EXERCISE, minute(130), minute(160), List.of(), List.of(), "演练"));
    see(Status.FIRING, Grade.RED, 130);
    assertThat(called(159)).isEmpty();
    assertThat(see(Status.FIRING, Grade.RED, 160).escalation())
        .as("it calls people from now on")
        .isEqualTo(new Escalation(minute(160), List.of()));
    assertThat(called(170)).containsExactly("shift-lead");
  }

  @Test
  void whatFeedbackDemotedCallsNobodyElse() {
    alerts =
        opened(
            (handle, alert, alongside) ->
                new Assessment(0.1, true, "feedback-combiner@1", Reasons.of("低", "low")));
    see(Status.FIRING, Grade.BLUE, 0);
    assertThat(called((int) Duration.ofDays(1).toMinutes())).isEmpty();
  }
}
