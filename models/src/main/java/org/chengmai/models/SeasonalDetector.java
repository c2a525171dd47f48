package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Function;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is out of season: values far from what their slot of the day and week is used to.
 *
 * <p>A value is looked at in five ways: its distance from the expectation of its slot and the slots
 * beside it, the part of that distance which the last one does not explain, the mean distance over
 * a short and over a longer while, and how much the steps scatter. Each view is compared with its
 * own past ({@link Tail}); a value beyond everything seen so far counts besides. {@link Episode}
 * decides. It looks at nothing but the past, and stays quiet until it knows the series. See
 * docs/models.md.
 */
public final class SeasonalDetector extends RevisingDetector<SeasonalMemory> {
  /** Running means of noise, spread and carry-over remember about this many periods. */
  private static final double SLOW = 1000;

  private static final double RECENT = 10;
  private static final double LONGER = 48;
  private static final double CLIP = 3;
  private static final double MOST_DAYS_QUIET = 2;
  private static final int LEAST_PERIODS_QUIET = 150;
  private static final int LEAST_LONG_PERIODS_QUIET = 24;

  private final Slots slots;
  private final AlarmRule rule;
  private final double othersWeight;
  private final int quiet;

  /**
   * @param dayClass what class of day a date in China is
   */
  public SeasonalDetector(Grain grain, Function<LocalDate, DayClass> dayClass, AlarmConfig config) {
    this.slots = new Slots(grain, dayClass);
    this.rule = config.rule(slots.periodsPerDay());
    this.othersWeight = config.othersWeight();
    this.quiet =
        slots.periodsPerDay() > 1
            ? (int) Math.max(LEAST_PERIODS_QUIET, MOST_DAYS_QUIET * slots.periodsPerDay())
            : LEAST_LONG_PERIODS_QUIET;
  }

  @Override
  public String id() {
    return "seasonal";
  }

  @Override
  public String model() {
    return "seasonal@1";
  }

  @Override
  int layout() {
    return 1;
  }

  @Override
  SeasonalMemory fresh() {
    return new SeasonalMemory(SlotProfile.empty(slots.perDay()));
  }

  @Override
  SeasonalMemory observe(SeasonalMemory was, Sample sample) {
    SeasonalMemory memory = was.copy();
    if (sample.value() == null) {
      // Nothing is known: neither alarm nor calm, and the next value has no neighbour.
      memory.residual = Double.NaN;
      return memory;
    }
    double value = SlotProfile.bounded(sample.value());
    Slots.Place place = slots.place(sample.periodStart());
    double[] envelope = envelope(was, place, sample.periodStart());
    double residual = value - envelope[1];
    double outside = value - Math.max(envelope[0], Math.min(envelope[2], value));
    double unit = unit(was, place);

    double[] views = new double[SeasonalMemory.VIEWS];
    views[SeasonalMemory.POINT] = Math.abs(outside) / unit;
    double share = was.power > 0 ? Math.max(0, Math.min(0.98, was.carried / was.power)) : 0;
    views[SeasonalMemory.JUMP] =
        Double.isNaN(was.residual) ? 0 : Math.abs(residual - share * was.residual) / unit;
    memory.drift += (clip(residual / unit, 8) - was.drift) / RECENT;
    views[SeasonalMemory.DRIFT] = Math.abs(memory.drift);
    memory.lasting += (clip(residual / unit, 8) - was.lasting) / LONGER;
    views[SeasonalMemory.LASTING] = Math.abs(memory.lasting);
    memory.restless += (Math.min(8, views[SeasonalMemory.JUMP]) - was.restless) / RECENT;
    views[SeasonalMemory.RESTLESS] = memory.restless;

    double score = was.count < quiet ? 0 : score(was, memory, views, value);
    if (was.profile.days(place) <= 0) {
      // The first weekend is judged by working days: only what is plain counts.
      score /= 2;
    }
    double width = unit * Math.max(2, 1.2 * was.tails[SeasonalMemory.POINT].edge());
    memory.low = envelope[0] - width;
    memory.expected = envelope[1];
    memory.high = envelope[2] + width;
    memory.episode = was.episode.next(rule, score, value >= memory.low && value <= memory.high);
    learn(was, memory, place, value, residual, views);
    return memory;
  }

  /** The least, the very and the greatest level expected of the slot and those beside it. */
  private double[] envelope(SeasonalMemory memory, Slots.Place place, Instant periodStart) {
    if (!memory.profile.isKnown(place)) {
      return new double[] {memory.mean, memory.mean, memory.mean};
    }
    double level = memory.profile.level(place);
    double low = level;
    double high = level;
    for (int by = -1; by <= 1; by += 2) {
      Slots.Place beside = slots.neighbour(place, periodStart, by);
      if (memory.profile.isKnown(beside)) {
        double other = memory.profile.level(beside);
        low = Math.min(low, other);
        high = Math.max(high, other);
      }
    }
    return new double[] {low, level, high};
  }

  /** What one step of scatter is at this slot, never quite zero. */
  private static double unit(SeasonalMemory memory, Slots.Place place) {
    // The fewer days a slot was seen on, the more its own scatter is luck.
    double days = memory.profile.days(place);
    double own = days <= 1 ? 0 : 0.5 * (days - 1) / (days + 5);
    double floor = Math.max(0.02 * memory.spread, 1e-6 + 0.001 * Math.abs(memory.mean));
    return Math.max(
        floor, (1 - own) * memory.noise + (own == 0 ? 0 : own * memory.profile.deviation(place)));
  }

  private double score(SeasonalMemory was, SeasonalMemory memory, double[] views, double value) {
    double first = 0;
    double sum = 0;
    for (int i = 0; i < views.length; i++) {
      double score =
          views[i] < SeasonalMemory.FLOORS[i] ? 0 : Math.min(20, was.tails[i].score(views[i]));
      sum += score;
      if (score > first) {
        first = score;
        memory.strangest = i;
      }
    }
    double beyond = Math.max(value - was.greatest, was.least - value);
    double range = Math.max(was.greatest - was.least, 1e-6 + 0.01 * Math.abs(was.mean));
    if (beyond > 0 && first > 0) {
      return first + othersWeight * (sum - first) + Math.min(10, 25 * beyond / range);
    }
    return first + othersWeight * (sum - first);
  }

  private void learn(
      SeasonalMemory was,
      SeasonalMemory memory,
      Slots.Place place,
      double value,
      double residual,
      double[] views) {
    memory.count = was.count + 1;
    double rate = 1 / Math.min(SLOW, memory.count);
    if (was.count == 0) {
      memory.mean = value;
      memory.least = value;
      memory.greatest = value;
    }
    memory.mean += rate * (value - memory.mean);
    memory.spread += rate * (Math.abs(value - memory.mean) - memory.spread);
    // The range forgets: an old record shrinks towards the mean by a hundredth in about 100
    // periods.
    memory.least = Math.min(value, memory.least + 1e-4 * (memory.mean - memory.least));
    memory.greatest = Math.max(value, memory.greatest + 1e-4 * (memory.mean - memory.greatest));
    boolean isKnown = was.profile.isKnown(place);
    double believed = was.judged > 50 ? clip(residual, CLIP * was.noise) : residual;
    if (isKnown) {
      memory.judged = was.judged + 1;
      rate = 1 / Math.min(SLOW, memory.judged);
      memory.noise += rate * (Math.abs(believed) - memory.noise);
      if (!Double.isNaN(was.residual)) {
        double before = was.judged > 50 ? clip(was.residual, CLIP * was.noise) : was.residual;
        memory.carried += rate * (believed * before - memory.carried);
      }
      memory.power += rate * (believed * believed - memory.power);
    }
    memory.residual = residual;
    // An anomaly must not become the rule by lasting: while it goes on its views count little.
    double weight = memory.episode.isOpen() ? 0.2 : 1;
    if (isKnown) {
      for (int i = 0; i < views.length; i++) {
        memory.tails[i] = was.tails[i].learn(views[i], weight);
      }
    }
    double most =
        was.judged > 50
            ? CLIP * Math.max(memory.noise, 0.02 * memory.spread) + 1e-9
            : Double.MAX_VALUE;
    memory.profile = was.profile.learn(place, value, slots.share(), most);
  }

  private static double clip(double x, double most) {
    return Math.max(-most, Math.min(most, x));
  }

  @Override
  @Nullable Standing standing(SeasonalMemory memory) {
    return memory.episode.standing();
  }

  @Override
  Anomaly describe(SeriesKey key, SeasonalMemory memory, Sample sample, Standing standing) {
    String value = sample.value() == null ? "–" : Words.number(sample.value());
    Anomaly.Reasons reasons;
    if (standing.status() == Anomaly.Status.CLEARED) {
      reasons =
          Words.reasons(
              "值 %s 已回到预期区间 %s–%s",
              "value %s is back in the expected band %s–%s", value, memory.low, memory.high);
    } else {
      reasons =
          switch (memory.strangest) {
            case SeasonalMemory.POINT ->
                Words.reasons(
                    "值 %s 偏离该时段预期 %s(区间 %s–%s)",
                    "value %s is far from the %s expected of this time of day (band %s–%s)",
                    value,
                    memory.expected,
                    memory.low,
                    memory.high);
            case SeasonalMemory.JUMP ->
                Words.reasons(
                    "值突变至 %s,预期 %s(区间 %s–%s)",
                    "a sudden step to %s, expected %s (band %s–%s)",
                    value,
                    memory.expected,
                    memory.low,
                    memory.high);
            case SeasonalMemory.DRIFT, SeasonalMemory.LASTING ->
                Words.reasons(
                    "近期持续偏离预期:值 %s,预期 %s(区间 %s–%s)",
                    "away from the expectation for some time: value %s, expected %s (band %s–%s)",
                    value,
                    memory.expected,
                    memory.low,
                    memory.high);
            default ->
                Words.reasons(
                    "波动异常剧烈:值 %s,预期 %s(区间 %s–%s)",
                    "unusually restless: value %s, expected %s (band %s–%s)",
                    value,
                    memory.expected,
                    memory.low,
                    memory.high);
          };
    }
    return anomaly(
        key,
        sample,
        standing,
        new Band(memory.low, memory.expected, memory.high),
        memory.episode.score(),
        reasons);
  }

  /** Nothing while the series is being got to know: the band of a few days says little. */
  @Override
  @Nullable Band expected(SeasonalMemory before, SeasonalMemory after) {
    return before.count < quiet ? null : new Band(after.low, after.expected, after.high);
  }

  @Override
  void writeMemory(SeasonalMemory memory, DataOutputStream out) throws IOException {
    memory.write(out);
  }

  @Override
  SeasonalMemory readMemory(DataInputStream in) throws IOException {
    return SeasonalMemory.read(in, slots.perDay());
  }
}
