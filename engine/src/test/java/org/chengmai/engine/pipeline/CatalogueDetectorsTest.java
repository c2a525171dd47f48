package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.models.DayClass;
import org.junit.jupiter.api.Test;

class CatalogueDetectorsTest {
  private final CatalogueDetectors detectors =
      new CatalogueDetectors(
          Definitions.catalogue(
              Definitions.simple(
                  "CVS-ENV-0001",
                  "P1D",
                  "neutral",
                  "region: {levels: [city, county, street]}\ndetect: {levels: [city, county]}"),
              Definitions.simple("CVS-ENV-0002", "P1D", "neutral", "")),
          (LocalDate date) -> DayClass.WORKDAY);

  @Test
  void onlySeriesOfTheStatedLevelsAreWatched() {
    assertThat(detectors.isWatched(SeriesKey.of("CVS-ENV-0001", "630100"))).isTrue();
    assertThat(detectors.isWatched(SeriesKey.of("CVS-ENV-0001", "630102"))).isTrue();
    assertThat(detectors.isWatched(SeriesKey.of("CVS-ENV-0001", "630102001"))).isFalse();
    assertThat(detectors.isWatched(SeriesKey.of("CVS-ENV-0002", "630102"))).isTrue();
  }
}
