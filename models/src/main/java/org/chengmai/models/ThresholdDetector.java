package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.Condition;
import org.chengmai.indicators.definition.Condition.Comparison;
import org.chengmai.indicators.definition.Measure;
import org.jspecify.annotations.Nullable;

/**
 * Grades a series by its definition's thresholds: each rule waits for its {@code hold}, fires, and
 * ends after its {@code clear} held for long enough; the severest rule that fires wins. A point
 * speaks for its whole period. A missing period neither fires nor clears anything and its time does
 * not count; a tick only lets time pass.
 */
public final class ThresholdDetector extends RevisingDetector<ThresholdDetector.Memory> {
  private final Grain grain;
  private final List<ThresholdRule> rules;
  private final String model;
  private final Slots slots;
  private final boolean usesDeviation;

  /** Those that ask for so many of the last periods. */
  private final List<Comparison> windowed;

  /**
   * @param rules mild to severe
   * @param version of the indicator's definition, named in {@link #model()}
   * @param dayClass what class of day a date in China is
   */
  public ThresholdDetector(
      Grain grain, List<ThresholdRule> rules, int version, Function<LocalDate, DayClass> dayClass) {
    this.grain = grain;
    this.rules = List.copyOf(rules);
    this.model = "threshold@" + version;
    this.slots = new Slots(grain, dayClass);
    List<Comparison> all = rules.stream().flatMap(ThresholdRule::comparisons).toList();
    this.usesDeviation = all.stream().anyMatch(one -> one.measure() instanceof Measure.Z);
    this.windowed = all.stream().filter(one -> one.window().of() > 1).distinct().toList();
  }

  /**
   * Where one rule stands.
   *
   * @param since when its condition began to hold
   * @param clearSince when its clearing condition began to hold while it fires
   */
  record Progress(@Nullable Instant since, @Nullable Instant clearSince, boolean isFiring) {
    static final Progress IDLE = new Progress(null, null, false);

    /** Moves what is waiting by a stretch of time that nothing is known of. */
    Progress later(Duration unknown) {
      return new Progress(
          since == null ? null : since.plus(unknown),
          clearSince == null ? null : clearSince.plus(unknown),
          isFiring);
    }
  }

  /**
   * What is remembered of one series; never changed after it was made.
   *
   * @param isBlind whether the newest period is missing
   * @param deviation of the newest value, NaN while unknown
   * @param profile the slots of the week, null when no rule needs them
   * @param held of each windowed comparison, in which of the last periods it held: the lowest bit
   *     is the newest
   */
  record Memory(
      List<Progress> progress,
      boolean isBlind,
      double deviation,
      @Nullable SlotProfile profile,
      List<Long> held) {}

  @Override
  public String id() {
    return "threshold";
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  int layout() {
    return 2;
  }

  @Override
  Memory fresh() {
    return new Memory(
        rules.stream().map(rule -> Progress.IDLE).toList(),
        false,
        Double.NaN,
        usesDeviation ? SlotProfile.empty(slots.perDay()) : null,
        windowed.stream().map(comparison -> 0L).toList());
  }

  @Override
  Memory observe(Memory memory, Memory spare, Sample sample) {
    Instant end = grain.end(sample.periodStart(), Slots.CHINA);
    Double value = sample.value();
    if (value == null) {
      Duration unknown = Duration.between(sample.periodStart(), end);
      return new Memory(
          memory.progress().stream().map(rule -> rule.later(unknown)).toList(),
          true,
          Double.NaN,
          memory.profile(),
          memory.held().stream().map(bits -> bits << 1).toList());
    }
    double deviation = Double.NaN;
    SlotProfile profile = memory.profile();
    if (profile != null) {
      Slots.Place place = slots.place(sample.periodStart());
      deviation = deviation(profile, place, value);
      profile = profile.learn(place, value, slots.share(), Double.MAX_VALUE);
    }
    Newest newest = newest(memory.held(), sample, deviation);
    List<Progress> progress = new ArrayList<>(rules.size());
    for (int i = 0; i < rules.size(); i++) {
      progress.add(
          judge(rules.get(i), memory.progress().get(i), newest, sample.periodStart(), end));
    }
    Memory now = new Memory(List.copyOf(progress), false, deviation, profile, newest.held());
    // as a rule nothing is going on: a new object for each series and period would be old soon
    return now.equals(memory) ? memory : now;
  }

  /** What the rules look at in the newest period. */
  private record Newest(
      Sample sample, double deviation, List<Comparison> windowed, List<Long> held) {

    boolean holds(Condition condition) {
      return condition.comparisons().stream().allMatch(this::holds);
    }

    private boolean holds(Comparison comparison) {
      int place = windowed.indexOf(comparison);
      if (place < 0) {
        return holdsNow(comparison);
      }
      Condition.Window window = comparison.window();
      return Long.bitCount(held.get(place) << (Long.SIZE - window.of())) >= window.needed();
    }

    /** A reading that is not known does not hold. */
    boolean holdsNow(Comparison comparison) {
      Double reading =
          comparison.measure() instanceof Measure.Value
              ? sample.value()
              : sample.readings().get(comparison.measure().toString());
      if (reading == null && comparison.measure() instanceof Measure.Z) {
        reading = deviation;
      }
      return reading != null && comparison.holdsFor(reading);
    }
  }

  private Newest newest(List<Long> before, Sample sample, double deviation) {
    Newest alone = new Newest(sample, deviation, List.of(), List.of());
    List<Long> held = new ArrayList<>(windowed.size());
    for (int i = 0; i < windowed.size(); i++) {
      held.add(before.get(i) << 1 | (alone.holdsNow(windowed.get(i)) ? 1 : 0));
    }
    return new Newest(sample, deviation, windowed, List.copyOf(held));
  }

  /** NaN until the slot of the week has been seen in three weeks. */
  private static double deviation(SlotProfile profile, Slots.Place place, double value) {
    if (profile.weeks(place) < 3) {
      return Double.NaN;
    }
    double level = profile.weekLevel(place);
    // 1.2533 makes a mean absolute deviation comparable with a standard deviation.
    double scale = Math.max(1.2533 * profile.weekDeviation(place), 1e-6 * Math.abs(level) + 1e-9);
    return (value - level) / scale;
  }

  private static Progress judge(
      ThresholdRule rule, Progress was, Newest newest, Instant start, Instant end) {
    boolean holds = newest.holds(rule.when());
    if (!was.isFiring()) {
      if (!holds) {
        return Progress.IDLE;
      }
      Instant since = was.since() == null ? start : was.since();
      return new Progress(since, null, isLong(since, end, rule.hold()));
    }
    boolean clears = rule.clear() == null ? !holds : newest.holds(rule.clear());
    if (!clears) {
      return new Progress(was.since(), null, true);
    }
    Instant clearSince = was.clearSince() == null ? start : was.clearSince();
    return isLong(clearSince, end, rule.clearHold())
        ? Progress.IDLE
        : new Progress(was.since(), clearSince, true);
  }

  private static boolean isLong(Instant since, Instant until, Duration least) {
    return Duration.between(since, until).compareTo(least) >= 0;
  }

  @Override
  Memory pass(Memory memory, Instant now) {
    if (memory.isBlind()) {
      return memory;
    }
    List<Progress> progress = new ArrayList<>(rules.size());
    for (int i = 0; i < rules.size(); i++) {
      ThresholdRule rule = rules.get(i);
      Progress was = memory.progress().get(i);
      if (!was.isFiring() && was.since() != null && isLong(was.since(), now, rule.hold())) {
        was = new Progress(was.since(), null, true);
      } else if (was.clearSince() != null && isLong(was.clearSince(), now, rule.clearHold())) {
        was = Progress.IDLE;
      }
      progress.add(was);
    }
    return progress.equals(memory.progress())
        ? memory
        : new Memory(
            List.copyOf(progress), false, memory.deviation(), memory.profile(), memory.held());
  }

  @Override
  @Nullable Instant passes(Memory memory) {
    Instant earliest = null;
    for (int i = 0; i < rules.size() && !memory.isBlind(); i++) {
      ThresholdRule rule = rules.get(i);
      Progress was = memory.progress().get(i);
      Instant ends = null;
      if (!was.isFiring() && was.since() != null) {
        ends = was.since().plus(rule.hold());
      } else if (was.clearSince() != null) {
        ends = was.clearSince().plus(rule.clearHold());
      }
      if (ends != null && (earliest == null || ends.isBefore(earliest))) {
        earliest = ends;
      }
    }
    return earliest;
  }

  @Override
  @Nullable Standing standing(Memory memory) {
    int firing = severest(memory, true);
    int pending = severest(memory, false);
    if (firing >= 0) {
      return new Standing(Anomaly.Status.FIRING, rules.get(firing).grade(), firing);
    }
    return pending < 0
        ? null
        : new Standing(Anomaly.Status.PENDING, rules.get(pending).grade(), pending);
  }

  private int severest(Memory memory, boolean isFiring) {
    int found = -1;
    for (int i = 0; i < rules.size(); i++) {
      Progress progress = memory.progress().get(i);
      if (progress.isFiring() == isFiring
          && progress.since() != null
          && (found < 0 || rules.get(i).grade().compareTo(rules.get(found).grade()) >= 0)) {
        found = i;
      }
    }
    return found;
  }

  @Override
  Anomaly describe(SeriesKey key, Memory memory, Sample sample, Standing standing) {
    ThresholdRule rule = rules.get(standing.kind());
    String value = sample.value() == null ? "–" : Words.number(sample.value());
    String deviation =
        Double.isNaN(memory.deviation()) ? "" : ", z = " + Words.number(memory.deviation());
    Condition clear = rule.clear() == null ? rule.when() : rule.clear();
    Anomaly.Reasons reasons =
        switch (standing.status()) {
          case PENDING ->
              Words.reasons(
                  "值 %s%s 满足%s色条件 %s,需持续 %s",
                  "value %s%s meets the %s condition %s, waiting for %s",
                  value,
                  deviation,
                  standing.grade(),
                  rule.when(),
                  rule.hold());
          case FIRING ->
              Words.reasons(
                  "值 %s%s 满足%s色条件 %s,已持续 %s",
                  "value %s%s meets the %s condition %s, has held for %s",
                  value,
                  deviation,
                  standing.grade(),
                  rule.when(),
                  rule.hold());
          case CLEARED ->
              Words.reasons(
                  "值 %s%s,%s色条件 %s 解除",
                  "value %s%s, the %s condition %s is over",
                  value,
                  deviation,
                  standing.grade(),
                  clear);
        };
    return anomaly(
        key, sample, standing, band(memory, sample), AlarmRule.least(standing.grade()), reasons);
  }

  private @Nullable Band band(Memory memory, Sample sample) {
    SlotProfile profile = memory.profile();
    Slots.Place place = slots.place(sample.periodStart());
    if (profile == null || Double.isNaN(memory.deviation())) {
      return null;
    }
    double level = profile.weekLevel(place);
    double width = 3 * 1.2533 * profile.weekDeviation(place);
    return new Band(level - width, level, level + width);
  }

  @Override
  void writeMemory(Memory memory, DataOutputStream out) throws IOException {
    out.writeByte(rules.size());
    for (Progress progress : memory.progress()) {
      out.writeBoolean(progress.isFiring());
      writeInstant(out, progress.since() == null ? Instant.MIN : progress.since());
      writeInstant(out, progress.clearSince() == null ? Instant.MIN : progress.clearSince());
    }
    out.writeBoolean(memory.isBlind());
    out.writeDouble(memory.deviation());
    for (long bits : memory.held()) {
      out.writeLong(bits);
    }
    if (memory.profile() != null) {
      memory.profile().write(out);
    }
  }

  @Override
  Memory readMemory(DataInputStream in) throws IOException {
    if (in.readUnsignedByte() != rules.size()) {
      throw new IOException("the number of rules has changed");
    }
    List<Progress> progress = new ArrayList<>(rules.size());
    for (int i = 0; i < rules.size(); i++) {
      boolean isFiring = in.readBoolean();
      progress.add(new Progress(readOptional(in), readOptional(in), isFiring));
    }
    boolean isBlind = in.readBoolean();
    double deviation = in.readDouble();
    List<Long> held = new ArrayList<>(windowed.size());
    for (int i = 0; i < windowed.size(); i++) {
      held.add(in.readLong());
    }
    SlotProfile profile = usesDeviation ? SlotProfile.read(in, slots.perDay()) : null;
    return new Memory(List.copyOf(progress), isBlind, deviation, profile, List.copyOf(held));
  }

  private static @Nullable Instant readOptional(DataInputStream in) throws IOException {
    Instant time = readInstant(in);
    return time.equals(Instant.MIN) ? null : time;
  }
}
