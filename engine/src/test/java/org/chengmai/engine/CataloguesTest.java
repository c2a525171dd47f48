package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.chengmai.engine.pipeline.Definitions;
import org.chengmai.engine.server.IndicatorCard;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.junit.jupiter.api.Test;

final class CataloguesTest {
  private static List<Integer> versions(String now, String first, String second) {
    String definition = Definitions.simple("CVS-ENV-0001", "PT1H", "neutral", "");
    IndicatorCatalogue catalogue =
        Definitions.catalogue(
            definition.replace("version: 1", "version: 1\n  effective: {from: " + first + "}"),
            definition.replace("version: 1", "version: 2\n  effective: {from: " + second + "}"));
    return Catalogues.cards(catalogue, Instant.parse(now)).stream()
        .map(IndicatorCard::version)
        .toList();
  }

  @Test
  void aCardShowsTheVersionInForceInTheCitysTime() {
    assertThat(versions("2026-02-01T15:59:59Z", "2026-01-01", "2026-02-02")).containsExactly(1);
    assertThat(versions("2026-02-01T16:00:00Z", "2026-01-01", "2026-02-02")).containsExactly(2);
  }

  @Test
  void beforeTheFirstIsInForceTheNewestIsShown() {
    assertThat(versions("2025-12-01T00:00:00Z", "2026-01-01", "2026-02-02")).containsExactly(2);
  }
}
