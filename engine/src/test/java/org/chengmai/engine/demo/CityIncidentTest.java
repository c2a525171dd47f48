package org.chengmai.engine.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.engine.incidents.IncidentCard;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;
import org.junit.jupiter.api.Test;

class CityIncidentTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Set<String> PLANTED = alerts(0, 12);

  private static Set<String> alerts(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "alert" + i).collect(Collectors.toSet());
  }

  /** An incident of series with one alert each, by the alerts' numbers. */
  private static IncidentCard incident(int from, int to) {
    return new IncidentCard(
        "alert" + from,
        START,
        null,
        Grade.ORANGE,
        null,
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    new IncidentCard.Member(
                        SeriesKey.of("CVS-TRF-0004", "6301" + i),
                        List.of("alert" + i),
                        Grade.ORANGE,
                        START,
                        Duration.ZERO,
                        null,
                        null,
                        List.of(),
                        0,
                        null))
            .toList());
  }

  @Test
  void alertsOfManySeriesInOneIncidentAreOneBesideOthersOfNone() {
    CityIncident seen = CityIncident.of(List.of(incident(20, 40), incident(1, 12)), PLANTED);
    assertThat(seen).isEqualTo(new CityIncident(1, 11, 11, 12, List.of()));
    assertThat(seen.isOne()).isTrue();
  }

  @Test
  void twoIncidentsFewSeriesOrFewOfTheAlertsAreNotOne() {
    CityIncident torn = CityIncident.of(List.of(incident(0, 1), incident(1, 12)), PLANTED);
    assertThat(torn)
        .isEqualTo(
            new CityIncident(
                2, 11, 11, 12, List.of("CVS-TRF-0004/63010 since 2026-03-01T00:00:00Z")));
    assertThat(torn.isOne()).isFalse();
    assertThat(CityIncident.of(List.of(incident(0, 9)), alerts(0, 9)).isOne()).isFalse();
    assertThat(CityIncident.of(List.of(incident(0, 10)), alerts(0, 10)).isOne()).isTrue();
    assertThat(CityIncident.of(List.of(incident(0, 10)), PLANTED).isOne()).isFalse();
    assertThat(CityIncident.of(List.of(), PLANTED))
        .isEqualTo(new CityIncident(0, 0, 0, 12, List.of()));
  }
}
