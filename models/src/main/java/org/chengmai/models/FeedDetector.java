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
 * Watches the feed behind a series, not its height: periods without a value, and a value that no
 * longer moves. A zero is a value like any other, a missing period is none.
 */
public final class FeedDetector extends RevisingDetector<FeedDetector.Memory> {
  private static final int OUTAGE = 0;
  private static final int FLAT = 1;

  private final Grain grain;
  private final int missingPeriods;
  private final @Nullable Duration flatLine;
  private final boolean zeroMayRest;

  /**
   * @param missingPeriods periods without a value, in a row, that make an outage
   * @param flatLine how long a value may stay exactly the same, null for as long as it likes
   * @param zeroMayRest whether a value of zero may stay, as rain and fires do
   */
  public FeedDetector(
      Grain grain, int missingPeriods, @Nullable Duration flatLine, boolean zeroMayRest) {
    this.grain = grain;
    this.missingPeriods = missingPeriods;
    this.flatLine = flatLine;
    this.zeroMayRest = zeroMayRest;
  }

  /**
   * What is remembered of one series.
   *
   * @param missing periods in a row without a value
   * @param value the last value, NaN before the first
   * @param since when that value was first seen without a break
   * @param until end of the last period that had it
   */
  record Memory(int missing, double value, Instant since, Instant until) {}

  @Override
  public String id() {
    return "feed";
  }

  @Override
  public String model() {
    return "feed@1";
  }

  @Override
  int layout() {
    return 1;
  }

  @Override
  Memory fresh() {
    return new Memory(0, Double.NaN, Instant.EPOCH, Instant.EPOCH);
  }

  @Override
  Memory observe(Memory memory, Sample sample) {
    Instant end = grain.end(sample.periodStart(), Slots.CHINA);
    if (sample.value() == null) {
      // Nothing is known to have stayed the same while nothing was measured: the flat line starts
      // anew.
      return new Memory(memory.missing() + 1, Double.NaN, end, end);
    }
    boolean isSame = memory.missing() == 0 && sample.value() == memory.value();
    return new Memory(0, sample.value(), isSame ? memory.since() : sample.periodStart(), end);
  }

  @Override
  @Nullable Standing standing(Memory memory) {
    if (memory.missing() >= missingPeriods) {
      // A day of silence is graver than a lost packet.
      Duration silent = grain.typical().multipliedBy(memory.missing());
      return new Standing(
          Anomaly.Status.FIRING,
          silent.compareTo(Duration.ofDays(1)) >= 0 ? Grade.ORANGE : Grade.YELLOW,
          OUTAGE);
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

  @Override
  Anomaly describe(SeriesKey key, Memory memory, Sample sample, Standing standing) {
    boolean isOver = standing.status() == Anomaly.Status.CLEARED;
    Anomaly.Reasons reasons;
    if (standing.kind() == OUTAGE) {
      reasons =
          isOver
              ? Words.reasons("数据恢复", "the feed is back")
              : Words.reasons(
                  "数据中断:连续 %s 个周期无数据",
                  "feed outage: %s periods in a row without a value", memory.missing());
    } else if (isOver) {
      reasons = Words.reasons("数值不再恒定", "the value moves again");
    } else {
      reasons =
          Words.reasons(
              "数值恒定:%s 已保持 %s 不变",
              "flat line: %s has not changed for %s",
              memory.value(),
              Duration.between(memory.since(), memory.until()));
    }
    return anomaly(key, sample, standing, null, AlarmRule.least(standing.grade()), reasons);
  }

  @Override
  void writeMemory(Memory memory, DataOutputStream out) throws IOException {
    out.writeInt(memory.missing());
    out.writeDouble(memory.value());
    writeInstant(out, memory.since());
    writeInstant(out, memory.until());
  }

  @Override
  Memory readMemory(DataInputStream in) throws IOException {
    return new Memory(in.readInt(), in.readDouble(), readInstant(in), readInstant(in));
  }
}
