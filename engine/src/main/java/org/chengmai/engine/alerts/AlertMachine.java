package org.chengmai.engine.alerts;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent.Type;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Escalation;
import org.chengmai.indicators.Feedback;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Suppression;
import org.chengmai.indicators.definition.Alerting.Step;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which an alert lives: pure, so that the same sightings give the same log. The table,
 * for the newest alert of a fingerprint (rows) and what is seen (columns); {@code ~} keeps the
 * alert and only counts the sighting:
 *
 * <pre>
 *               PENDING          FIRING                                   CLEARED
 * none          PENDING, new     FIRED, new                               nothing
 * PENDING       ~                FIRED                                    RESOLVED
 * FIRING        ~                ~                                        RESOLVED
 * ACKNOWLEDGED  ~                ~                                        RESOLVED
 * RESOLVED      nothing*, or new REOPENED*, or new                        nothing
 * CLOSED        ~**, or new      ~** unless the grade is higher, or new   ~** and it has ended
 *
 * *  within ten minutes of the resolution; later it is another episode
 * ** while the condition that it was closed on still holds
 * </pre>
 *
 * A sighting of another grade gives GRADE_CHANGED in place of {@code ~}, except when closed; a
 * higher grade takes an acknowledgement back, a lower one doesn't. A PENDING sighting never takes a
 * firing alert's state or grade back.
 */
final class AlertMachine {
  static final Duration REOPEN_WITHIN = Duration.ofMinutes(10);

  /** With these it is decided anew whether an alert calls people. */
  private static final Set<Type> BEGINNINGS = Set.of(Type.PENDING, Type.FIRED, Type.REOPENED);

  /** With these people are called. */
  private static final Set<Type> CALLING =
      Set.of(Type.FIRED, Type.REOPENED, Type.RELEASED, Type.GRADE_CHANGED);

  private AlertMachine() {}

  /**
   * What became of an alert.
   *
   * @param type the event to write, null when the alert is only counted on
   */
  record Change(@Nullable Type type, Alert alert) {}

  /**
   * Applies a sighting to the newest alert of its fingerprint; empty when nothing is to be kept.
   */
  static Optional<Change> see(@Nullable Alert current, Sighting sighting, Supplier<String> newId) {
    Anomaly anomaly = sighting.anomaly();
    if (current == null) {
      return begin(sighting, newId);
    }
    if (isRepeated(current.latest(), anomaly)) {
      return Optional.empty();
    }
    return switch (current.state()) {
      case PENDING, FIRING, ACKNOWLEDGED -> Optional.of(whileOpen(current, sighting));
      case RESOLVED -> afterResolved(current, sighting, newId);
      case CLOSED -> afterClosed(current, sighting, newId);
    };
  }

  /** Someone takes the alert on; CONFLICT unless it fires and {@code revision} is its newest. */
  static Change acknowledge(Alert current, int revision, String who, @Nullable String note) {
    requireNewest(current, revision);
    if (current.state() != AlertState.FIRING) {
      throw refused(current, "acknowledged", "only a firing alert can be");
    }
    return new Change(
        Type.ACKNOWLEDGED, copy(current, AlertState.ACKNOWLEDGED).by(who, note).changed());
  }

  /**
   * Someone has dealt with the alert; CONFLICT unless it is acknowledged or resolved and {@code
   * revision} its newest.
   */
  static Change close(Alert current, int revision, String who, @Nullable String note) {
    requireNewest(current, revision);
    if (current.state() != AlertState.ACKNOWLEDGED && current.state() != AlertState.RESOLVED) {
      throw refused(current, "closed", "it has to be acknowledged or resolved first");
    }
    return new Change(Type.CLOSED, copy(current, AlertState.CLOSED).by(who, note).changed());
  }

  /**
   * Someone says what the alert turned out to be; CONFLICT unless it ever fired and {@code
   * revision} is its newest.
   */
  static Change judge(Alert current, int revision, Feedback feedback) {
    requireNewest(current, revision);
    if (current.state() == AlertState.PENDING) {
      throw refused(current, "judged", "it has not fired yet");
    }
    return new Change(Type.JUDGED, copy(current, current.state()).changed().withFeedback(feedback));
  }

  /**
   * Marks an alert that begins with an anomaly that calls nobody. The mark is taken away with the
   * first anomaly that would have called someone; one that called people before stays as it is.
   *
   * @param why why an anomaly calls nobody; null where it does
   */
  static Change suppress(
      Change change, Anomaly anomaly, Function<Anomaly, @Nullable Suppression> why) {
    Alert alert = change.alert();
    boolean begins = change.type() != null && BEGINNINGS.contains(change.type());
    if (!begins && (alert.suppression() == null || !alert.state().isOpen())) {
      return change;
    }
    Suppression now = why.apply(anomaly);
    if (begins || now != null) {
      return new Change(change.type(), alert.withSuppression(now));
    }
    return change.type() == null
        ? new Change(Type.RELEASED, copy(alert, alert.state()).changed().withSuppression(null))
        : new Change(change.type(), alert.withSuppression(null));
  }

  /**
   * Begins to wait for an answer where people are called and more may be; whoever says what an
   * alert turned out to be has answered.
   *
   * @param steps who else is called, and when
   */
  static Alert await(Type type, Alert alert, List<Step> steps, Instant now) {
    boolean waits =
        alert.state() == AlertState.FIRING
            && alert.suppression() == null
            && type != Type.JUDGED
            && !steps.isEmpty();
    Escalation held = waits ? alert.escalation() : null;
    boolean begins = waits && held == null && CALLING.contains(type);
    return alert.withEscalation(begins ? new Escalation(now, List.of()) : held);
  }

  /**
   * Calls those whose step has come; empty where nobody's has. Who feedback demoted calls nobody.
   */
  static Optional<Change> escalate(Alert alert, List<Step> steps, Instant now) {
    Escalation held = alert.escalation();
    if (held == null || (alert.assessment() != null && alert.assessment().demoted())) {
      return Optional.empty();
    }
    List<String> due =
        steps.stream()
            .filter(step -> !held.since().plus(step.after()).isAfter(now))
            .map(Step::to)
            .toList();
    return due.size() <= held.to().size()
        ? Optional.empty()
        : Optional.of(
            new Change(
                Type.ESCALATED,
                copy(alert, alert.state())
                    .changed()
                    .withEscalation(new Escalation(held.since(), due))));
  }

  private static Optional<Change> begin(Sighting sighting, Supplier<String> newId) {
    Anomaly anomaly = sighting.anomaly();
    if (anomaly.status() == Anomaly.Status.CLEARED) {
      return Optional.empty();
    }
    boolean fires = anomaly.status() == Anomaly.Status.FIRING;
    Alert alert =
        new Alert(
            newId.get(),
            sighting.fingerprint(),
            fires ? AlertState.FIRING : AlertState.PENDING,
            anomaly.grade(),
            1,
            sighting.at(),
            sighting.at(),
            null,
            fires ? 1 : 0,
            null,
            null,
            anomaly);
    return Optional.of(new Change(fires ? Type.FIRED : Type.PENDING, alert));
  }

  private static Change whileOpen(Alert current, Sighting sighting) {
    Anomaly anomaly = sighting.anomaly();
    AlertState state = current.state();
    switch (anomaly.status()) {
      case CLEARED -> {
        return new Change(
            Type.RESOLVED,
            copy(current, AlertState.RESOLVED).seen(sighting).ended(sighting.at()).changed());
      }
      case PENDING -> {
        if (state != AlertState.PENDING) {
          return new Change(null, copy(current, state).at(sighting.at()).alert());
        }
      }
      case FIRING -> {
        if (state == AlertState.PENDING) {
          return new Change(
              Type.FIRED,
              copy(current, AlertState.FIRING).seen(sighting).graded(anomaly).changed());
        }
      }
    }
    int worse = anomaly.grade().compareTo(current.grade());
    if (worse == 0) {
      return new Change(null, copy(current, state).seen(sighting).alert());
    }
    Draft draft = copy(current, state);
    if (worse > 0 && state == AlertState.ACKNOWLEDGED) {
      draft = copy(current, AlertState.FIRING).disowned();
    }
    return new Change(Type.GRADE_CHANGED, draft.seen(sighting).graded(anomaly).changed());
  }

  private static Optional<Change> afterResolved(
      Alert current, Sighting sighting, Supplier<String> newId) {
    Instant endsAt = current.endsAt() == null ? current.lastSeenAt() : current.endsAt();
    if (sighting.at().isAfter(endsAt.plus(REOPEN_WITHIN))) {
      return begin(sighting, newId);
    }
    if (sighting.anomaly().status() != Anomaly.Status.FIRING) {
      return Optional.empty();
    }
    Draft draft =
        copy(current, AlertState.FIRING)
            .seen(sighting)
            .graded(sighting.anomaly())
            .ended(null)
            .disowned();
    return Optional.of(new Change(Type.REOPENED, draft.changed()));
  }

  private static Optional<Change> afterClosed(
      Alert current, Sighting sighting, Supplier<String> newId) {
    Anomaly anomaly = sighting.anomaly();
    boolean worse =
        anomaly.status() == Anomaly.Status.FIRING && anomaly.grade().compareTo(current.grade()) > 0;
    if (current.endsAt() != null || worse) {
      return begin(sighting, newId);
    }
    Draft draft = copy(current, AlertState.CLOSED).seen(sighting);
    return Optional.of(
        new Change(
            null,
            anomaly.status() == Anomaly.Status.CLEARED
                ? draft.ended(sighting.at()).alert()
                : draft.alert()));
  }

  private static boolean isRepeated(Anomaly latest, Anomaly anomaly) {
    return Sighting.fingerprint(latest).equals(Sighting.fingerprint(anomaly))
        && latest.periodStart().equals(anomaly.periodStart())
        && latest.revision() == anomaly.revision()
        && latest.status() == anomaly.status();
  }

  private static void requireNewest(Alert current, int revision) {
    if (current.revision() != revision) {
      throw new ChengmaiException(
          ErrorCode.CONFLICT,
          "alert %s is at revision %d (%s%s), not %d: look again"
              .formatted(
                  current.id(),
                  current.revision(),
                  current.state(),
                  current.owner() == null ? "" : " by " + current.owner(),
                  revision));
    }
  }

  private static ChengmaiException refused(Alert current, String what, String why) {
    return new ChengmaiException(
        ErrorCode.CONFLICT,
        "alert %s is %s and cannot be %s: %s".formatted(current.id(), current.state(), what, why));
  }

  private static Draft copy(Alert current, AlertState state) {
    return new Draft(current, state);
  }

  /** An alert on its way to the next one. */
  private static final class Draft {
    private final Alert before;
    private final AlertState state;
    private Grade grade;
    private Instant lastSeenAt;
    private @Nullable Instant endsAt;
    private int count;
    private @Nullable String owner;
    private @Nullable String note;
    private Anomaly latest;

    Draft(Alert before, AlertState state) {
      this.before = before;
      this.state = state;
      grade = before.grade();
      lastSeenAt = before.lastSeenAt();
      endsAt = before.endsAt();
      count = before.count();
      owner = before.owner();
      note = before.note();
      latest = before.latest();
    }

    Draft at(Instant at) {
      lastSeenAt = at.isAfter(lastSeenAt) ? at : lastSeenAt;
      return this;
    }

    Draft seen(Sighting sighting) {
      latest = sighting.anomaly().with(before.past());
      if (latest.status() == Anomaly.Status.FIRING) {
        count++;
      }
      return at(sighting.at());
    }

    Draft graded(Anomaly anomaly) {
      grade = anomaly.grade();
      return this;
    }

    Draft ended(@Nullable Instant at) {
      endsAt = at;
      return this;
    }

    Draft by(String who, @Nullable String words) {
      owner = who;
      note = words == null ? note : words;
      return this;
    }

    Draft disowned() {
      owner = null;
      return this;
    }

    Alert alert() {
      return build(before.revision());
    }

    Alert changed() {
      return build(before.revision() + 1);
    }

    private Alert build(int revision) {
      return new Alert(
          before.id(),
          before.fingerprint(),
          state,
          grade,
          revision,
          before.startsAt(),
          lastSeenAt,
          endsAt,
          count,
          owner,
          note,
          before.feedback(),
          before.assessment(),
          before.suppression(),
          state == AlertState.FIRING ? before.escalation() : null,
          before.firstPeriod(),
          latest,
          before.past());
    }
  }
}
