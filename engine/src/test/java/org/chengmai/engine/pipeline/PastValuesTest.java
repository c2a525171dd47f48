package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.chengmai.connectors.kafka.PointTopic;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.junit.jupiter.api.Test;

final class PastValuesTest {
  private static final Instant EIGHT = Instant.parse("2026-03-02T00:00:00Z");
  private static final Instant NOON = EIGHT.plus(Duration.ofHours(4));

  private final MemoryStore store = new MemoryStore();
  private final PointPublisher publisher =
      new PointPublisher(
          new MemoryRevisions(), store, store, InstantSource.fixed(NOON.plusSeconds(60)));
  private final PastValues past = new PastValues(publisher, store);
  private final MemoryGroup hours =
      new MemoryGroup("CVS-A", "PT1H", Duration.ZERO, Duration.ZERO, Set.of());

  /** The same group by another version, with something that happens while it computes. */
  private record Other(MemoryGroup group, int version, IntConsumer meanwhile)
      implements ComputationGroup {
    @Override
    public String name() {
      return group.name();
    }

    @Override
    public Grain grain() {
      return group.grain();
    }

    @Override
    public ZoneId zone() {
      return group.zone();
    }

    @Override
    public Duration watermark() {
      return group.watermark();
    }

    @Override
    public Duration lateness() {
      return group.lateness();
    }

    @Override
    public Map<String, Integer> versions() {
      return Map.of(group.name(), version);
    }

    @Override
    public Set<SeriesKey> expected() {
      return Set.of();
    }

    @Override
    public List<Computed> compute(Instant from, Instant to) {
      List<Computed> values = group.compute(from, to);
      meanwhile.accept(group.computed.size());
      // another version gives another hash
      return values.stream()
          .map(
              value ->
                  new Computed(
                      value.key(),
                      value.periodStart(),
                      value.value(),
                      null,
                      null,
                      value.n(),
                      null,
                      Map.of(),
                      value.trust(),
                      value.inputHash() + " by " + version))
          .toList();
    }
  }

  private Other version(int version) {
    return new Other(hours, version, round -> {});
  }

  private int compute(ComputationGroup group, Set<String> restated) {
    return past.compute(group, EIGHT, NOON, restated, () -> false);
  }

  private List<String> newest() {
    return store.between(List.of("CVS-A"), EIGHT, NOON).stream()
        .map(
            point ->
                "%d:00 %s v%d r%d"
                    .formatted(
                        8 + Duration.between(EIGHT, point.periodStart()).toHours(),
                        point.value(),
                        point.version(),
                        point.revision()))
        .sorted()
        .toList();
  }

  @Test
  void thePastIsPublishedAsHistoryAndOnlyWhatChangedAgain() {
    hours.put("630102", EIGHT, 1);
    hours.put("630102", EIGHT.plusSeconds(3600), 2);
    assertThat(compute(hours, Set.of())).as("two values and where the gap begins").isEqualTo(3);
    assertThat(store.entries).allMatch(PointTopic.Entry::isHistory);
    assertThat(compute(hours, Set.of())).isZero();
    hours.put("630102", EIGHT, 1);
    assertThat(compute(hours, Set.of())).isEqualTo(1);
    assertThat(newest()).containsExactly("10:00 null v3 r1", "8:00 2.0 v3 r2", "9:00 2.0 v3 r1");
  }

  @Test
  void aValueThatIsThereNoMoreBecomesMissing() {
    hours.put("630102", EIGHT, 1);
    hours.put("630102", NOON.minusSeconds(1), 2);
    compute(hours, Set.of());
    hours.remove(EIGHT);
    compute(hours, Set.of());
    assertThat(newest()).contains("8:00 null v3 r2", "11:00 2.0 v3 r1");
  }

  @Test
  void aNewVersionReplacesEarlierPointsOnlyWhereItRestates() {
    hours.put("630102", EIGHT, 1);
    compute(version(1), Set.of());
    hours.put("630102", NOON.minusSeconds(1), 2);
    compute(version(2), Set.of());
    assertThat(newest()).contains("8:00 1.0 v1 r1", "11:00 2.0 v2 r1");
    compute(version(2), Set.of("CVS-A"));
    assertThat(newest()).contains("8:00 1.0 v2 r2", "11:00 2.0 v2 r1");
    assertThat(store.entries)
        .extracting(PointTopic.Entry::point)
        .filteredOn(point -> point.periodStart().equals(EIGHT))
        .extracting(IndicatorPoint::version)
        .as("the old value stays as the old revision")
        .containsExactly(1, 2);
  }

  @Test
  void aVersionThatWasNotInForceThenGivesWay() {
    hours.put("630102", EIGHT, 1);
    publisher.publish(version(2), version(2).compute(EIGHT, NOON), NOON);
    compute(version(1), Set.of());
    assertThat(newest()).contains("8:00 1.0 v1 r2");
  }

  @Test
  void whereTheSchedulerPublishesMeanwhileTheStretchIsComputedAgain() {
    hours.put("630102", EIGHT, 1);
    Other overtaken =
        new Other(
            hours,
            3,
            round -> {
              if (round == 1) {
                hours.put("630102", EIGHT, 1);
                publisher.publish(version(3), version(3).compute(EIGHT, NOON), NOON);
              }
            });
    compute(overtaken, Set.of());
    assertThat(newest()).contains("8:00 2.0 v3 r3");
    publisher.publish(version(3), version(3).compute(EIGHT, NOON), NOON);
    assertThat(newest()).as("the newest inputs stand").contains("8:00 2.0 v3 r3");
  }

  @Test
  void whatIsCancelledWhileItIsComputedIsNotPublished() {
    hours.put("630102", EIGHT, 1);
    assertThatThrownBy(() -> past.compute(hours, EIGHT, NOON, Set.of(), () -> true))
        .hasMessageContaining("cancelled");
    assertThat(store.entries).isEmpty();
  }
}
