package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.time.LocalTime;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * Finds days whose course is like none that a trained model knows, whatever their level: a rush
 * hour that never came, a night that was a day. A day is judged once, with the first value of the
 * next one; the alarm ends with the first day of a usual shape. The state does not depend on the
 * model, so a newer one takes over in the middle of a series.
 */
public final class PatternDetector extends RevisingDetector<PatternMemory> {
  /** Of −log10 of a probability per day: one false alarm in a thousand days. */
  private static final double THRESHOLD = 3;

  /** Usual days that a series needs before it is judged: the model knows its days at all. */
  private static final int NEEDED = 3;

  /** After so many strange days in a row they are the new normal, which the next training knows. */
  private static final int LONGEST = 7;

  private final int parts;
  private final PatternModel model;

  public PatternDetector(Grain grain, PatternModel model) {
    this.parts = DayShape.parts(grain);
    this.model = model;
  }

  @Override
  public String id() {
    return "pattern";
  }

  @Override
  public String model() {
    return model.label();
  }

  @Override
  int layout() {
    return 1;
  }

  @Override
  PatternMemory fresh() {
    return PatternMemory.empty(parts);
  }

  @Override
  PatternMemory observe(PatternMemory was, PatternMemory spare, Sample sample) {
    if (sample.value() == null) {
      return was;
    }
    long day = DayShape.day(sample.periodStart());
    PatternMemory memory =
        day == was.day()
            ? was.with(day, was.sums().clone(), was.counts().clone())
            : judged(was).with(day, new double[parts], new int[parts]);
    int part = DayShape.part(sample.periodStart(), parts);
    memory.sums()[part] += SlotProfile.bounded(sample.value());
    memory.counts()[part]++;
    return memory;
  }

  private PatternMemory judged(PatternMemory memory) {
    double[] shape = DayShape.of(memory.sums(), memory.counts());
    if (shape == null || model.parts() != parts) {
      return memory;
    }
    double[] nearest = model.nearest(shape);
    double distance = DayShape.distance(nearest, shape);
    double score = model.score(distance);
    if (score < THRESHOLD) {
      return memory.usualDay(Math.min(NEEDED, memory.usual() + 1));
    }
    if (memory.usual() < NEEDED || memory.strange() >= LONGEST) {
      return memory.usualDay(0);
    }
    int worst = 0;
    for (int i = 0; i < parts; i++) {
      worst = Math.abs(shape[i] - nearest[i]) > Math.abs(shape[worst] - nearest[worst]) ? i : worst;
    }
    return memory.strangeDay(score, distance, worst);
  }

  @Override
  @Nullable Standing standing(PatternMemory memory) {
    return memory.score() == 0
        ? null
        : new Standing(Anomaly.Status.FIRING, AlarmRule.grade(memory.score()), 0);
  }

  @Override
  Anomaly describe(SeriesKey key, PatternMemory memory, Sample sample, Standing standing) {
    Anomaly.Reasons reasons;
    if (standing.status() == Anomaly.Status.CLEARED) {
      reasons = Words.reasons("日变化形态恢复正常", "the day's course is a usual one again");
    } else {
      double[] past = model.distances();
      LocalTime from = LocalTime.ofSecondOfDay(86_400L * memory.worstPart() / parts);
      reasons =
          Words.reasons(
              "模型 %s:%s 全天的变化形态从未出现过,与最接近的形态相差 %s(以往 95%% 的日子不超过 %s),差别最大在 %s 前后",
              "model %s: the course of %s was never seen; it is %s off the nearest known one (95%% of past days at most %s), most of all about %s",
              model(),
              LocalDate.ofEpochDay(memory.strangeDay()),
              memory.distance(),
              past[(int) (0.95 * (past.length - 1))],
              from);
    }
    return anomaly(key, sample, standing, null, memory.score(), reasons);
  }

  @Override
  void writeMemory(PatternMemory memory, DataOutputStream out) throws IOException {
    memory.write(out);
  }

  @Override
  PatternMemory readMemory(DataInputStream in) throws IOException {
    return PatternMemory.read(in, parts);
  }
}
