package org.chengmai.models.forecast;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.models.DayClass;
import org.chengmai.models.Slots;

/**
 * What a forecast of one horizon looks at, in units of the series. A row is made while walking
 * through the series, from what was known at its origin: later values cannot reach it. All numbers
 * are differences to the level that the target's slot is used to, or are such levels themselves.
 */
public final class HorizonFeatures {
  private static final double MOST = 20;

  private final HorizonPlan plan;
  private final int horizon;
  private final int weather;
  private final List<String> names;

  /**
   * @param horizon periods from the newest known one to the target
   * @param weather how many further series there are
   */
  public HorizonFeatures(HorizonPlan plan, int horizon, int weather) {
    this.plan = plan;
    this.horizon = horizon;
    this.weather = weather;
    this.names = names(weather);
  }

  /**
   * One forecast to make or to learn from.
   *
   * @param series its name
   * @param known end of the newest period that was known
   * @param target start of the period that is forecast
   * @param features by the order of {@link HorizonFeatures#names}, in units of the series
   * @param slot the usual level of the target's slot, in these units
   * @param ofClass the same over all days of the class, working day or off
   * @param day the value one or more whole days before the target, NaN when missing
   * @param week the same by weeks
   * @param value what came, NaN when missing or not yet known
   * @param mean and {@code scale}: a value is mean + scale × units
   * @param bucket which part of the day the target falls into
   */
  public record Row(
      String series,
      Instant known,
      Instant target,
      double[] features,
      double slot,
      double ofClass,
      double day,
      double week,
      double value,
      double mean,
      double scale,
      int bucket) {

    double units(double raw) {
      return (raw - mean) / scale;
    }

    /** A number in units of the series as a value. */
    public double raw(double units) {
      return mean + scale * units;
    }
  }

  private static List<String> names(int weather) {
    List<String> names =
        new ArrayList<>(
            List.of(
                "now",
                "lag1",
                "lag2",
                "lag3",
                "lag5",
                "mean_short",
                "mean_day",
                "mean_week",
                "surprise",
                "surprise1",
                "surprise2",
                "surprise_short",
                "surprise_day",
                "surprise_week",
                "surprise_scaled",
                "day1",
                "day1_before",
                "day1_after",
                "day2",
                "week1",
                "week1_before",
                "week1_after",
                "week2",
                "day1_surprise",
                "week1_surprise",
                "slot",
                "slot_before",
                "slot_after",
                "slot_now",
                "class",
                "class_around",
                "surprise_sin",
                "surprise_cos",
                "sin1",
                "cos1",
                "sin2",
                "cos2",
                "off",
                "festival",
                "adjusted"));
    IntStream.range(0, weather).forEach(i -> names.add("weather_turn" + i));
    return List.copyOf(names);
  }

  /** The names of the features, in the order of the arrays. */
  public List<String> names() {
    return names;
  }

  /**
   * The rows of a series, by origin. Targets beyond the end of the series are there without a
   * value.
   */
  public List<Row> rows(GridSeries series) {
    return rows(series, 0, 1);
  }

  /**
   * The same for every so many origins, from one on; what lies between them is only remembered.
   *
   * @param every has no divisor in common with the periods of a day, so that all slots are seen
   */
  public List<Row> rows(GridSeries series, int firstOrigin, int every) {
    if (series.weather().size() != weather) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL,
          "%s comes with %d further series, the forecast looks at %d"
              .formatted(series.name(), series.weather().size(), weather));
    }
    int count = series.values().length;
    List<Instant> starts = plan.starts(series.start(), count + horizon);
    Slots slots = new Slots(plan.grain(), plan.dayClass());
    SeriesPast past = new SeriesPast(slots, count, plan);
    List<SeriesPast> beside = new ArrayList<>();
    for (int i = 0; i < weather; i++) {
      beside.add(new SeriesPast(slots, count, plan));
    }
    int warm = Math.max(firstOrigin, Math.max(8, plan.day() + plan.hour()));
    List<Slots.Place> places = starts.stream().map(slots::place).toList();
    List<Row> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      past.add(places.get(i), series.values()[i]);
      for (int w = 0; w < weather; w++) {
        beside.get(w).add(places.get(i), series.weather().get(w)[i]);
      }
      if (i >= warm && i % every == 0 && past.isFresh()) {
        double value = i + horizon < count ? series.values()[i + horizon] : Double.NaN;
        rows.add(
            row(
                series.name(),
                past,
                beside,
                slots,
                starts.get(i + 1),
                starts.get(i + horizon),
                places.get(i + horizon),
                value));
      }
    }
    return rows;
  }

  private Row row(
      String series,
      SeriesPast past,
      List<SeriesPast> beside,
      Slots slots,
      Instant known,
      Instant target,
      Slots.Place place,
      double value) {
    int now = past.newest();
    int day1 = now + horizon - wholes(plan.day());
    int week1 = now + horizon - wholes(plan.week());
    double slot = past.level(place);
    double surprise = past.surprise(now);
    double angle = 2 * Math.PI * place.fraction();
    double[] x = new double[names.size()];
    int at = 0;
    for (int lag : new int[] {0, 1, 2, 3, 5}) {
      x[at++] = past.filled(now - lag) - slot;
    }
    int part = Math.max(2, plan.day() / 8);
    x[at++] = past.mean(part) - slot;
    x[at++] = past.mean(plan.day()) - slot;
    x[at++] = past.mean(plan.week()) - slot;
    x[at++] = surprise;
    x[at++] = past.surprise(now - 1);
    x[at++] = past.surprise(now - 2);
    x[at++] = past.meanSurprise(part);
    x[at++] = past.meanSurprise(plan.day());
    x[at++] = past.meanSurprise(plan.week());
    x[at++] = surprise * past.relativeDeviation(place);
    x[at++] = past.filled(day1) - slot;
    x[at++] = past.filled(day1 - 1) - slot;
    x[at++] = past.filled(Math.min(now, day1 + 1)) - slot;
    x[at++] = past.filled(day1 - plan.day()) - slot;
    x[at++] = past.filled(week1) - slot;
    x[at++] = past.filled(week1 - 1) - slot;
    x[at++] = past.filled(Math.min(now, week1 + 1)) - slot;
    x[at++] = past.filled(week1 - plan.week()) - slot;
    x[at++] = past.surprise(day1);
    x[at++] = past.surprise(week1);
    x[at++] = slot - past.mean();
    x[at++] = past.level(slots.neighbour(place, target, -1)) - slot;
    x[at++] = past.level(slots.neighbour(place, target, 1)) - slot;
    x[at++] = past.levelNow() - slot;
    double ofClass = past.classLevel(place);
    x[at++] = ofClass - slot;
    x[at++] =
        (past.classLevel(slots.neighbour(place, target, -1))
                    + past.classLevel(slots.neighbour(place, target, 1)))
                / 2
            - slot;
    x[at++] = surprise * Math.sin(angle);
    x[at++] = surprise * Math.cos(angle);
    double scale = past.scale();
    for (int i = 0; i < at; i++) {
      x[i] = clip(x[i] / scale);
    }
    x[at++] = Math.sin(angle);
    x[at++] = Math.cos(angle);
    x[at++] = Math.sin(2 * angle);
    x[at++] = Math.cos(2 * angle);
    boolean isOff = place.dayClass() == DayClass.OFF;
    x[at++] = isOff ? 1 : 0;
    x[at++] = isOff && !place.isUsual() ? 1 : 0;
    x[at++] = !isOff && !place.isUsual() ? 1 : 0;
    for (SeriesPast one : beside) {
      x[at++] = clip(one.turn(part) / one.scale());
    }
    double mean = past.mean();
    return new Row(
        series,
        known,
        target,
        x,
        (slot - mean) / scale,
        (ofClass - mean) / scale,
        (past.measured(day1) - mean) / scale,
        (past.measured(week1) - mean) / scale,
        value,
        mean,
        scale,
        (int) (place.fraction() * ErrorBands.BUCKETS));
  }

  /** The periods of the fewest whole seasons that reach from the target back to what is known. */
  private int wholes(int season) {
    return (horizon + season - 1) / season * season;
  }

  private static double clip(double x) {
    return Math.max(-MOST, Math.min(MOST, x));
  }
}
