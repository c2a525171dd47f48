package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What cannot be averaged: percentiles, levels of noise, moving maxima, indices, sums of a year.
 */
class ArithmeticTest {
  private static final Instant NOON = Instant.parse("2026-01-05T04:00:00Z");
  private static final Instant MIDNIGHT = Instant.parse("2026-01-04T16:00:00Z");

  private static String sample(String type, String what) {
    return Samples.PM25
        .replace("type: simple", "type: " + type)
        .replace("value: AVG(val)", what)
        .replace("expected: 4", "expected: 1")
        .replace("decimals: 1", "decimals: 6");
  }

  private static String daily(String yaml) {
    return yaml.replace("grain: PT1H", "grain: P1D");
  }

  private static Table table(String columns, List<List<@Nullable Object>> rows) {
    return new Table(
        Arrays.stream(columns.split(" ")).map(c -> new Table.Column(c, "ANY")).toList(), rows);
  }

  private static Computed of(List<Computed> all, String region, Instant start) {
    return all.stream()
        .filter(c -> c.key().region().equals(region) && c.periodStart().equals(start))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {3, 20_260_107, 630_102})
  void theCitysPercentileIsThatOfAllInputs(long seed) {
    IndicatorGroup group = Samples.group(sample("simple", "value: PERCENTILE(0.9, val)"));
    assertThat(group.sql(NOON, NOON.plusSeconds(1)))
        .contains("(val) AS sample", "region, (val)", "SUM(val) AS a_0", "COUNT(val) AS b_0");
    Random random = new Random(seed);
    List<Double> all = new ArrayList<>();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String region : List.of("630102", "630103", "630104")) {
      for (int i = 0; i < 70; i++) {
        double value = random.nextInt(1000);
        long count = 1 + random.nextInt(3);
        rows.add(List.of(NOON, region, value, value * count, count, count));
        for (long k = 0; k < count; k++) {
          all.add(value);
        }
      }
    }
    all.sort(null);
    double ninth = all.get((int) Math.ceil(0.9 * all.size()) - 1);
    Computed city =
        of(
            group.read(
                table("period_start region_code sample a_0 b_0 n_0", rows),
                NOON,
                NOON.plusSeconds(3600)),
            "630100",
            NOON);
    assertThat(city.value()).isEqualTo(ninth);
    assertThat(city.n()).isEqualTo(all.size());
  }

  @Test
  void aPercentilesPartsGiveThatOfALongerPeriod() {
    Member member =
        Member.of(
            Samples.group(sample("simple", "value: PERCENTILE(0.5, val)")).definitions().get(0));
    Contribution first = samples(DoubleStream.iterate(1, i -> i <= 50, i -> i + 1));
    Contribution second = samples(DoubleStream.iterate(51, i -> i <= 101, i -> i + 1));
    Contribution read =
        Parts.read(member, Objects.requireNonNull(Parts.write(member, first)), 50)
            .merge(
                Parts.read(member, Objects.requireNonNull(Parts.write(member, second)), 51),
                member.components());
    assertThat(member.value(read)).isEqualTo(51.0);
    Contribution many = samples(DoubleStream.iterate(0, i -> i < 100_000, i -> i + 1));
    String text = Objects.requireNonNull(Parts.write(member, many));
    assertThat(text.length()).isLessThan(8_000);
    assertThat(Objects.requireNonNull(member.value(Parts.read(member, text, 100_000))))
        .isCloseTo(50_000, Offset.offset(3_000.0));
  }

  private static Contribution samples(DoubleStream values) {
    SortedMap<Double, Partial.Sum> samples = new TreeMap<>();
    values.forEach(value -> samples.put(value, new Partial.Sum(value, 1)));
    return new Contribution(List.of(new Partial(null, null, samples)), samples.size());
  }

  @Test
  void levelsOfNoiseAreAveragedByTheirEnergy() {
    IndicatorGroup group = Samples.group(sample("simple", "value: ENERGY_MEAN(val)"));
    assertThat(group.sql(NOON, NOON.plusSeconds(1)))
        .contains("SUM(POWER(10.0, (val) / 10.0)) AS a_0", "COUNT(val) AS b_0");
    double sixty = Math.pow(10, 6);
    Table result =
        table(
            "period_start region_code a_0 b_0 n_0",
            List.of(
                List.of(NOON, "630102", sixty, 1L, 1L),
                List.of(NOON, "630103", sixty * 10, 1L, 1L)));
    List<Computed> all = group.read(result, NOON, NOON.plusSeconds(3600));
    assertThat(of(all, "630102", NOON).value()).isEqualTo(60.0);
    // 60 and 70 dB together are 67.4 dB, not 65
    assertThat(of(all, "630100", NOON).value()).isEqualTo(67.403627);
    assertThat(of(all, "630100", NOON).parts()).isEqualTo("{\"value\":[1.1E7,2.0]}");
  }

  @Test
  void theGreatestMeanOfEightHoursNeedsSixOfThem() {
    IndicatorGroup group = Samples.group(daily(sample("simple", "value: MOVING_MAX(8, 6, val)")));
    assertThat(group.sql(MIDNIGHT, MIDNIGHT.plusSeconds(1)))
        .contains("TIME_FLOOR(ts, 'PT1H', 'Asia/Shanghai') AS sample");
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      Instant time = MIDNIGHT.plusSeconds(3600L * hour);
      rows.add(List.of(MIDNIGHT, "630102", time, 2.0 * (hour < 8 ? 100 : 10), 2L, 2L));
      if (hour >= 8 && hour < 16) {
        rows.add(List.of(MIDNIGHT, "630103", time, 200.0, 1L, 1L));
      }
      if (hour < 5) {
        rows.add(List.of(MIDNIGHT, "630104", time, 500.0, 1L, 1L));
      }
    }
    List<Computed> all =
        group.read(
            table("period_start region_code sample a_0 b_0 n_0", rows),
            MIDNIGHT,
            MIDNIGHT.plusSeconds(1));
    assertThat(of(all, "630102", MIDNIGHT).value()).isEqualTo(100.0);
    assertThat(of(all, "630103", MIDNIGHT).value()).isEqualTo(200.0);
    assertThat(of(all, "630104", MIDNIGHT).value()).isNull();
    // the city's hours are means over its districts' inputs: five of (200 + 500) / 3, three of 100
    assertThat(of(all, "630100", MIDNIGHT).value()).isEqualTo(183.333333);
  }

  @Test
  void anIndexIsTheGreatestOfItsPartsAndRecomputedForTheCity() {
    String measures =
        """
        measures:
            pm25: AVG(CASE WHEN measure = 'air.pm25' THEN val END)
            o3: AVG(CASE WHEN measure = 'air.o3' THEN val END)
          formula: max(iaqi(pm25_24h, pm25), iaqi(o3_1h, o3))
        """
            .strip();
    IndicatorGroup group =
        Samples.group(sample("derived", measures).replace("  where: measure = 'air.pm25'\n", ""));
    Table result =
        table(
            "period_start region_code a_0 b_0 a_0_1 b_0_1 n_0",
            List.of(
                List.of(NOON, "630102", 75.0, 1L, 160.0, 1L, 2L),
                List.of(NOON, "630103", 115.0, 1L, 200.0, 1L, 2L),
                Arrays.asList(NOON, "630104", null, 0L, 300.0, 1L, 1L)));
    List<Computed> all = group.read(result, NOON, NOON.plusSeconds(3600));
    assertThat(of(all, "630102", NOON).value()).isEqualTo(100.0);
    assertThat(of(all, "630103", NOON).value()).isEqualTo(150.0);
    Computed partial = of(all, "630104", NOON);
    assertThat(partial.value()).isEqualTo(150.0);
    assertThat(partial.trust()).isEqualTo(Trust.PARTIAL);
    assertThat(partial.reasons().zh()).containsExactly("缺少pm25");
    // of the city's means, 95 and 220, the first gives 125
    Computed city = of(all, "630100", NOON);
    assertThat(city.value()).isEqualTo(125.0);
    Member member = Member.of(group.definitions().get(0));
    assertThat(member.value(Parts.read(member, Objects.requireNonNull(city.parts()), 5)))
        .isEqualTo(125.0);
  }

  @Test
  void aYearsSumGrowsFromItsFirstDay() {
    String yaml =
        daily(
            sample(
                "cumulative",
                "ratio: {num: COUNT(CASE WHEN val <= 75 THEN 1 END), den: COUNT(val), scale: 100, zero_den: \"null\"}\n  since: year"));
    IndicatorGroup group = Samples.group(yaml);
    assertThat(group.sql(MIDNIGHT, MIDNIGHT.plusSeconds(1)))
        .contains("ts >= TIMESTAMP '2025-12-31 16:00:00'", "ts < TIMESTAMP '2026-01-05 16:00:00'");
    Instant first = Instant.parse("2025-12-31T16:00:00Z");
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int day = 0; day < 5; day++) {
      Instant start = first.plusSeconds(86_400L * day);
      rows.add(List.of(start, "630102", day == 1 ? 0L : 1L, 1L, 1L));
      rows.add(List.of(start, "630103", 0L, 1L, 1L));
    }
    List<Computed> all =
        group.read(
            table("period_start region_code a_0 b_0 n_0", rows),
            MIDNIGHT.minusSeconds(86_400),
            MIDNIGHT.plusSeconds(1));
    assertThat(of(all, "630102", MIDNIGHT).value()).isEqualTo(80.0);
    assertThat(of(all, "630102", MIDNIGHT).n()).isEqualTo(5);
    assertThat(of(all, "630102", MIDNIGHT.minusSeconds(86_400)).value()).isEqualTo(75.0);
    assertThat(of(all, "630100", MIDNIGHT).value()).isEqualTo(40.0);
  }

  @Test
  void withoutAdditivityEveryLevelIsStatedByTheSource() {
    IndicatorGroup group =
        Samples.group(
            sample("simple", "value: AVG(val)").replace("region: recompute", "region: none"));
    Table result =
        table(
            "period_start region_code a_0 b_0 n_0",
            List.of(List.of(NOON, "630102", 10.0, 1L, 1L), List.of(NOON, "630100", 99.0, 1L, 1L)));
    List<Computed> all = group.read(result, NOON, NOON.plusSeconds(3600));
    assertThat(of(all, "630102", NOON).value()).isEqualTo(10.0);
    assertThat(of(all, "630100", NOON).value()).isEqualTo(99.0);
    assertThat(all).hasSize(8);
  }

  @Test
  void whatConditionsLookAtTravelsWithTheValue() {
    String yaml =
        sample("simple", "value: SUM(val)")
            .replace("value >= 116", "share_of(capacity) >= 0.8")
            .replace("value < 105", "share_of(capacity) < 0.7")
            .replace("value >= 151", "count(val > 100) >= 2");
    IndicatorGroup group = Samples.group(yaml);
    assertThat(group.sql(NOON, NOON.plusSeconds(1)))
        .contains(
            "SUM(val) AS a_0",
            "SUM(capacity) AS b_0_1",
            "COUNT(CASE WHEN val > 100 THEN 1 END) AS a_0_2");
    Table result =
        table(
            "period_start region_code a_0 b_0_1 a_0_2 n_0",
            List.of(
                List.of(NOON, "630102", 90.0, 100.0, 0L, 3L),
                List.of(NOON, "630103", 330.0, 200.0, 2L, 2L)));
    List<Computed> all = group.read(result, NOON, NOON.plusSeconds(3600));
    assertThat(of(all, "630102", NOON).readings())
        .containsEntry("share_of(capacity)", 0.9)
        .containsEntry("count(val > 100)", 0.0);
    assertThat(of(all, "630100", NOON).readings())
        .containsEntry("share_of(capacity)", 1.4)
        .containsEntry("count(val > 100)", 2.0);
    Computed first = of(all, "630102", NOON);
    assertThat(first.inputHash()).isNotEqualTo(of(all, "630103", NOON).inputHash());
  }

  @Test
  void theShareOfAMaximumIsThatOfTheNearestRow() {
    String yaml =
        sample("simple", "value: MAX(val)")
            .replace("value >= 116", "share_of(guarantee) >= 1")
            .replace(", clear: \"value < 105\", clear_for: PT1H", "")
            .replace("value >= 151", "level(colour) = red");
    assertThat(Samples.group(yaml).sql(NOON, NOON.plusSeconds(1)))
        .contains(
            "MAX((val) * 1.0 / guarantee) AS a_0_1",
            "MAX(CASE WHEN colour = 'red' THEN 1 ELSE 0 END) AS a_0_2");
  }
}
