package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of points does. Codes are new for each test, so one store serves them all. */
abstract class IndicatorStoreContract {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private final String code = "CVS-" + UUID.randomUUID().toString().substring(0, 8);

  abstract IndicatorStore store();

  /** Asks until the answer has come, for stores where points become readable only soon after. */
  abstract <T> T await(Supplier<T> question, T answer);

  private IndicatorPoint point(SeriesKey key, int minute, @Nullable Double value, int revision) {
    return new IndicatorPoint(
        key,
        2,
        START.plusSeconds(60L * minute),
        Grain.of("PT1M"),
        value,
        value == null ? null : value * 3,
        value == null ? null : 3.0,
        5,
        value == null ? null : "{\"value\":[3,2]}",
        value == null ? Map.of() : Map.of("count(deaths > 0)", 1.0, "yoy", -0.25),
        value == null ? Trust.MISSING : revision > 1 ? Trust.LATE : Trust.COMPLETE,
        revision,
        START.plusSeconds(9000 + revision).plusMillis(7),
        "hash" + value);
  }

  private SeriesKey key(String region, String... dimensions) {
    TreeMap<String, String> map = new TreeMap<>();
    for (int i = 0; i < dimensions.length; i += 2) {
      map.put(dimensions[i], dimensions[i + 1]);
    }
    return new SeriesKey(code, region, map);
  }

  @Test
  void historyIsTheNewestRevisionOfEachPeriodOldestFirst() {
    SeriesKey key = key("630102");
    List<IndicatorPoint> expected = new ArrayList<>();
    expected.add(point(key, 0, 1.5, 1));
    expected.add(point(key, 1, 7.25, 3));
    expected.add(point(key, 2, null, 1));
    store()
        .append(
            List.of(
                expected.get(0), point(key, 1, 3.0, 1), expected.get(2), point(key, 3, 9.0, 1)));
    store().append(List.of(expected.get(1)));
    store().append(List.of(point(key, 1, 5.0, 2), expected.get(0)));
    assertThat(await(() -> store().history(key, START, START.plusSeconds(180)), expected))
        .isEqualTo(expected);
  }

  @Test
  void whatWasKnownThenIsTheNewestRevisionOfThatTime() {
    SeriesKey key = key("630102");
    store().append(List.of(point(key, 0, 1.0, 1), point(key, 0, 2.0, 2), point(key, 1, 3.0, 3)));
    store().awaitReadable();
    Instant end = START.plusSeconds(600);
    Instant first = point(key, 0, 1.0, 1).computedAt();
    assertThat(store().asOf(key, START, end, first.minusMillis(1))).isEmpty();
    assertThat(store().asOf(key, START, end, first)).containsExactly(point(key, 0, 1.0, 1));
    assertThat(store().asOf(key, START, end, first.plusSeconds(1)))
        .containsExactly(point(key, 0, 2.0, 2));
    assertThat(store().asOf(key, START, end, first.plusSeconds(9)))
        .containsExactly(point(key, 0, 2.0, 2), point(key, 1, 3.0, 3));
  }

  @Test
  void seriesWithDimensionsAndChineseNamesAreApart() {
    SeriesKey all = key("630102");
    SeriesKey water = key("630102", "category", "供水's", "source", "12345");
    IndicatorPoint one = point(all, 0, 1.0, 1);
    IndicatorPoint other = point(water, 0, 2.0, 1);
    store().append(List.of(one, other));
    assertThat(await(() -> store().history(water, START, START.plusSeconds(60)), List.of(other)))
        .containsExactly(other);
    assertThat(await(() -> store().history(all, START, START.plusSeconds(60)), List.of(one)))
        .containsExactly(one);
  }

  @Test
  void thePointsOfSomePeriodsAreThoseOfEverySeries() {
    SeriesKey east = key("630102");
    SeriesKey west = key("630104");
    Set<IndicatorPoint> expected =
        Set.of(point(east, 1, 6.0, 2), point(west, 1, 4.0, 1), point(east, 5, null, 1));
    store().append(List.of(point(east, 1, 5.0, 1), point(east, 2, 5.0, 1), point(west, 3, 5.0, 1)));
    store().append(List.copyOf(expected));
    store().awaitReadable();
    List<Instant> periods = List.of(START.plusSeconds(60), START.plusSeconds(300));
    assertThat(Set.copyOf(store().at(List.of(code), periods))).isEqualTo(expected);
    assertThat(
            store()
                .between(List.of(code, "CVS-NONE"), START.plusSeconds(60), START.plusSeconds(61)))
        .containsExactlyInAnyOrder(point(east, 1, 6.0, 2), point(west, 1, 4.0, 1));
    assertThat(store().between(List.of(), START, START.plusSeconds(600))).isEmpty();
    assertThat(store().at(List.of(code), List.of())).isEmpty();
    assertThat(store().at(List.of("CVS-NONE"), periods)).isEmpty();
  }

  @Test
  void newestIsOnePointForEachSeries() {
    SeriesKey east = key("630102");
    SeriesKey west = key("630104");
    List<IndicatorPoint> expected = List.of(point(east, 5, 6.0, 2), point(west, 3, null, 1));
    store()
        .append(
            List.of(
                point(east, 4, 1.0, 1),
                point(east, 5, 5.0, 1),
                expected.get(0),
                point(west, 2, 1.0, 4),
                expected.get(1)));
    assertThat(await(() -> store().newest(List.of(code, "CVS-NONE"), START), expected))
        .isEqualTo(expected);
    assertThat(store().newest(List.of(code), START.plusSeconds(240)))
        .containsExactly(expected.get(0));
    assertThat(store().newest(List.of(), START)).isEmpty();
  }
}
