package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeRollUpTest {
  /** Monday, 5 January 2026, in Shanghai. */
  private static final Instant MIDNIGHT = Instant.parse("2026-01-04T16:00:00Z");

  private static final Instant NEXT = MIDNIGHT.plusSeconds(86_400);

  private static IndicatorDefinition shipped(String code) {
    return Samples.load(ShippedDefinitions.files()).get(code);
  }

  private static IndicatorDefinition sample(String type, String what) {
    return Samples.load(
            Samples.PM25
                .replace("type: simple", "type: " + type)
                .replace("value: AVG(val)", what)
                .replace("decimals: 1", "decimals: 3"),
            null)
        .get("CVS-ENV-0001");
  }

  @Test
  void aDaysCallsAreThoseOfItsHours() {
    IndicatorDefinition calls = shipped("CVS-HOT-0001");
    List<IndicatorPoint> hours = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      hours.add(point(calls, hour, (double) hour, null, null, hour));
    }
    Computed day = day(calls, hours);
    assertThat(day.value()).isEqualTo(276.0);
    assertThat(day.n()).isEqualTo(276);
    assertThat(day.trust()).isEqualTo(Trust.COMPLETE);
    assertThat(day.grain()).isEqualTo(Grain.of("P1D"));
    assertThat(day.periodStart()).isEqualTo(MIDNIGHT);
  }

  @Test
  void aRatioIsThatOfAllAndNotTheMeanOfRatios() {
    IndicatorDefinition answered = shipped("CVS-HOT-0002");
    List<IndicatorPoint> hours = new ArrayList<>();
    hours.add(point(answered, 0, 50.0, 1.0, 2.0, 2));
    hours.add(point(answered, 1, 100.0, 98.0, 98.0, 98));
    for (int hour = 2; hour < 24; hour++) {
      // a numerator without a denominator is no value, and still counts
      hours.add(point(answered, hour, null, hour == 2 ? 1.0 : 0.0, 0.0, 0));
    }
    Computed day = day(answered, hours);
    assertThat(day.value()).isEqualTo(100.0);
    assertThat(day.numerator()).isEqualTo(100.0);
    assertThat(day.denominator()).isEqualTo(100.0);
    assertThat(day.trust()).isEqualTo(Trust.COMPLETE);
    Computed none = day(answered, hours.subList(2, 24));
    assertThat(none.value()).isNull();
    assertThat(none.reasons().en()).anyMatch(r -> r.contains("denominator of all periods is zero"));
  }

  @Test
  void aYearOfMonthsIsRecomputed() {
    IndicatorDefinition closed = shipped("CVS-ECO-0003");
    List<IndicatorPoint> months = new ArrayList<>();
    for (int month = 1; month <= 12; month++) {
      Instant start = LocalDate.of(2025, month, 1).atStartOfDay(closed.period().zone()).toInstant();
      months.add(at(closed, start, 100.0 / month, 1.0, (double) month, 1, 1, Trust.COMPLETE));
    }
    Computed year = values(closed, "P1Y", months, Instant.parse("2025-07-01T00:00:00Z"), 1).get(0);
    assertThat(year.value()).isEqualTo(15.4); // 12 of 78
    assertThat(year.periodStart()).isEqualTo(Instant.parse("2024-12-31T16:00:00Z"));
    assertThat(year.trust()).isEqualTo(Trust.COMPLETE);
  }

  @Test
  void missingHoursMakeADayPartial() {
    IndicatorDefinition dust = shipped("CVS-ENV-0001");
    Computed day =
        day(
            dust,
            List.of(
                point(dust, 3, 10.0, 40.0, 4.0, 4),
                point(dust, 4, 40.0, 40.0, 1.0, 1),
                point(dust, 5, null, null, null, 0)));
    assertThat(day.value()).isEqualTo(16.0);
    assertThat(day.trust()).isEqualTo(Trust.PARTIAL);
    assertThat(day.reasons().zh()).containsExactly("应有24期，实有2期");
    assertThat(day.reasons().en()).containsExactly("2 of 24 periods have a value");
    Computed empty = day(dust, List.of());
    assertThat(empty.trust()).isEqualTo(Trust.MISSING);
    assertThat(empty.value()).isNull();
    assertThat(empty.reasons().zh()).containsExactly("本周期无数据");
  }

  @Test
  void theWorstTrustOfTheHoursIsTheDays() {
    IndicatorDefinition calls = shipped("CVS-HOT-0001");
    for (Trust trust : List.of(Trust.LATE, Trust.PARTIAL)) {
      List<IndicatorPoint> hours = new ArrayList<>();
      for (int hour = 0; hour < 24; hour++) {
        Instant start = MIDNIGHT.plusSeconds(3600L * hour);
        hours.add(at(calls, start, 1.0, null, null, 1, 1, hour == 7 ? trust : Trust.COMPLETE));
      }
      Computed day = day(calls, hours);
      assertThat(day.trust()).isEqualTo(trust);
      assertThat(day.reasons().zh())
          .isEqualTo(trust == Trust.LATE ? List.of() : List.of("1期的值本身不完整"));
    }
  }

  @Test
  void theNewestRevisionCounts() {
    IndicatorDefinition calls = shipped("CVS-HOT-0001");
    Computed day =
        day(
            calls,
            List.of(
                at(calls, MIDNIGHT, 9.0, null, null, 1, 2, Trust.LATE),
                at(calls, MIDNIGHT, 5.0, null, null, 1, 1, Trust.COMPLETE)));
    assertThat(day.value()).isEqualTo(9.0);
  }

  @Test
  void otherVersionsOfTheDefinitionAreLeftOut() {
    IndicatorDefinition second =
        Samples.load(Samples.PM25.replace("version: 1", "version: 2"), null).get("CVS-ENV-0001");
    List<IndicatorPoint> hours =
        List.of(
            point(sample("simple", "value: AVG(val)"), 0, 99.0, 99.0, 1.0, 1),
            point(second, 1, 10.0, 20.0, 2.0, 2));
    Computed day = day(second, hours);
    assertThat(day.value()).isEqualTo(10.0);
    assertThat(day.version()).isEqualTo(2);
    assertThat(day.reasons().en())
        .containsExactly(
            "1 of 24 periods have a value",
            "1 periods are of another version of the definition and left out");
    assertThat(day(second, hours.subList(0, 1)).reasons().en())
        .containsExactly(
            "no input in this period",
            "1 periods are of another version of the definition and left out");
    assertThat(values(second, "PT1H", hours, MIDNIGHT, 3600).get(0).version()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    // hours of 3, 5 and 4
    "SUM(val),                                            12",
    "COUNT(*),                                            12",
    "MIN(val),                                             3",
    "MAX(val),                                             5",
    "'SUM(val)\n  additivity: {time: avg, region: sum}',   4",
    "'SUM(val)\n  additivity: {time: max, region: sum}',   5",
    "'SUM(val)\n  additivity: {time: recompute, region: sum}', 12",
    "'MAX(val)\n  additivity: {time: recompute, region: max}', 5",
  })
  void valuesCombineAsTheAggregateOrTheDefinitionSays(String value, double day) {
    String yaml = Samples.PM25.replace("value: AVG(val)", "value: " + value);
    IndicatorDefinition definition =
        Samples.load(
                value.contains("additivity")
                    ? yaml.replace("  additivity: {region: recompute}\n", "")
                    : yaml,
                null)
            .get("CVS-ENV-0001");
    Computed computed =
        day(
            definition,
            List.of(
                point(definition, 0, 3.0, null, null, 1),
                point(definition, 1, 5.0, null, null, 1),
                point(definition, 2, 4.0, null, null, 1)));
    assertThat(computed.value()).isEqualTo(day);
    assertThat(computed.n()).isEqualTo(3);
  }

  @Test
  void aScaledSumIsScaledOnce() {
    IndicatorDefinition scaled = sample("simple", "value: SUM(val)\n  scale: 0.1");
    Computed day =
        day(
            scaled,
            List.of(point(scaled, 0, 1.5, null, null, 1), point(scaled, 1, 2.25, null, null, 1)));
    assertThat(day.value()).isEqualTo(3.75);
  }

  @Test
  void theGreatestEightHoursOfAMonthAreThoseOfItsDays() {
    IndicatorDefinition ozone = shipped("CVS-ENV-0004");
    List<IndicatorPoint> days =
        List.of(
            at(ozone, MIDNIGHT, 80.0, null, null, 96, 1, Trust.COMPLETE),
            at(ozone, NEXT, 170.0, null, null, 90, 1, Trust.COMPLETE));
    Computed month = values(ozone, "P1M", days, MIDNIGHT, 1).get(0);
    assertThat(month.value()).isEqualTo(170.0);
    assertThat(month.n()).isEqualTo(186);
    assertThat(month.reasons().en()).containsExactly("2 of 31 periods have a value");
  }

  @Test
  void levelsAndFormulasAreRecomputedFromTheirParts() {
    IndicatorDefinition noise = sample("simple", "value: ENERGY_MEAN(val)");
    Computed day =
        day(
            noise,
            List.of(
                parts(noise, 0, 60.0, "{\"value\":[1.0E6,1.0]}"),
                parts(noise, 1, 70.0, "{\"value\":[1.0E7,1.0]}")));
    assertThat(day.value()).isEqualTo(67.404);
    assertThat(day.parts()).isEqualTo("{\"value\":[1.1E7,2.0]}");
    IndicatorDefinition index =
        sample(
            "derived",
            """
            measures: {pm25: AVG(a), o3: AVG(b), top: MAX(c)}
              formula: max(pm25, o3) + top"""
                .strip());
    Computed both =
        day(
            index,
            List.of(
                parts(index, 0, 0.0, "{\"pm25\":[10,1],\"o3\":[0,1],\"top\":[1]}"),
                parts(index, 1, 0.0, "{\"pm25\":[0,1],\"o3\":[30,2],\"top\":[7]}")));
    assertThat(both.value()).isEqualTo(17.0); // max(10 / 2, 30 / 3) + 7, not the mean of 11 and 22
    Computed without = day(index, List.of(parts(index, 0, 0.0, "{\"pm25\":[10,1],\"top\":[1]}")));
    assertThat(without.value()).isEqualTo(11.0);
    assertThat(without.reasons().zh()).contains("缺少o3");
  }

  @Test
  void aYearsSumAndAStockAreWhatTheyAreAtTheEnd() {
    IndicatorDefinition good = shipped("CVS-ENV-0003");
    List<IndicatorPoint> days = new ArrayList<>();
    for (int day = 0; day < 7; day++) {
      Instant start = MIDNIGHT.plusSeconds(86_400L * day);
      days.add(at(good, start, 90.0 + day, 9.0, 10.0, 10 + day, 1, Trust.COMPLETE));
    }
    Computed week = values(good, "P1W", days, MIDNIGHT, 1).get(0);
    assertThat(week.value()).isEqualTo(96.0);
    assertThat(week.n()).isEqualTo(16);
    assertThat(week.trust()).isEqualTo(Trust.COMPLETE);
    Computed open = values(good, "P1W", days.subList(0, 3), MIDNIGHT, 1).get(0);
    assertThat(open.value()).isEqualTo(92.0);
    assertThat(open.trust()).isEqualTo(Trust.PARTIAL);
    assertThat(open.reasons().zh()).containsExactly("期末无值，取此前最后的值");
    IndicatorDefinition events = shipped("CVS-EMG-0001");
    Instant last = MIDNIGHT.plusSeconds(3300);
    assertThat(
            values(
                    events,
                    "PT1H",
                    List.of(at(events, last, 4.0, null, null, 4, 1, Trust.COMPLETE)),
                    MIDNIGHT,
                    1)
                .get(0)
                .value())
        .isEqualTo(4.0);
  }

  @Test
  void whatDoesNotCombineHasAReason() {
    IndicatorDefinition rain = shipped("CVS-WEA-0001");
    Computed hour =
        values(
                rain,
                "PT1H",
                List.of(at(rain, MIDNIGHT, 3.0, 3.0, 1.0, 1, 1, Trust.COMPLETE)),
                MIDNIGHT,
                1)
            .get(0);
    assertThat(hour.value()).isNull();
    assertThat(hour.trust()).isEqualTo(Trust.MISSING);
    assertThat(hour.reasons().zh()).containsExactly("定义声明各期的值不可合成");
    // at its own grain it has the value that it has
    assertThat(
            values(
                    rain,
                    "PT10M",
                    List.of(at(rain, MIDNIGHT, 3.0, 3.0, 1.0, 1, 1, Trust.COMPLETE)),
                    MIDNIGHT,
                    1)
                .get(0)
                .value())
        .isEqualTo(3.0);
    IndicatorDefinition monthly =
        Samples.load(
                Samples.PM25
                    .replace("type: simple", "type: cumulative\n  since: month")
                    .replace("grain: PT1H", "grain: P1D"),
                null)
            .get("CVS-ENV-0001");
    List<IndicatorPoint> one = List.of(at(monthly, MIDNIGHT, 3.0, 3.0, 1.0, 1, 1, Trust.COMPLETE));
    assertThat(values(monthly, "P1Y", one, MIDNIGHT, 1).get(0).reasons().zh())
        .containsExactly("自月初累计的值不能说明全年");
    assertThat(values(monthly, "P1M", one, MIDNIGHT, 1).get(0).value()).isEqualTo(3.0);
    IndicatorDefinition moving =
        sample("derived", "measures: {a: \"MOVING_MAX(8, 6, val)\"}\n  formula: a * 2");
    assertThat(day(moving, List.of()).reasons().en())
        .containsExactly("a moving maximum within a formula cannot be recomputed from periods");
  }

  @Test
  void anIndexOfALongerPeriodIsNotMadeOfIndices() {
    Map<String, String> files = new TreeMap<>();
    String scored =
        Samples.PM25
            + "normalise: {method: piecewise, points: [[0, 100], [500, 0]]}\nweight: {value: 0.5}\n";
    files.put("a.yaml", scored);
    files.put("b.yaml", scored.replace("0001", "0002"));
    files.put(
        "c.yaml",
        Samples.PM25
            .replace("0001", "9000")
            .replaceAll(
                "(?s)  type: simple.*?  inputs: \\[\\]",
                "  type: composite\n  inputs: [\"indicator:CVS-ENV-0001\", \"indicator:CVS-ENV-0002\"]\n  additivity: {region: none}")
            .replaceAll("(?s)direction: .*", "direction: higher_better\n"));
    IndicatorDefinition index = Samples.load(files).get("CVS-ENV-9000");
    assertThat(day(index, List.of(point(index, 0, 50.0, null, null, 1))).reasons().zh())
        .containsExactly("综合指数不由各期指数合成");
    files.computeIfPresent(
        "c.yaml",
        (name, yaml) -> yaml.replace("{region: none}", "{time: recompute, region: none}"));
    assertThatThrownBy(() -> Samples.load(files))
        .hasMessageContaining(
            "definition.additivity.time: recompute over periods does not fit an index of type composite");
  }

  @ParameterizedTest
  @CsvSource({
    "CVS-HOT-0004, P1W, P1M",
    "CVS-HOT-0004, P1W, P1Y",
    "CVS-HOT-0001, PT1H, PT15M",
    "CVS-ECO-0003, P1M, P1D",
    "CVS-WEA-0001, PT10M, PT15M"
  })
  void aGrainThatIsNotMadeOfWholePeriodsIsRefused(String code, String own, String asked) {
    assertThatThrownBy(() -> TimeRollUp.of(shipped(code), Grain.of(asked), PeriodCalendar.NATURAL))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(code + " has a value every " + own)
        .hasMessageContaining("do not make up " + asked);
  }

  @Test
  void pointsOfAnotherSeriesAreRefused() {
    IndicatorDefinition calls = shipped("CVS-HOT-0001");
    assertThatThrownBy(
            () ->
                TimeRollUp.of(calls, Grain.of("P1D"), PeriodCalendar.NATURAL)
                    .values(
                        SeriesKey.of(calls.code(), "630103"),
                        List.of(point(calls, 0, 1.0, null, null, 1)),
                        MIDNIGHT,
                        NEXT))
        .hasMessage("CVS-HOT-0001/630102 is not of the series CVS-HOT-0001/630103");
  }

  @ParameterizedTest
  @CsvSource({
    "cumulative, 'value: SUM(val)\n  since: year', sum, SUM(val) of type cumulative",
    "snapshot,   value: SUM(val),                  sum, SUM(val) of type snapshot",
    "snapshot,   value: COUNT(*),                  recompute, COUNT(*) of type snapshot",
    "simple,     'value: MOVING_MAX(8, 6, val)',   recompute, 'MOVING_MAX(8.0, 6.0, val) of type simple'",
    "simple,     value: MIN(val),                  max, MIN(val) of type simple",
    "simple,     value: ENERGY_MEAN(val),          avg, ENERGY_MEAN(val) of type simple",
    "derived,    'measures: {a: SUM(val)}\n  formula: a', max, a formula of type derived"
  })
  void whatDoesNotFitTheValueIsRefusedAtLoad(
      String type, String what, String time, String message) {
    String yaml =
        Samples.PM25
            .replace("type: simple", "type: " + type)
            .replace("value: AVG(val)", what)
            .replace("{region: recompute}", "{time: " + time + ", region: recompute}");
    assertThatThrownBy(() -> Samples.load(yaml, null))
        .hasMessageEndingWith(
            "definition.additivity.time: %s over periods does not fit %s; leave it out for what does [non-additive]"
                .formatted(time, message));
  }

  private static Computed day(IndicatorDefinition definition, List<IndicatorPoint> points) {
    return values(definition, "P1D", points, MIDNIGHT, 86_400).get(0);
  }

  private static List<Computed> values(
      IndicatorDefinition definition,
      String grain,
      List<IndicatorPoint> points,
      Instant from,
      long seconds) {
    return TimeRollUp.of(definition, Grain.of(grain), PeriodCalendar.NATURAL)
        .values(SeriesKey.of(definition.code(), "630102"), points, from, from.plusSeconds(seconds));
  }

  private static IndicatorPoint point(
      IndicatorDefinition definition,
      int hour,
      @Nullable Double value,
      @Nullable Double numerator,
      @Nullable Double denominator,
      long n) {
    return at(
        definition,
        MIDNIGHT.plusSeconds(3600L * hour),
        value,
        numerator,
        denominator,
        n,
        1,
        value == null ? Trust.MISSING : Trust.COMPLETE);
  }

  private static IndicatorPoint parts(
      IndicatorDefinition definition, int hour, double value, String parts) {
    return new IndicatorPoint(
        SeriesKey.of(definition.code(), "630102"),
        definition.version(),
        MIDNIGHT.plusSeconds(3600L * hour),
        definition.grain(),
        value,
        null,
        null,
        1,
        parts,
        Map.of(),
        Trust.COMPLETE,
        1,
        MIDNIGHT,
        "");
  }

  private static IndicatorPoint at(
      IndicatorDefinition definition,
      Instant start,
      @Nullable Double value,
      @Nullable Double numerator,
      @Nullable Double denominator,
      long n,
      int revision,
      Trust trust) {
    return new IndicatorPoint(
        SeriesKey.of(definition.code(), "630102"),
        definition.version(),
        start,
        definition.grain(),
        value,
        numerator,
        denominator,
        n,
        trust,
        revision,
        start,
        "");
  }
}
