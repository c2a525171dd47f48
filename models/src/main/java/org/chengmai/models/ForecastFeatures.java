package org.chengmai.models;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;

/**
 * What a forecast looks at: the last values, what the slot of the day and week is used to, and the
 * time of day, all in units of the series. Training runs through the same memory as judging, so
 * both see the same numbers.
 */
public final class ForecastFeatures {
  private static final List<String> NAMES = names();
  private static final int WARM_UP = 2 * ForecastMemory.LAGS;

  private ForecastFeatures() {}

  /**
   * One row to learn from.
   *
   * @param features by the order of {@link #names}
   * @param target the value, in units of the series
   * @param seasonal what the slot alone would have said, in the same units
   */
  public record Row(Instant periodStart, double[] features, double target, double seasonal) {}

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (int lag = 1; lag <= ForecastMemory.LAGS; lag++) {
      names.add("lag" + lag);
    }
    names.addAll(
        List.of("slot", "slot_before", "slot_after", "sin1", "cos1", "sin2", "cos2", "off"));
    return List.copyOf(names);
  }

  /** The names of the features, in the order of the arrays. */
  public static List<String> featureNames() {
    return NAMES;
  }

  static double[] of(ForecastMemory memory, Slots slots, Slots.Place place, Instant periodStart) {
    double[] features = new double[NAMES.size()];
    int at = 0;
    for (double lag : memory.lags) {
      features[at++] = memory.normal(lag);
    }
    features[at++] = slot(memory, place);
    features[at++] = slot(memory, slots.neighbour(place, periodStart, -1));
    features[at++] = slot(memory, slots.neighbour(place, periodStart, 1));
    double angle = 2 * Math.PI * place.fraction();
    features[at++] = Math.sin(angle);
    features[at++] = Math.cos(angle);
    features[at++] = Math.sin(2 * angle);
    features[at++] = Math.cos(2 * angle);
    features[at] = place.dayClass() == DayClass.OFF ? 1 : 0;
    return features;
  }

  static double slot(ForecastMemory memory, Slots.Place place) {
    return memory.profile.isKnown(place) ? memory.normal(memory.profile.level(place)) : 0;
  }

  /**
   * The rows that the history of an indicator's series gives, oldest first; the newest revision of
   * each period counts.
   */
  public static List<Row> rows(
      List<IndicatorPoint> history, Grain grain, Function<LocalDate, DayClass> dayClass) {
    Map<String, TreeMap<Instant, IndicatorPoint>> bySeries = new TreeMap<>();
    for (IndicatorPoint point : history) {
      bySeries
          .computeIfAbsent(point.key().toString(), key -> new TreeMap<>())
          .merge(point.periodStart(), point, (a, b) -> b.revision() >= a.revision() ? b : a);
    }
    Slots slots = new Slots(grain, dayClass);
    List<Row> rows = new ArrayList<>();
    for (TreeMap<Instant, IndicatorPoint> series : bySeries.values()) {
      ForecastMemory memory = new ForecastMemory(SlotProfile.empty(slots.perDay()));
      Instant next = series.firstKey();
      for (IndicatorPoint point : series.values()) {
        // Periods that the history lacks are gaps; more than a handful are one long gap.
        for (int gap = 0; gap < ForecastMemory.LAGS && next.isBefore(point.periodStart()); gap++) {
          memory.skip();
          next = grain.end(next, Slots.CHINA);
        }
        next = grain.end(point.periodStart(), Slots.CHINA);
        if (point.value() == null) {
          memory.skip();
          continue;
        }
        Slots.Place place = slots.place(point.periodStart());
        if (memory.isReady() && memory.count >= WARM_UP) {
          rows.add(
              new Row(
                  point.periodStart(),
                  of(memory, slots, place, point.periodStart()),
                  memory.normal(point.value()),
                  slot(memory, place)));
        }
        memory.learn(slots, place, SlotProfile.bounded(point.value()));
      }
    }
    rows.sort(Comparator.comparing(Row::periodStart));
    return rows;
  }
}
