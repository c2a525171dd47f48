package org.chengmai.engine.pipeline;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many alarms a series may raise, and when it raises none.
 *
 * @param perDay alarms of one series on one day, beyond which all but red ones are held back and
 *     told in one sentence; null for any number
 * @param suppressWhen conditions under which none is raised: {@code quality.bad}, {@code
 *     maintenance}, {@code exercise}
 * @param zone in which a day begins
 */
public record AlarmPolicy(@Nullable Integer perDay, List<String> suppressWhen, ZoneId zone) {
  /** The condition that a value rests on fewer inputs than it should, or on old ones. */
  static final String BAD_QUALITY = "quality.bad";

  public AlarmPolicy {
    suppressWhen = List.copyOf(suppressWhen);
  }

  /** Every alarm is raised. */
  static AlarmPolicy all(ZoneId zone) {
    return new AlarmPolicy(null, List.of(), zone);
  }

  /** Whether it ever holds an alarm back. */
  boolean isAll() {
    return perDay == null && suppressWhen.isEmpty();
  }
}
