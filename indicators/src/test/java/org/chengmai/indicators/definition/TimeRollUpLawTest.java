package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A day's value from its hours' points is the one that all the day's inputs give. */
class TimeRollUpLawTest {
  private static final Instant MIDNIGHT = Instant.parse("2026-01-04T16:00:00Z");

  private static final Map<String, ToDoubleFunction<double[]>> DIRECT =
      Map.of(
          "SUM(val)", all -> Arrays.stream(all).sum(),
          "COUNT(val)", all -> all.length,
          "AVG(val)", all -> mean(all),
          "MIN(val)", all -> Arrays.stream(all).min().orElseThrow(),
          "MAX(val)", all -> Arrays.stream(all).max().orElseThrow(),
          "ENERGY_MEAN(val)",
              all ->
                  10
                      * Math.log10(
                          mean(Arrays.stream(all).map(v -> Math.pow(10, v / 10)).toArray())),
          "PERCENTILE(0.9, val)", all -> ranked(all, 0.9));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20_260_105, 630_100})
  void hoursGiveTheDayThatAllItsInputsGive(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      List<double[]> hours = hours(random);
      double[] all = hours.stream().flatMapToDouble(Arrays::stream).toArray();
      DIRECT.forEach(
          (aggregate, direct) -> {
            Computed day = day(group("value: " + aggregate, "simple"), hours, random);
            assertThat(day.value())
                .as(aggregate)
                .isCloseTo(direct.applyAsDouble(all), Offset.offset(1e-5));
            assertThat(day.n()).isEqualTo(all.length);
            assertThat(day.trust())
                .isEqualTo(
                    hours.stream().allMatch(h -> h.length > 0) ? Trust.COMPLETE : Trust.PARTIAL);
          });
      Computed ratio =
          day(
              group(
                  "ratio: {num: SUM(val), den: COUNT(val), scale: 100, zero_den: \"null\"}",
                  "ratio"),
              hours,
              random);
      assertThat(ratio.value()).isCloseTo(100 * mean(all), Offset.offset(1e-5));
      Computed derived =
          day(
              group("measures: {a: AVG(val), b: MAX(val)}\n  formula: a * 2 + b", "derived"),
              hours,
              random);
      assertThat(derived.value())
          .isCloseTo(2 * mean(all) + Arrays.stream(all).max().orElseThrow(), Offset.offset(1e-5));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {2, 20_260_106, 630_101})
  void daysOfHalfDaysAreThoseOfHours(long seed) {
    Random random = new Random(seed);
    for (String aggregate : DIRECT.keySet()) {
      IndicatorGroup group = group("value: " + aggregate, "simple");
      List<IndicatorPoint> hours = points(group, hours(random), random);
      IndicatorDefinition hourly = group.definitions().get(0);
      IndicatorDefinition halves =
          group("value: " + aggregate, "simple", "PT12H").definitions().get(0);
      List<IndicatorPoint> half =
          roll(hourly, "PT12H", hours).stream().map(c -> c.toPoint(1, MIDNIGHT)).toList();
      assertThat(roll(halves, "P1D", half).get(0).value())
          .as(aggregate)
          .isCloseTo(
              Objects.requireNonNull(roll(hourly, "P1D", hours).get(0).value()),
              Offset.offset(1e-5));
    }
  }

  private static List<Computed> roll(
      IndicatorDefinition definition, String grain, List<IndicatorPoint> points) {
    return TimeRollUp.of(definition, Grain.of(grain), PeriodCalendar.NATURAL)
        .values(
            SeriesKey.of(definition.code(), "630102"),
            points,
            MIDNIGHT,
            MIDNIGHT.plusSeconds(86_400));
  }

  private static Computed day(IndicatorGroup group, List<double[]> hours, Random random) {
    return roll(group.definitions().get(0), "P1D", points(group, hours, random)).get(0);
  }

  private static IndicatorGroup group(String what, String type) {
    return group(what, type, "PT1H");
  }

  private static IndicatorGroup group(String what, String type, String grain) {
    return Samples.group(
        Samples.PM25
            .replace("type: simple", "type: " + type)
            .replace("value: AVG(val)", what)
            .replace("  expected: 4\n", "")
            .replace("decimals: 1", "decimals: 6")
            .replace("[0, 2000]", "[0, 1000000]")
            .replace("grain: PT1H", "grain: " + grain));
  }

  /** Up to nine whole numbers an hour, at least one a day. */
  private static List<double[]> hours(Random random) {
    List<double[]> hours = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      int most = hour == 12 ? 1 : random.nextInt(9);
      hours.add(random.ints(most, 0, 100).asDoubleStream().toArray());
    }
    return hours;
  }

  /** The hours as the group's SQL would give them, in any order. */
  private static List<IndicatorPoint> points(
      IndicatorGroup group, List<double[]> hours, Random random) {
    Member member = group.members().get(0);
    List<Table.Column> columns = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of("period_start", "region_code"));
    if (member.sample() != null) {
      names.add("sample");
    }
    for (int i = 0; i < member.components().size(); i++) {
      String suffix = i == 0 ? "0" : "0_" + i;
      names.add("a_" + suffix);
      if (member.components().get(i).denominator() != null) {
        names.add("b_" + suffix);
      }
    }
    names.add("n_0");
    names.forEach(name -> columns.add(new Table.Column(name, "ANY")));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int hour = 0; hour < hours.size(); hour++) {
      Instant start = MIDNIGHT.plusSeconds(3600L * hour);
      if (member.sample() != null) {
        TreeMap<Double, Long> counts = new TreeMap<>();
        Arrays.stream(hours.get(hour)).forEach(v -> counts.merge(v, 1L, Long::sum));
        counts.forEach(
            (value, count) ->
                rows.add(List.of(start, "630102", value, value * count, count, count)));
      } else if (hours.get(hour).length > 0) {
        List<@Nullable Object> row = new ArrayList<>(List.of(start, "630102"));
        for (Component component : member.components()) {
          double[] values = hours.get(hour);
          row.add(numerator(component, values));
          if (component.denominator() != null) {
            row.add((long) values.length);
          }
        }
        row.add((long) hours.get(hour).length);
        rows.add(row);
      }
    }
    Collections.shuffle(rows, random);
    List<IndicatorPoint> points = new ArrayList<>();
    for (Computed computed :
        group.read(new Table(columns, rows), MIDNIGHT, MIDNIGHT.plusSeconds(86_400))) {
      if (computed.key().region().equals("630102")) {
        points.add(computed.toPoint(1, MIDNIGHT));
      }
    }
    return points;
  }

  private static double numerator(Component component, double[] values) {
    return switch (component.aggregate().function()) {
      case COUNT -> values.length;
      case MIN -> Arrays.stream(values).min().orElseThrow();
      case MAX -> Arrays.stream(values).max().orElseThrow();
      case ENERGY_MEAN -> Arrays.stream(values).map(v -> Math.pow(10, v / 10)).sum();
      default -> Arrays.stream(values).sum();
    };
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double ranked(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
