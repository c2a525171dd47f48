package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.region.Region;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollUpLawTest {
  private static final Instant NOON = Instant.parse("2026-01-05T04:00:00Z");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20_260_105, 630_100})
  void mergingIsAssociativeAndCommutative(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      for (Partial.Kind kind : Partial.Kind.values()) {
        Partial a = partial(random);
        Partial b = partial(random);
        Partial c = partial(random);
        assertThat(a.merge(b, kind).merge(c, kind)).isEqualTo(a.merge(b.merge(c, kind), kind));
        assertThat(a.merge(b, kind)).isEqualTo(b.merge(a, kind));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {2, 20_260_106, 630_101})
  void theCityIsComputedFromInputsAndNeverFromTheDistrictsValues(long seed) {
    Random random = new Random(seed);
    String average =
        Samples.PM25.replace("decimals: 1", "decimals: 9").replace("[0, 2000]", "[-1, 1000000]");
    IndicatorGroup averages = Samples.group(average);
    IndicatorGroup ratios =
        Samples.group(
            average
                .replace("type: simple", "type: ratio")
                .replace(
                    "value: AVG(val)",
                    "ratio: {num: SUM(val), den: COUNT(val), scale: 100, zero_den: \"null\"}"));
    for (int i = 0; i < 100; i++) {
      List<Double> all = new ArrayList<>();
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (Region district : Samples.REGIONS.children("630100", Samples.DAY)) {
        List<Double> inputs = random.doubles(random.nextInt(12), 0, 1000).boxed().toList();
        if (!inputs.isEmpty()) {
          double sum = inputs.stream().mapToDouble(d -> d).sum();
          rows.add(List.of(NOON, district.code(), sum, (long) inputs.size(), (long) inputs.size()));
        }
        all.addAll(inputs);
      }
      Collections.shuffle(rows, random);
      if (!all.isEmpty()) {
        double mean = all.stream().mapToDouble(d -> d).average().orElseThrow();
        assertThat(city(averages, rows)).isCloseTo(mean, Offset.offset(1e-6));
        assertThat(city(ratios, rows)).isCloseTo(100 * mean, Offset.offset(1e-4));
      }
    }
  }

  private static double city(IndicatorGroup group, List<List<@Nullable Object>> rows) {
    List<Table.Column> columns =
        List.of("period_start", "region_code", "a_0", "b_0", "n_0").stream()
            .map(c -> new Table.Column(c, "ANY"))
            .toList();
    return group.read(new Table(columns, rows), NOON, NOON.plusSeconds(3600)).stream()
        .filter(c -> c.key().region().equals("630100"))
        .map(c -> Objects.requireNonNull(c.value()))
        .findFirst()
        .orElseThrow();
  }

  /** Whole numbers, so that sums are exact and the law holds to the last bit. */
  private static Partial partial(Random random) {
    TreeMap<Double, Partial.Sum> samples = new TreeMap<>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      samples.put(
          (double) random.nextInt(5), new Partial.Sum(random.nextInt(1000), random.nextInt(9)));
    }
    return new Partial((double) random.nextInt(1000), (double) random.nextInt(1000), samples);
  }
}
