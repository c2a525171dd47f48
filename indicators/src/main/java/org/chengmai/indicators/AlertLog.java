package org.chengmai.indicators;

import java.util.List;
import java.util.UUID;

/** Reads the alert log. Safe for use by several threads; calls may block on the store. */
public interface AlertLog {

  UUID epoch();

  /** The newest sequence number, 0 while the log is empty. */
  long head();

  /** The oldest sequence number that can still be read, 1 for a whole log. */
  long floor();

  /** Up to {@code limit} events after {@code seq}, in order. */
  List<AlertEvent> after(long seq, int limit);

  /** Alerts that someone still has to look at, severest and newest first. */
  List<Alert> open();
}
