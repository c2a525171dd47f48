package org.chengmai.indicators;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One episode of something wrong, from pending to closed: a projection of the alert log.
 *
 * @param id ULID
 * @param fingerprint what makes two anomalies the same alert: series and detector
 * @param revision one higher at each change; acknowledging names the revision that was seen
 * @param count how many firing anomalies it stands for
 * @param feedback what an operator said of it last, null before
 * @param assessment what feedback on earlier alerts says of it, null when nothing
 * @param latest the anomaly that changed it last
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
    Anomaly latest) {

  /** An alert that nobody has judged yet. */
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
        latest);
  }

  /** The same, judged. */
  public Alert withFeedback(Feedback said) {
    return with(said, assessment);
  }

  /** The same with what feedback on earlier alerts says of it. */
  public Alert withAssessment(@Nullable Assessment other) {
    return with(feedback, other);
  }

  private Alert with(@Nullable Feedback said, @Nullable Assessment other) {
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
        other,
        latest);
  }
}
