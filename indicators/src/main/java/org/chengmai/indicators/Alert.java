package org.chengmai.indicators;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One episode of something wrong, from pending to closed: a projection of the alert log.
 *
 * @param id ULID
 * @param fingerprint what makes two anomalies the same alert: series and detector, or what {@code
 *     alert.dedup} of the definition names
 * @param revision one higher at each change; acknowledging names the revision that was seen
 * @param count how many firing anomalies it stands for
 * @param feedback what an operator said of it last, null before
 * @param assessment what feedback on earlier alerts says of it, null when nothing
 * @param suppression why it calls nobody, null when it does
 * @param escalation since when it waits for an answer, null when it does not or nobody else is to
 *     be called
 * @param firstPeriod start of the first period that it spoke of, UTC; null of alerts of earlier
 *     versions
 * @param latest the anomaly that changed it last; what is in {@code past} comes after its own
 *     reasons
 * @param past what was told of the series' earlier incidents when it began
 */
public record Alert(
    String id,
    String fingerprint,
    AlertState state,
    Grade grade,
    int revision,
    Instant startsAt,
    Instant lastSeenAt,
    @Nullable Instant endsAt,
    int count,
    @Nullable String owner,
    @Nullable String note,
    @Nullable Feedback feedback,
    @Nullable Assessment assessment,
    @Nullable Suppression suppression,
    @Nullable Escalation escalation,
    @Nullable Instant firstPeriod,
    Anomaly latest,
    Anomaly.Reasons past) {
  private static final Anomaly.Reasons NONE = new Anomaly.Reasons(List.of(), List.of());

  public Alert {
    // alerts of earlier versions have none
    past = Objects.requireNonNullElse(past, NONE);
  }

  /** One that nobody has judged yet, of whose series no earlier incident was told. */
  public Alert(
      String id,
      String fingerprint,
      AlertState state,
      Grade grade,
      int revision,
      Instant startsAt,
      Instant lastSeenAt,
      @Nullable Instant endsAt,
      int count,
      @Nullable String owner,
      @Nullable String note,
      Anomaly latest) {
    this(
        id,
        fingerprint,
        state,
        grade,
        revision,
        startsAt,
        lastSeenAt,
        endsAt,
        count,
        owner,
        note,
        null,
        null,
        null,
        null,
        latest.periodStart(),
        latest,
        NONE);
  }

  /** The same, judged. */
  public Alert withFeedback(Feedback said) {
    return with(said, assessment, suppression, escalation, latest, past);
  }

  /** The same with what feedback on earlier alerts says of it. */
  public Alert withAssessment(@Nullable Assessment other) {
    return with(feedback, other, suppression, escalation, latest, past);
  }

  /** The same, suppressed or not. */
  public Alert withSuppression(@Nullable Suppression other) {
    return with(feedback, assessment, other, escalation, latest, past);
  }

  /** The same, waiting for an answer or not. */
  public Alert withEscalation(@Nullable Escalation other) {
    return with(feedback, assessment, suppression, other, latest, past);
  }

  /** The same, with what is told of earlier incidents. */
  public Alert withPast(Anomaly.Reasons incidents) {
    return with(feedback, assessment, suppression, escalation, latest.with(incidents), incidents);
  }

  private Alert with(
      @Nullable Feedback said,
      @Nullable Assessment assessed,
      @Nullable Suppression suppressed,
      @Nullable Escalation escalated,
      Anomaly anomaly,
      Anomaly.Reasons incidents) {
    return new Alert(
        id,
        fingerprint,
        state,
        grade,
        revision,
        startsAt,
        lastSeenAt,
        endsAt,
        count,
        owner,
        note,
        said,
        assessed,
        suppressed,
        escalated,
        firstPeriod,
        anomaly,
        incidents);
  }
}
