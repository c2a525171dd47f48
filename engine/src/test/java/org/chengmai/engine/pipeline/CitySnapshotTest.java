package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.chengmai.engine.pipeline.CitySnapshot.Standing;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.comparison.Reading;
import org.chengmai.indicators.definition.Condition;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.Measure;
import org.junit.jupiter.api.Test;

final class CitySnapshotTest {
  private static final String CODE = "CVS-ENV-0001";
  private static final Instant DAY = Instant.parse("2026-03-09T16:00:00Z");
  private static final Measure MOM = Condition.measure("mom");
  private static final Measure WOW = Condition.measure("wow");
  private static final Measure YOY = Condition.measure("yoy");

  private final IndicatorCatalogue catalogue =
      Definitions.catalogue(
          Definitions.simple(
              CODE,
              "P1D",
              "lower_better",
              "thresholds:\n  - {grade: yellow, when: \"value > 75\"}\n  - {grade: red, when: \"value > 75 and z > 3\"}\n"
                  + "threshold_source: 测试\nquality: {freshness: \"<=PT30H\"}"));
  private final ManualClock clock = new ManualClock(DAY.plus(Duration.ofHours(25)));
  private final MemoryStore store = new MemoryStore();
  private final AtomicInteger questions = new AtomicInteger();
  private final IndicatorStore counted =
      (IndicatorStore)
          Proxy.newProxyInstance(
              IndicatorStore.class.getClassLoader(),
              new Class<?>[] {IndicatorStore.class},
              (proxy, method, arguments) -> {
                questions.incrementAndGet();
                return method.invoke(store, arguments);
              });
  private final NewestPoints newest = new NewestPoints(catalogue, counted, clock);
  private final CitySnapshot snapshot =
      new CitySnapshot(catalogue, newest, new Comparisons(counted, Calendars.defaults()));

  private static IndicatorPoint point(Instant start, double value, int revision) {
    return point("630102", start, value, revision, Map.of());
  }

  private static IndicatorPoint point(
      String region, Instant start, double value, int revision, Map<String, Double> readings) {
    return new IndicatorPoint(
        SeriesKey.of(CODE, region),
        1,
        start,
        Grain.of("P1D"),
        value,
        null,
        null,
        1,
        null,
        readings,
        Trust.COMPLETE,
        revision,
        start.plus(Duration.ofHours(25)),
        "h" + revision);
  }

  private void publish(IndicatorPoint... points) {
    store.append(List.of(points));
    newest.accept(List.of(points), false);
  }

  private Standing standing(Measure... measures) {
    return snapshot.of(List.of(CODE), Set.of("630102"), Set.of(measures)).get(0);
  }

  private static Instant daysBefore(int days) {
    return DAY.minus(Duration.ofDays(days));
  }

  @Test
  void aLaterPeriodWinsThenAHigherRevisionInWhateverOrderTheyCome() {
    publish(point(DAY, 2, 2), point(DAY, 1, 1), point(daysBefore(1), 9, 7));
    assertThat(standing().point().value()).isEqualTo(2.0);
    publish(point(DAY, 3, 3));
    assertThat(standing().point().value()).isEqualTo(3.0);
  }

  @Test
  void whatWasPublishedBeforeTheStartComesFromTheStore() {
    store.append(List.of(point(DAY, 5, 1)));
    newest.accept(List.of(point(daysBefore(1), 4, 3)), true);
    assertThat(standing().point().value()).isEqualTo(5.0);
    store.append(List.of(point(DAY, 6, 2)));
    assertThat(standing().point().value()).isEqualTo(5.0);
    assertThat(newest.fill()).containsExactly(CODE);
    assertThat(standing().point().value()).isEqualTo(6.0);
    assertThat(newest.fill()).isEmpty();
  }

  @Test
  void anOldPointIsStaleAndAVeryOldOneIsNoneOfTheCitysStanding() {
    publish(point(DAY, 2, 1));
    assertThat(standing().point().trust()).isEqualTo(Trust.COMPLETE);
    clock.set(DAY.plus(Duration.ofHours(24 + 31)));
    assertThat(standing().point().trust()).isEqualTo(Trust.STALE);
    clock.set(DAY.plus(Duration.ofDays(3)).plusMillis(1));
    assertThat(snapshot.of(List.of(CODE), Set.of(), Set.of())).isEmpty();
  }

  @Test
  void theGradeIsThatOfTheValueAndItsReadings() {
    publish(point(DAY, 76, 1));
    assertThat(standing().grade()).isEqualTo(Grade.YELLOW);
    publish(point("630102", DAY, 76, 2, Map.of("z", 3.5)));
    assertThat(standing().grade()).isEqualTo(Grade.RED);
    publish(point(DAY, 70, 3));
    assertThat(standing().grade()).isNull();
  }

  @Test
  void usualComparisonsAreMadeBeforehandSoThatAQuestionAsksNoServer() {
    publish(point(daysBefore(7), 50, 1), point(daysBefore(1), 80, 1), point(DAY, 100, 1));
    Set<String> unused = newest.fill();
    assertThat(snapshot.compare(Set.of(CODE))).isEmpty();
    questions.set(0);
    Standing standing = standing(YOY, MOM, WOW);
    assertThat(standing.compared().get(MOM).asNumber()).hasValue(0.25);
    assertThat(standing.compared().get(WOW).asNumber()).hasValue(1.0);
    assertThat(standing.compared().get(YOY)).isInstanceOf(Reading.Unknown.class);
    assertThat(questions).hasValue(0);
  }

  @Test
  void aRegionThatIsAPeriodBehindHidesNoOthersBase() {
    publish(
        point(daysBefore(1), 80, 1),
        point("630103", daysBefore(1), 60, 1, Map.of()),
        point("630103", daysBefore(2), 30, 1, Map.of()));
    NewestPoints restarted = new NewestPoints(catalogue, counted, clock);
    CitySnapshot fresh =
        new CitySnapshot(catalogue, restarted, new Comparisons(counted, Calendars.defaults()));
    publish(point(DAY, 100, 1));
    assertThat(fresh.of(List.of(CODE), Set.of(), Set.of(MOM)))
        .extracting(standing -> standing.compared().get(MOM).asNumber().orElseThrow())
        .containsExactly(0.25, 1.0);
    assertThat(fresh.compare(Set.of(CODE))).isEmpty();
    publish(point("630104", DAY, 1, 1, Map.of()));
    restarted.accept(List.of(point("630104", DAY, 1, 1, Map.of())), false);
    assertThat(fresh.compare(Set.of(CODE))).containsExactly(CODE);
  }

  @Test
  void readingsThatAPointCarriesCountFirst() {
    publish(point(daysBefore(1), 80, 1), point("630102", DAY, 100, 1, Map.of("mom", 0.5)));
    Set<String> unused = newest.fill();
    questions.set(0);
    assertThat(standing(MOM).compared().get(MOM).asNumber()).hasValue(0.5);
    assertThat(questions).hasValue(0);
  }

  @Test
  void whatWasNotComparedYetIsWhenItIsAskedForAndThenKept() {
    Measure points = Condition.measure("mom.pp");
    publish(point(daysBefore(1), 80, 1), point(DAY, 100, 1));
    assertThat(standing(points, MOM).compared().get(points).asNumber()).hasValue(20.0);
    questions.set(0);
    assertThat(standing(points, MOM).compared()).hasSize(2);
    assertThat(questions).hasValue(0);
    publish(point(DAY, 90, 2));
    assertThat(standing(points).compared().get(points).asNumber()).hasValue(10.0);
  }

  @Test
  void aCorrectedBaseIsComparedWithAnew() {
    publish(point(daysBefore(1), 80, 1), point(DAY, 100, 1));
    assertThat(standing(MOM).compared().get(MOM).asNumber()).hasValue(0.25);
    publish(point(daysBefore(1), 50, 2));
    assertThat(snapshot.compare(Set.of(CODE))).isEmpty();
    assertThat(standing(MOM).compared().get(MOM).asNumber()).hasValue(1.0);
  }

  @Test
  void whatIsPublishedIsComparedSoonAfterTheStart() throws Exception {
    store.append(List.of(point(daysBefore(1), 80, 1)));
    snapshot.start();
    publish(point(DAY, 100, 1));
    Instant end = Instant.now().plusSeconds(20);
    do {
      questions.set(0);
      assertThat(standing(MOM).compared().get(MOM).asNumber()).hasValue(0.25);
      Thread.onSpinWait();
    } while (questions.get() > 0 && Instant.now().isBefore(end));
    assertThat(questions).hasValue(0);
    snapshot.close();
  }
}
