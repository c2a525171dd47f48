package org.chengmai.engine.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.chengmai.engine.incidents.IncidentBook;
import org.chengmai.engine.incidents.IncidentCard;

/**
 * What the alerts of a disturbance of the whole city became.
 *
 * @param incidents that hold any of the alerts
 * @param series of the largest of them
 * @param alerts of the disturbance that the largest holds
 * @param all alerts of the disturbance
 * @param apart members of the further ones, each with when it left its band
 */
record CityIncident(int incidents, int series, int alerts, int all, List<String> apart) {
  private static final int FEWEST_SERIES = 10;

  /** Of the alerts; others may be of a disturbance that happened to come at the same time. */
  private static final double MOST = 0.9;

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** Waits until the alerts are one incident, but not for ever. */
  static CityIncident await(IncidentBook book, Set<String> alerts, Instant from, Instant to) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    CityIncident seen = of(book.between(from, to), alerts);
    while (!seen.isOne() && System.nanoTime() < deadline) {
      Demo.pause(1000);
      seen = of(book.between(from, to), alerts);
    }
    return seen;
  }

  static CityIncident of(List<IncidentCard> incidents, Set<String> alerts) {
    List<IncidentCard> holding = incidents.stream().filter(one -> held(one, alerts) > 0).toList();
    return holding.stream()
        .max(Comparator.comparingLong(one -> held(one, alerts)))
        .map(
            largest ->
                new CityIncident(
                    holding.size(),
                    (int)
                        largest.members().stream().map(IncidentCard.Member::key).distinct().count(),
                    (int) held(largest, alerts),
                    alerts.size(),
                    holding.stream()
                        .filter(one -> one != largest)
                        .flatMap(one -> one.members().stream())
                        .map(member -> "%s since %s".formatted(member.key(), member.onset()))
                        .toList()))
        .orElse(new CityIncident(0, 0, 0, alerts.size(), List.of()));
  }

  private static long held(IncidentCard incident, Set<String> alerts) {
    return incident.members().stream()
        .flatMap(member -> member.alerts().stream())
        .filter(alerts::contains)
        .distinct()
        .count();
  }

  boolean isOne() {
    return incidents == 1 && series >= FEWEST_SERIES && alerts >= MOST * all;
  }

  @Override
  public String toString() {
    return "%d of %d planted alerts are one incident of %d series%s"
        .formatted(
            alerts,
            all,
            series,
            isOne()
                ? ""
                : "; %d incidents hold planted alerts, one of at least %d series with %.0f %% of them was expected; apart: %s"
                    .formatted(incidents, FEWEST_SERIES, 100 * MOST, apart));
  }
}
