package org.chengmai.models.incidents;

import java.time.Duration;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * When alarms are one incident.
 *
 * @param near greatest distance of two beginnings, one after the other
 * @param farthest lag at which movements are compared
 * @param longest part of an alarm's course that is compared
 * @param mostChance of a pair's movements
 * @param mostCoincidence chance that so many alarms begin so close together by themselves
 * @param draws of random beginnings by which that chance is known
 * @param seed of the draws
 */
public record IncidentConfig(
    Duration near,
    Duration farthest,
    Duration longest,
    double mostChance,
    double mostCoincidence,
    int draws,
    long seed) {
  public IncidentConfig {
    if (near.isNegative() || !(mostChance > 0) || !(mostCoincidence > 0) || draws < 100) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "incidents: near %s, mostChance %s, mostCoincidence %s, draws %d"
              .formatted(near, mostChance, mostCoincidence, draws));
    }
  }

  public static IncidentConfig defaults() {
    return new IncidentConfig(
        Duration.ofMinutes(20), Duration.ofMinutes(30), Duration.ofHours(2), 0.05, 0.01, 999, 1);
  }
}
