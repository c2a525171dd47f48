package org.chengmai.engine.quality;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that break a rule, as a matter between the city and the department that owns them.
 *
 * @param table its name in SQL
 * @param department that owns the table
 * @param firstDay the first day of rows that broke the rule
 * @param lastDay the last one that was seen
 * @param failed how many rows broke it when it was looked at last
 * @param failing the keys of some of them
 * @param dueOn the last day on which closing is in time
 * @param provisional whether that day rests on holidays that are not published yet
 */
public record Issue(
    long id,
    String table,
    String rule,
    String department,
    State state,
    LocalDate firstDay,
    LocalDate lastDay,
    long failed,
    List<Map<String, String>> failing,
    Instant openedAt,
    LocalDate dueOn,
    boolean provisional,
    @Nullable Instant closedAt) {

  /** Where an issue stands. */
  public enum State {
    /** Found by a look at the table. */
    OPEN,
    /** Sent back to the department. */
    RETURNED,
    /** Mended, as the department says; the next look verifies it. */
    FIXED,
    /** A look found that the rule is kept. */
    CLOSED,
    /** The rule is no longer stated. */
    WITHDRAWN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Something that was done about an issue.
   *
   * @param actor who did it; {@code engine} for what a look found
   * @param action opened, returned, fixed, failed_again, closed or withdrawn
   */
  public record Event(Instant at, String actor, String action, @Nullable String note) {}
}
