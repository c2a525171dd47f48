package org.chengmai.models.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * Alarms of several series that are one happening.
 *
 * @param id of the alert that was first; stays while the incident grows
 * @param start when the first series left its band
 * @param end null while an alarm of it goes on
 * @param grade the severest
 * @param coincidence chance that alarms that are not computed from one another would have begun so
 *     close together; null where one is computed from the other
 * @param members the likeliest origin first
 */
public record Incident(
    String id,
    Instant start,
    @Nullable Instant end,
    Grade grade,
    @Nullable Double coincidence,
    List<Member> members) {
  public Incident {
    members = List.copyOf(members);
  }

  /**
   * One series of an incident.
   *
   * @param alerts its alerts
   * @param onset when it left its band
   * @param lag by which its movement follows that of the series that was first
   * @param correlation of the two at that lag, null where one has no residuals
   * @param peak its greatest residual, in standard deviations; null without residuals
   * @param explains members that are computed from it
   * @param origin 0 to 1: how likely it is where to look, among the members
   * @param trace residuals from an hour before the incident on; null without
   */
  public record Member(
      SeriesKey key,
      List<String> alerts,
      Grade grade,
      Instant onset,
      Duration lag,
      @Nullable Double correlation,
      @Nullable Double peak,
      List<SeriesKey> explains,
      double origin,
      @Nullable Residuals trace) {
    public Member {
      alerts = List.copyOf(alerts);
      explains = List.copyOf(explains);
    }
  }
}
