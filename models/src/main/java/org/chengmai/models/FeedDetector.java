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

  /** What is remembered of one series; times are milliseconds since 1970. */
  static final class Memory {
    /** Periods in a row without a value. */
    private int missing;

    /** The last value, NaN before the first. */
    private double value = Double.NaN;

    /** When that value was first seen without a break. */
    private long since;

    /** End of the last period that came, with a value or without; 0 before the first. */
    private long until;

    /** How long nothing has come since then, as last told; 0 while all is well. */
    private long silent;

    /** Zeros in a row. */
    private int zeros;

    /** Values since the last zero that was no surprise, at most {@value #NEVER_ZERO}. */
    private int others;

    private Duration still() {
      return Duration.ofMillis(until - since);
    }
  }

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
    return new Memory();
  }

  @Override
  Memory observe(Memory was, Memory memory, Sample sample) {
    memory.until = grain.end(sample.periodStart(), Slots.CHINA).toEpochMilli();
    memory.silent = 0;
    if (sample.value() == null) {
      // Nothing is known to have stayed the same while nothing was measured: the flat line starts
      // anew.
      memory.missing = was.missing + 1;
      memory.value = Double.NaN;
      memory.since = memory.until;
      memory.zeros = 0;
      memory.others = was.others;
      return memory;
    }
    double value = sample.value();
    boolean isSame = was.missing == 0 && value == was.value;
    boolean isNeverZero = was.others >= NEVER_ZERO;
    memory.missing = 0;
    memory.value = value;
    memory.since = isSame ? was.since : sample.periodStart().toEpochMilli();
    memory.zeros = value == 0 && isNeverZero ? was.zeros + 1 : 0;
    // a series that is never zero stays one while its zeros are being told
    memory.others =
        value != 0 ? Math.min(NEVER_ZERO, was.others + 1) : isNeverZero ? NEVER_ZERO : 0;
    return memory;
  }

  @Override
  Memory pass(Memory memory, Instant now) {
    Instant next = passes(memory);
    if (next == null || now.isBefore(next)) {
      return memory;
    }
    Memory passed = new Memory();
    passed.missing = memory.missing;
    passed.value = memory.value;
    passed.since = memory.since;
    passed.until = memory.until;
    passed.silent = now.toEpochMilli() - memory.until;
    passed.zeros = memory.zeros;
    passed.others = memory.others;
    return passed;
  }

  @Override
  @Nullable Instant passes(Memory memory) {
    if (watermark == null || memory.until == 0) {
      return null;
    }
    Instant until = Instant.ofEpochMilli(memory.until);
    Instant stopped = until.plus(grain.typical().multipliedBy(periods)).plus(watermark);
    if (memory.silent == 0) {
      return stopped;
    }
    Instant grave = until.plus(GRAVE);
    return memory.silent < GRAVE.toMillis() && grave.isAfter(stopped) ? grave : null;
  }

  @Override
  @Nullable Standing standing(Memory memory) {
    if (memory.silent != 0) {
      return standing(Duration.ofMillis(memory.silent), STOPPED);
    }
    if (memory.missing >= periods) {
      return standing(grain.typical().multipliedBy(memory.missing), MISSING);
    }
    if (memory.zeros >= periods) {
      return new Standing(Anomaly.Status.FIRING, Grade.YELLOW, ZERO);
    }
    boolean rests = memory.value == 0 && zeroMayRest;
    return flatLine != null
            && !Double.isNaN(memory.value)
            && !rests
            && memory.until > memory.since
            && memory.still().compareTo(flatLine) >= 0
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
                      "feed stopped: nothing has come for %s", rounded(memory.silent));
              case MISSING ->
                  Words.reasons(
                      "数据缺失:连续 %s 个周期无数值",
                      "missing: %s periods in a row without a value", memory.missing);
              case ZERO ->
                  Words.reasons(
                      "数值为零:连续 %s 个周期为零，而该序列平时从不为零",
                      "zero: %s periods in a row, of a series that is never zero", memory.zeros);
              default ->
                  Words.reasons(
                      "数值恒定:%s 已保持 %s 不变",
                      "flat line: %s has not changed for %s", memory.value, memory.still());
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

  private static Duration rounded(long silent) {
    return Duration.ofMinutes(Duration.ofMillis(silent).toMinutes());
  }

  @Override
  void writeMemory(Memory memory, DataOutputStream out) throws IOException {
    out.writeInt(memory.missing);
    out.writeDouble(memory.value);
    writeInstant(out, Instant.ofEpochMilli(memory.since));
    writeInstant(out, Instant.ofEpochMilli(memory.until));
    out.writeLong(memory.silent);
    out.writeInt(memory.zeros);
    out.writeByte(memory.others);
  }

  @Override
  Memory readMemory(DataInputStream in) throws IOException {
    Memory memory = new Memory();
    memory.missing = in.readInt();
    memory.value = in.readDouble();
    memory.since = readInstant(in).toEpochMilli();
    memory.until = readInstant(in).toEpochMilli();
    memory.silent = in.readLong();
    memory.zeros = in.readInt();
    memory.others = in.readUnsignedByte();
    return memory;
  }
}
