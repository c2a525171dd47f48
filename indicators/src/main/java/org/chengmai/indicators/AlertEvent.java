package org.chengmai.indicators;

import java.time.Instant;
import java.util.UUID;

/**
 * One entry of the alert log, the only truth about alerts.
 *
 * @param epoch changes when the log was lost or restored; a reader with another epoch starts anew
 * @param seq from 1, without a gap
 * @param type what happened
 * @param at when it was written, UTC
 * @param actor the user or detector that caused it
 * @param alert the alert after the event
 */
public record AlertEvent(UUID epoch, long seq, Type type, Instant at, String actor, Alert alert) {

  /** What can happen to an alert. */
  public enum Type {
    PENDING,
    FIRED,
    GRADE_CHANGED,
    CONTINUED,
    /** It was suppressed and is so no longer: from now on it calls people. */
    RELEASED,
    /** Nobody has answered for as long as a step of the definition says: more are called. */
    ESCALATED,
    ACKNOWLEDGED,
    JUDGED,
    RESOLVED,
    REOPENED,
    CLOSED
  }
}
