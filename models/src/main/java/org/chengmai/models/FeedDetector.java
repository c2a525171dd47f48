package org.chengmai.models;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * Watches the feed behind a series, not its height, and tells four things apart: nothing comes at
 * all (told by a tick, while it lasts), periods that closed without a value, zeros in a row where
 * the series is never zero, and a value that no longer moves.
 */
public final class FeedDetector extends RevisingDetector<FeedDetector.Memory> {
  private static final int MISSING = 0;
  private static final int FLAT = 1;
  private static final int STOPPED = 2;
  private static final int ZERO = 3;

  /** So many values, none of them zero, make a series that is never zero. */
  private static final int NEVER_ZERO = 96;

  private static final Duration GRAVE = Duration.ofDays(1);

  private final Grain grain;
  private final int periods;
  private final @Nullable Duration watermark;
  private final @Nullable Duration flatLine;
  private final boolean zeroMayRest;

  /**
   * @param periods missing, silent or zero ones in a row that are told
   * @param watermark how long after its end a period's value comes at the latest; null where
   *     nothing need come
   * @param flatLine how long a value may stay exactly the same, null for as long as it likes
   * @param zeroMayRest whether a value of zero may stay, as rain and fires do
   */
  public FeedDetector(
      Grain grain,
      int periods,
      @Nullable Duration watermark,
      @Nullable Duration flatLine,
      boolean zeroMayRest) {
    this.grain = grain;
    this.periods = periods;
    this.watermark = watermark;
    this.flatLine = flatLine;
    this.zeroMayRest = zeroMayRest;
  }

  /** One that tells nothing of a feed that stops. */
  public FeedDetector(Grain grain, int periods, @Nullable Duration flatLine, boolean zeroMayRest) {
    this(grain, periods, null, flatLine, zeroMayRest);
  }

  /**
   * What is remembered of one series.
   *
   * @param missing periods in a row without a value
   * @param value the last value, NaN before the first
   * @param since when that value was first seen without a break
   * @param until end of the last period that came, with a value or without
   * @param silent how long nothing has come since then, as last told; zero while all is well
   * @param zeros zeros in a row
   * @param others values since the last zero that was no surprise, at most {@value #NEVER_ZERO}
   */
  record Memory(
      int missing,
      double value,
      Instant since,
      Instant until,
      Duration silent,
      int zeros,
      int others) {}

  @Override
  public String id() {
    return "feed";
  }

  @Override
  public String model() {
    return "feed@2";
  }

  @Override
  int layout() {
    return 2;
  }

  @Override
  Memory fresh() {
    return new Memory(0, Double.NaN, Instant.EPOCH, Instant.EPOCH, Duration.ZERO, 0, 0);
  }

  @Override
  Memory observe(Memory memory, Sample sample) {
    Instant end = grain.end(sample.periodStart(), Slots.CHINA);
    if (sample.value() == null) {
      // Nothing is known to have stayed the same while nothing was measured: the flat line starts
      // anew.
      return new Memory(
          memory.missing() + 1, Double.NaN, end, end, Duration.ZERO, 0, memory.others());
    }
    double value = sample.value();
    boolean isSame = memory.missing() == 0 && value == memory.value();
    boolean isNeverZero = memory.others() >= NEVER_ZERO;
    int others = Math.min(NEVER_ZERO, memory.others() + 1);
    if (value == 0) {
      // a series that is never zero stays one while its zeros are being told
      others = isNeverZero ? NEVER_ZERO : 0;
    }
    return new Memory(
        0,
        value,
        isSame ? memory.since() : sample.periodStart(),
        end,
        Duration.ZERO,
        value == 0 && isNeverZero ? memory.zeros() + 1 : 0,
        others);
  }

  @Override
  Memory pass(Memory memory, Instant now) {
    Instant next = passes(memory);
    return next == null || now.isBefore(next)
        ? memory
        : new Memory(
            memory.missing(),
            memory.value(),
            memory.since(),
            memory.until(),
            Duration.between(memory.until(), now),
            memory.zeros(),
            memory.others());
  }

  @Override
  @Nullable Instant passes(Memory memory) {
    if (watermark == null || memory.until().equals(Instant.EPOCH)) {
      return null;
    }
    Instant stopped = memory.until().plus(grain.typical().multipliedBy(periods)).plus(watermark);
    if (memory.silent().isZero()) {
      return stopped;
    }
    Instant grave = memory.until().plus(GRAVE);
    return memory.silent().compareTo(GRAVE) < 0 && grave.isAfter(stopped) ? grave : null;
  }

  @Override
  @Nullable Standing standing(Memory memory) {
    if (!memory.silent().isZero()) {
      return standing(memory.silent(), STOPPED);
    }
    if (memory.missing() >= periods) {
      return standing(grain.typical().multipliedBy(memory.missing()), MISSING);
    }
    if (memory.zeros() >= periods) {
      return new Standing(Anomaly.Status.FIRING, Grade.YELLOW, ZERO);
    }
    boolean rests = memory.value() == 0 && zeroMayRest;
    return flatLine != null
            && !Double.isNaN(memory.value())
            && !rests
            && memory.until().isAfter(memory.since())
            && Duration.between(memory.since(), memory.until()).compareTo(flatLine) >= 0
        ? new Standing(Anomaly.Status.FIRING, Grade.BLUE, FLAT)
        : null;
  }

  /** A day without a value is graver than a lost packet. */
  private static Standing standing(Duration without, int kind) {
    return new Standing(
        Anomaly.Status.FIRING, without.compareTo(GRAVE) >= 0 ? Grade.ORANGE : Grade.YELLOW, kind);
  }

  @Override
  Anomaly describe(SeriesKey key, Memory memory, Sample sample, Standing standing) {
    Anomaly.Reasons reasons =
        standing.status() == Anomaly.Status.CLEARED
            ? over(standing.kind())
            : switch (standing.kind()) {
              case STOPPED ->
                  Words.reasons(
                      "数据源中断:已有 %s 未收到任何数据",
                      "feed stopped: nothing has come for %s", rounded(memory.silent()));
              case MISSING ->
                  Words.reasons(
                      "数据缺失:连续 %s 个周期无数值",
                      "missing: %s periods in a row without a value", memory.missing());
              case ZERO ->
                  Words.reasons(
                      "数值为零:连续 %s 个周期为零，而该序列平时从不为零",
                      "zero: %s periods in a row, of a series that is never zero", memory.zeros());
              default ->
                  Words.reasons(
                      "数值恒定:%s 已保持 %s 不变",
                      "flat line: %s has not changed for %s",
                      memory.value(),
                      Duration.between(memory.since(), memory.until()));
            };
    return anomaly(key, sample, standing, null, AlarmRule.least(standing.grade()), reasons);
  }

  private static Anomaly.Reasons over(int kind) {
    return switch (kind) {
      case STOPPED -> Words.reasons("数据源恢复", "the feed is back");
      case MISSING -> Words.reasons("数值恢复", "values are back");
      case ZERO -> Words.reasons("数值不再为零", "the value is no longer zero");
      default -> Words.reasons("数值不再恒定", "the value moves again");
    };
  }

  private static Duration rounded(Duration silent) {
    return Duration.ofMinutes(silent.toMinutes());
  }

  @Override
  void writeMemory(Memory memory, DataOutputStream out) throws IOException {
    out.writeInt(memory.missing());
    out.writeDouble(memory.value());
    writeInstant(out, memory.since());
    writeInstant(out, memory.until());
    out.writeLong(memory.silent().toMillis());
    out.writeInt(memory.zeros());
    out.writeByte(memory.others());
  }

  @Override
  Memory readMemory(DataInputStream in) throws IOException {
    return new Memory(
        in.readInt(),
        in.readDouble(),
        readInstant(in),
        readInstant(in),
        Duration.ofMillis(in.readLong()),
        in.readInt(),
        in.readUnsignedByte());
  }
}
