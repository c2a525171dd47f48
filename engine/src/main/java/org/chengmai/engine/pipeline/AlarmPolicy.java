package org.chengmai.engine.pipeline;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * How many alarms a series may raise, and when it raises none.
 *
 * @param perDay alarms of one series on one day, beyond which all but red ones are held back and
 *     told in one sentence; null for any number
 * @param isHeldWhenBad whether none is raised while the value rests on fewer inputs than it should,
 *     or on old ones
 * @param zone in which a day begins
 */
public record AlarmPolicy(@Nullable Integer perDay, boolean isHeldWhenBad, ZoneId zone) {
  /** Every alarm is raised. */
  static AlarmPolicy all(ZoneId zone) {
    return new AlarmPolicy(null, false, zone);
  }

  /** Whether it ever holds an alarm back. */
  boolean isAll() {
    return perDay == null && !isHeldWhenBad;
  }
}
