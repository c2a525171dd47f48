package org.chengmai.indicators.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.region.Regions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SearchKeysTest {
  private static final SearchKeys AIR =
      SearchKeys.of(List.of("CVS-ENV-0001", "细颗粒物小时浓度", "PM2.5, hourly", "PM2.5"));
  private static final SearchKeys QUALITY = SearchKeys.of(List.of("空气质量优良率", "Days of good air"));
  private static final SearchKeys GREEN = SearchKeys.of(List.of("建成区绿地率", "地铁客流"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CVS-ENV-0001",
        "env0001",
        "pm25",
        "PM2.5",
        "ｐｍ２．５",
        "PM₂.₅",
        "颗粒",
        "顆粒物",
        "xikeliwu",
        "keliwu",
        "klw",
        "XKLW",
        "pm25 hourly",
        "小时 颗粒",
        "小時　顆粒",
        "xiaoshi nongdu",
        ""
      })
  void aNameIsFoundHoweverItIsTyped(String query) {
    assertThat(AIR.match(query)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pm10", "ikeliwu", "空气", "klwx 噪声"})
  void whatIsNotInTheNameIsNotFound(String query) {
    assertThat(AIR.match(query)).isFalse();
  }

  @Test
  void pinyinIsFoundInFullAndByInitials() {
    assertThat(List.of("kongqizhiliang", "kqzl", "空氣質量", "zhiliang", "good air"))
        .allMatch(QUALITY::match);
  }

  @Test
  void theVowelOfGreenIsTypedInTwoWays() {
    assertThat(List.of("ludilu", "lvdilv", "ldl", "綠地", "ditie")).allMatch(GREEN::match);
  }

  @Test
  @DisplayName("any piece of a shipped name finds it, whatever its case (seed 7)")
  void anyPieceOfAShippedNameFindsIt() {
    Random random = new Random(7);
    for (IndicatorDefinition definition :
        IndicatorCatalogue.load(ShippedDefinitions.files(), Regions.xining(), null).all()) {
      IndicatorDefinition.Name name = definition.metadata().name();
      SearchKeys keys = SearchKeys.of(List.of(definition.code(), name.zh(), name.en()));
      for (String text : List.of(definition.code(), name.zh(), name.en())) {
        int from = random.nextInt(text.length());
        int to = from + 1 + random.nextInt(text.length() - from);
        String piece = text.substring(from, to);
        assertThat(keys.match(piece.toUpperCase(Locale.ROOT))).as(piece).isTrue();
      }
    }
  }
}
