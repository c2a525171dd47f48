package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.chengmai.engine.pipeline.ClosePlan.Span;
import org.chengmai.engine.pipeline.ComputationGroup.Computed;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;

/**
 * Computes stretches of the past and publishes what changed as history, which raises no alert. The
 * scheduler's groups go on meanwhile: where they publish newer values of a stretch while it is
 * computed, it is computed again. For one thread at a time.
 */
public final class PastValues {
  private static final int MOST_ROUNDS = 5;

  private final PointPublisher publisher;
  private final IndicatorStore store;

  PastValues(PointPublisher publisher, IndicatorStore store) {
    this.publisher = publisher;
    this.store = store;
  }

  private record Period(SeriesKey key, Instant start) {
    static Period of(Computed value) {
      return new Period(value.key(), value.periodStart());
    }
  }

  /**
   * Computes the periods with {@code from <= start < to}; answers how many points were published.
   * Points of a smaller version of their definition stay, unless their code is among {@code
   * restated}; those of a greater one, which was not in force then, do not. A value that is there
   * no more becomes a missing one.
   *
   * @param isCancelled asked before anything is published; CANCELLED is thrown when it is
   */
  public int compute(
      ComputationGroup group,
      Instant from,
      Instant to,
      Set<String> restated,
      BooleanSupplier isCancelled) {
    Set<String> codes = group.versions().keySet();
    int points = 0;
    try (PointPublisher.Stretch stretch = publisher.watch(codes, new Span(from, to))) {
      int rounds = 0;
      do {
        stretch.begin();
        store.awaitReadable();
        List<Computed> values = values(group, new Span(from, to), restated);
        if (isCancelled.getAsBoolean()) {
          throw new ChengmaiException(ErrorCode.CANCELLED, "the computation was cancelled");
        }
        points += publisher.publishHistory(group, values);
      } while (stretch.isOvertaken() && ++rounds < MOST_ROUNDS);
    }
    return points;
  }

  private List<Computed> values(ComputationGroup group, Span span, Set<String> restated) {
    List<Computed> values =
        new ArrayList<>(
            group.compute(span.from(), span.to()).stream()
                .filter(value -> value.trust() != Trust.MISSING)
                .toList());
    values.addAll(MissingPeriods.of(group, span, values, Map.of(), span.to()));
    Set<Period> computed = new HashSet<>();
    values.forEach(value -> computed.add(Period.of(value)));
    Map<Period, Integer> versions = new HashMap<>();
    for (IndicatorPoint point : store.between(group.versions().keySet(), span.from(), span.to())) {
      Period period = new Period(point.key(), point.periodStart());
      versions.put(period, point.version());
      if (point.value() != null && !computed.contains(period)) {
        values.add(MissingPeriods.missing(point.key(), point.periodStart()));
      }
    }
    values.removeIf(value -> stays(group, value, versions.get(Period.of(value)), restated));
    return values;
  }

  /** Whether the point that is known of a period is not this computation's to replace. */
  private static boolean stays(
      ComputationGroup group, Computed value, @Nullable Integer known, Set<String> restated) {
    String code = value.key().code();
    int version = group.versions().getOrDefault(code, 0);
    return known != null && known < version && !restated.contains(code);
  }
}
