package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.function.Function;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * Finds values that a trained model did not expect: the error of the forecast is compared with the
 * forecast's own errors in the past, once as it is and once averaged over the last periods. The
 * state does not depend on the model, so a newer model takes over in the middle of a series.
 */
public final class ForecastDetector extends RevisingDetector<ForecastMemory> {
  /**
   * Least magnitude of each view that can count: what plain Gaussian noise passes once in about
   * 100,000 periods.
   */
  private static final double POINT_FLOOR = 6.2;

  private static final double DRIFT_FLOOR = 1.6;

  private static final double SLOW = 1000;
  private static final double RECENT = 10;
  private static final int QUIET = 100;

  private final Slots slots;
  private final AlarmRule rule;
  private final double othersWeight;
  private final LinearForecast forecast;
  private final int quiet;

  public ForecastDetector(
      Grain grain,
      Function<LocalDate, DayClass> dayClass,
      AlarmConfig config,
      LinearForecast forecast) {
    this.slots = new Slots(grain, dayClass);
    this.rule = config.rule(slots.periodsPerDay());
    this.othersWeight = config.othersWeight();
    this.forecast = forecast;
    this.quiet = (int) (slots.periodsPerDay() > 1 ? Math.max(QUIET, slots.periodsPerDay()) : 24);
  }

  @Override
  public String id() {
    return "forecast";
  }

  @Override
  public String model() {
    return forecast.name();
  }

  @Override
  int layout() {
    return 1;
  }

  @Override
  ForecastMemory fresh() {
    return new ForecastMemory(SlotProfile.empty(slots.perDay()));
  }

  @Override
  ForecastMemory observe(ForecastMemory was, ForecastMemory spare, Sample sample) {
    ForecastMemory memory = was.copy();
    if (sample.value() == null) {
      memory.skip();
      return memory;
    }
    double value = SlotProfile.bounded(sample.value());
    Slots.Place place = slots.place(sample.periodStart());
    if (was.isReady()) {
      judge(
          was,
          memory,
          forecast.predict(ForecastFeatures.of(was, slots, place, sample.periodStart())),
          value);
    }
    memory.learn(slots, place, value);
    return memory;
  }

  private void judge(ForecastMemory was, ForecastMemory memory, double predicted, double value) {
    double scale = was.scale();
    double error = ForecastMemory.clip((value - was.mean) / scale - predicted, 1e6);
    double unit = Math.max(0.02, was.count < quiet ? forecast.residualScale() : was.noise);
    double[] views = {Math.abs(error) / unit, 0};
    memory.drift += (ForecastMemory.clip(error / unit, 8) - was.drift) / RECENT;
    views[1] = Math.abs(memory.drift);
    double first = score(was.tails[0], views[0], POINT_FLOOR);
    double second = score(was.tails[1], views[1], DRIFT_FLOOR);
    double score =
        was.count < quiet ? 0 : Math.max(first, second) + othersWeight * Math.min(first, second);
    double width = unit * Math.max(2.5, 1.2 * was.tails[0].edge());
    memory.expected = was.mean + scale * predicted;
    memory.low = memory.expected - scale * width;
    memory.high = memory.expected + scale * width;
    memory.episode = was.episode.next(rule, score, value >= memory.low && value <= memory.high);
    double weight = memory.episode.isOpen() ? 0.2 : 1;
    for (int i = 0; i < views.length; i++) {
      memory.tails[i] = was.tails[i].learn(views[i], weight);
    }
    double start = was.noise == 0 ? forecast.residualScale() : was.noise;
    double rate = 1 / Math.min(SLOW, was.count + 1.0);
    memory.noise = start + rate * (Math.min(Math.abs(error), 6 * start + 1e-9) - start);
  }

  private static double score(Tail tail, double magnitude, double floor) {
    return magnitude < floor ? 0 : Math.min(20, tail.score(magnitude));
  }

  @Override
  @Nullable Standing standing(ForecastMemory memory) {
    return memory.episode.standing();
  }

  @Override
  Anomaly describe(SeriesKey key, ForecastMemory memory, Sample sample, Standing standing) {
    String value = sample.value() == null ? "–" : Words.number(sample.value());
    Anomaly.Reasons reasons =
        standing.status() == Anomaly.Status.CLEARED
            ? Words.reasons(
                "模型 %s:值 %s 已回到预期区间 %s–%s",
                "model %s: value %s is back in the expected band %s–%s",
                model(),
                value,
                memory.low,
                memory.high)
            : Words.reasons(
                "模型 %s 预期 %s(区间 %s–%s),实际 %s",
                "model %s expected %s (band %s–%s), the value is %s",
                model(),
                memory.expected,
                memory.low,
                memory.high,
                value);
    return anomaly(
        key,
        sample,
        standing,
        new Band(memory.low, memory.expected, memory.high),
        memory.episode.score(),
        reasons);
  }

  @Override
  @Nullable Band expected(ForecastMemory before, ForecastMemory after) {
    return before.isReady() ? new Band(after.low, after.expected, after.high) : null;
  }

  @Override
  void writeMemory(ForecastMemory memory, DataOutputStream out) throws IOException {
    memory.write(out);
  }

  @Override
  ForecastMemory readMemory(DataInputStream in) throws IOException {
    return ForecastMemory.read(in, slots.perDay());
  }
}
