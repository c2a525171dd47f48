package org.chengmai.engine.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.chengmai.indicators.Observation;
import org.junit.jupiter.api.Test;

class DemoCityTest {
  private static final Instant MIDNIGHT = Instant.parse("2026-11-26T16:00:00Z");

  private final DemoCity city = new DemoCity(1, List.of("630102", "630103"), day -> true);

  private List<Observation> readings(String measure, Instant from, Instant to) {
    return city.readings(from, to, m -> m.name().equals(measure));
  }

  @Test
  void onePlantStandsInTheFirstDistrict() {
    assertThat(readings("pump.flow", MIDNIGHT, MIDNIGHT.plusSeconds(60)))
        .extracting(Observation::series)
        .containsExactly("pump.flow.630102.1");
    assertThat(readings("river.level", MIDNIGHT, MIDNIGHT.plusSeconds(3600))).hasSize(2);
  }

  @Test
  void nobodyEntersAStationAtNight() {
    assertThat(readings("metro.inflow", MIDNIGHT, MIDNIGHT.plusSeconds(6 * 3600)))
        .hasSize(72)
        .allMatch(reading -> reading.value() == 0);
    assertThat(
            readings(
                "metro.inflow", MIDNIGHT.plusSeconds(6 * 3600), MIDNIGHT.plusSeconds(23 * 3600)))
        .allMatch(reading -> reading.value() > 0);
  }
}
