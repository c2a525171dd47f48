package org.chengmai.indicators;

import java.time.Instant;

/**
 * Why an alert calls nobody: what it is about falls into a time of works or of an exercise. The
 * alert is kept and shown all the same.
 *
 * @param window the id of that time in the book
 * @param reason in the words of who wrote it down
 * @param by who wrote it down
 * @param until its end, UTC
 */
public record Suppression(String window, Kind kind, String reason, String by, Instant until) {

  /** What disturbs the measuring; {@code suppress_when} of a definition names it in lower case. */
  public enum Kind {
    MAINTENANCE,
    EXERCISE
  }
}
