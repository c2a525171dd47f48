package org.chengmai.indicators.rootcause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.rootcause.Related.Relation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RelatedTest {
  private static List<IndicatorDefinition> definitions() {
    return IndicatorCatalogue.load(ShippedDefinitions.files(), Regions.xining(), null).all();
  }

  private static IndicatorDefinition find(String code) {
    return definitions().stream().filter(d -> d.code().equals(code)).findFirst().orElseThrow();
  }

  @Test
  void theNearestInTheTreeComeFirstThenTheGreatestDeviation() {
    Map<String, Double> z =
        Map.of(
            "CVS-ENV-9000", -4.0,
            "CVS-ENV-0001", 2.5,
            "CVS-ENV-0004", 1.9,
            "CVS-ENV-0002", 3.0,
            "CVS-TRF-0001", -9.0,
            "CVS-HOT-0001", 5.0);
    assertThat(Related.rank(find("CVS-ENV-9000"), definitions(), z, Map.of()))
        .extracting(Related::code, Related::relation)
        .containsExactly(
            tuple("CVS-ENV-0002", Relation.INPUT),
            tuple("CVS-ENV-0001", Relation.INPUT),
            tuple("CVS-TRF-0001", Relation.OTHER),
            tuple("CVS-HOT-0001", Relation.OTHER));
    assertThat(Related.rank(find("CVS-ENV-0001"), definitions(), z, Map.of()).subList(0, 2))
        .containsExactly(
            new Related("CVS-ENV-9000", Relation.READER, -4.0, null),
            new Related("CVS-ENV-0002", Relation.SAME_DOMAIN, 3.0, null));
  }

  @Test
  void whoMovesFirstLeads() {
    Random random = new Random(4);
    List<@Nullable Double> rain = new ArrayList<>();
    List<@Nullable Double> jam = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rain.add(random.nextDouble());
      jam.add(i < 3 ? null : (Double) (5 - 2 * Objects.requireNonNull(rain.get(i - 3))));
    }
    jam.set(50, null);
    Related rains =
        Related.rank(
                find("CVS-TRF-0001"),
                definitions(),
                Map.of("CVS-WEA-0001", 4.0),
                Map.of("CVS-TRF-0001", jam, "CVS-WEA-0001", rain))
            .get(0);
    Lead lead = Objects.requireNonNull(rains.lead());
    assertThat(lead.periods()).isEqualTo(3);
    assertThat(lead.correlation()).isBetween(-1.0 - 1e-12, -1.0 + 1e-12);
    assertThat(Lead.between(rain, jam).orElseThrow().periods()).isEqualTo(-3);
  }

  @Test
  void unrelatedStepsTrendsAndShortSeriesHaveNoLead() {
    Random random = new Random(5);
    List<@Nullable Double> one = new ArrayList<>();
    List<@Nullable Double> other = new ArrayList<>();
    List<@Nullable Double> trend = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      one.add(random.nextDouble());
      other.add(random.nextDouble());
      trend.add(0.1 * i);
    }
    assertThat(Lead.between(one, other)).isEmpty();
    assertThat(Lead.between(trend, trend)).isEmpty();
    assertThat(Lead.between(one.subList(0, 20), one.subList(0, 20))).isEmpty();
    assertThat(Lead.between(one, one).orElseThrow().periods()).isZero();
    assertThatThrownBy(() -> Lead.between(one, one.subList(0, 20)))
        .hasMessageContaining("series of 200 and 20 periods");
  }
}
