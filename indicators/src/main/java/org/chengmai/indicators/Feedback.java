package org.chengmai.indicators;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator said of an alert; the newest holds, the alert log keeps the earlier ones.
 *
 * @param note in the operator's words, such as the name of the concert
 * @param by who
 * @param at when, UTC
 */
public record Feedback(Verdict verdict, @Nullable String note, String by, Instant at) {

  /** What an alert turned out to be. */
  public enum Verdict {
    /** Something was wrong. */
    TRUE_ALARM,
    /** Nothing was. */
    FALSE_ALARM,
    /** Something was different, for a reason that was known: a concert, works on a road. */
    EXPECTED_EVENT
  }
}
