package org.chengmai.indicators.rootcause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.rootcause.Attribution.Contribution;
import org.chengmai.indicators.rootcause.Attribution.Explained;
import org.chengmai.indicators.rootcause.Attribution.Kind;
import org.chengmai.indicators.rootcause.Attribution.Unexplained;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointPartsTest {
  private static final Instant NOON = Instant.parse("2026-01-05T04:00:00Z");
  private static final IndicatorCatalogue CATALOGUE =
      IndicatorCatalogue.load(ShippedDefinitions.files(), Regions.xining(), null);

  @Test
  void districtsExplainTheCitysCount() {
    IndicatorDefinition calls = CATALOGUE.get("CVS-HOT-0001");
    Explained explained =
        (Explained)
            Attribution.between(
                calls,
                count(calls, "630100", 40.0),
                count(calls, "630100", 100.0),
                List.of(count(calls, "630102", 30.0), count(calls, "630103", 10.0)),
                List.of(count(calls, "630102", 80.0), count(calls, "630103", 17.0)));
    assertThat(explained.change()).isEqualByComparingTo("60");
    assertThat(explained.contributions())
        .extracting(Contribution::kind, Contribution::name, c -> c.points().intValue())
        .containsExactly(
            tuple(Kind.PART, "630102", 50),
            tuple(Kind.PART, "630103", 7),
            // rows of no known region
            tuple(Kind.UNKNOWN, null, 3));
  }

  @Test
  void districtsExplainTheCitysRatioByTheirParts() {
    IndicatorDefinition answered = CATALOGUE.get("CVS-HOT-0002");
    Explained explained =
        (Explained)
            Attribution.between(
                answered,
                ratio(answered, "630100", 190, 200),
                ratio(answered, "630100", 150, 200),
                List.of(ratio(answered, "630102", 95, 100), ratio(answered, "630103", 95, 100)),
                List.of(ratio(answered, "630102", 60, 100), ratio(answered, "630103", 90, 100)));
    assertThat(explained.change()).isEqualByComparingTo("-20.0");
    assertThat(explained.contributions().get(0).name()).isEqualTo("630102");
    assertThat(explained.contributions().get(0).rate()).isEqualByComparingTo("-17.5");
    assertThat(explained.contributions().get(0).share()).isEqualTo(0.875);
  }

  @Test
  void averagesAreSumsOverCounts() {
    IndicatorDefinition dust = CATALOGUE.get("CVS-ENV-0001");
    Explained explained =
        (Explained)
            Attribution.between(
                dust,
                null,
                null,
                List.of(ratio(dust, "630102", 100, 4), ratio(dust, "630103", 100, 4)),
                List.of(ratio(dust, "630102", 500, 4), ratio(dust, "630103", 100, 4)));
    assertThat(explained.change()).isEqualByComparingTo("50");
    assertThat(explained.contributions().get(0).name()).isEqualTo("630102");
  }

  @Test
  void dimensionValuesAreNamedByTheirDimensions() {
    IndicatorDefinition calls = CATALOGUE.get("CVS-HOT-0001");
    SeriesKey heat = new SeriesKey(calls.code(), "630100", new TreeMap<>(Map.of("topic", "供热")));
    SeriesKey water = new SeriesKey(calls.code(), "630100", new TreeMap<>(Map.of("topic", "供水")));
    Explained explained =
        (Explained)
            Attribution.between(
                calls,
                null,
                null,
                List.of(point(calls, water, 5.0, null, null)),
                List.of(point(calls, water, 4.0, null, null), point(calls, heat, 9.0, null, null)));
    assertThat(explained.contributions())
        .extracting(Contribution::name)
        .containsExactly("topic=供热", "topic=供水");
    assertThat(explained.change()).isEqualByComparingTo("8");
    List<IndicatorPoint> twice =
        List.of(point(calls, water, 4.0, null, null), point(calls, water, 4.0, null, null));
    assertThatThrownBy(() -> Attribution.between(calls, null, null, twice, List.of()))
        .hasMessageContaining("CVS-HOT-0001/630100/topic=供水 is there twice");
  }

  @Test
  void aDistrictWithoutAValueIsMissing() {
    IndicatorDefinition calls = CATALOGUE.get("CVS-HOT-0001");
    Explained explained =
        (Explained)
            Attribution.between(
                calls,
                count(calls, "630100", 40.0),
                count(calls, "630100", 10.0),
                List.of(count(calls, "630102", 30.0), count(calls, "630103", 10.0)),
                List.of(count(calls, "630102", null), count(calls, "630103", 10.0)));
    assertThat(explained.missing()).containsExactly("630102");
    assertThat(explained.contributions().get(0).kind()).isEqualTo(Kind.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "CVS-ENV-0002, 'max(iaqi(', 既不是和也不是两和之商",
    "CVS-UTL-0002, 'MAX(val) is neither a sum', 'MAX(val) 既不是和'",
    "CVS-ENV-0003, the source states each, 来源分别给出"
  })
  void whatIsNotMadeOfItsPartsIsNotDecomposed(String code, String en, String zh) {
    IndicatorDefinition definition = CATALOGUE.get(code);
    List<IndicatorPoint> parts =
        List.of(ratio(definition, "630102", 1, 2), ratio(definition, "630103", 1, 3));
    Unexplained unexplained =
        (Unexplained) Attribution.between(definition, null, null, parts, parts);
    assertThat(unexplained.reasons().en().get(0)).contains(en);
    assertThat(unexplained.reasons().zh().get(0)).contains(zh);
  }

  @Test
  void theSuspectIsFoundAmongSeveralDimensions() {
    IndicatorDefinition calls =
        IndicatorCatalogue.load(
                Map.of(
                    "a.yaml",
                    ShippedDefinitions.files()
                        .get("CVS-HOT-0001.yaml")
                        .replace("\nperiod:", "\ndimensions: [topic, channel]\nperiod:")
                        .replaceAll("(?s)\ntests:.*", "\n")
                        .replace("published", "draft")),
                Regions.xining(),
                null)
            .get("CVS-HOT-0001");
    List<IndicatorPoint> before = new ArrayList<>();
    List<IndicatorPoint> after = new ArrayList<>();
    for (String region : List.of("630102", "630103")) {
      for (String topic : List.of("供热", "供水")) {
        for (String channel : List.of("电话", "网络")) {
          SeriesKey key =
              new SeriesKey(
                  calls.code(), region, new TreeMap<>(Map.of("topic", topic, "channel", channel)));
          before.add(point(calls, key, 10.0, null, null));
          after.add(point(calls, key, topic.equals("供热") ? 40.0 : 11.0, null, null));
        }
      }
    }
    List<Split> splits = Split.rank(calls, before, after);
    assertThat(splits).extracting(Split::dimension).containsExactly("topic", "channel", "region");
    assertThat(splits.get(0).suspects()).containsExactly("供热");
    assertThat(splits.get(0).attribution().change()).isEqualByComparingTo("124");
    assertThat(splits.get(1).surprise()).isEqualTo(0);
  }

  @Test
  void pointsOfAnotherIndicatorAreRefused() {
    IndicatorDefinition calls = CATALOGUE.get("CVS-HOT-0001");
    IndicatorPoint other = count(CATALOGUE.get("CVS-SAF-0001"), "630102", 1.0);
    assertThatThrownBy(() -> Attribution.between(calls, null, null, List.of(other), List.of()))
        .hasMessageContaining("CVS-SAF-0001/630102 of version 1 is not CVS-HOT-0001");
  }

  private static IndicatorPoint count(
      IndicatorDefinition definition, String region, @Nullable Double value) {
    return point(definition, SeriesKey.of(definition.code(), region), value, null, null);
  }

  private static IndicatorPoint ratio(
      IndicatorDefinition definition, String region, double numerator, double denominator) {
    return point(
        definition,
        SeriesKey.of(definition.code(), region),
        definition.factor() * numerator / denominator,
        numerator,
        denominator);
  }

  private static IndicatorPoint point(
      IndicatorDefinition definition,
      SeriesKey key,
      @Nullable Double value,
      @Nullable Double numerator,
      @Nullable Double denominator) {
    return new IndicatorPoint(
        key,
        definition.version(),
        NOON,
        definition.grain(),
        value,
        numerator,
        denominator,
        1,
        value == null ? Trust.MISSING : Trust.COMPLETE,
        1,
        NOON,
        "");
  }
}
