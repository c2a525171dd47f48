package org.chengmai.indicators.quality;

import java.time.Duration;
import java.time.Instant;
import org.chengmai.indicators.Anomaly.Reasons;
import org.jspecify.annotations.Nullable;

/**
 * What a series without an ordinary number tells: its feed stopped, it rests by its calendar, this
 * period has no data, or the value is zero. Four different facts that never look alike.
 */
public sealed interface Feed {

  /** {@code stopped}, {@code resting}, {@code no_data}, {@code zero} or {@code running}. */
  String state();

  /** The fact in a sentence, in both languages. */
  Reasons reasons();

  /**
   * Nothing came for longer than was to be expected.
   *
   * @param since the end of the last period that had a value, null when none is known
   */
  record Stopped(@Nullable Instant since) implements Feed {
    @Override
    public String state() {
      return "stopped";
    }

    @Override
    public Reasons reasons() {
      return since == null
          ? Reasons.of("数据中断：没有已知的数值", "the feed stopped: no value of it is known")
          : Reasons.of("数据中断：自 %s 起".formatted(since), "the feed stopped, since " + since);
    }
  }

  /** The feed runs, but this period has no value. */
  record NoData(Instant period) implements Feed {
    @Override
    public String state() {
      return "no_data";
    }

    @Override
    public Reasons reasons() {
      return Reasons.of("本周期无数据：" + period, "no data in the period " + period);
    }
  }

  /** By its calendar no value is due: out of season, or on a day off. */
  record Resting(Instant period) implements Feed {
    @Override
    public String state() {
      return "resting";
    }

    @Override
    public Reasons reasons() {
      return Reasons.of(
          "按日历本周期不统计：" + period, "by its calendar no value is due in the period " + period);
    }
  }

  /** A value, and it is zero. */
  record Zero(Instant period) implements Feed {
    @Override
    public String state() {
      return "zero";
    }

    @Override
    public Reasons reasons() {
      return Reasons.of("数值为零：" + period, "the value is zero in the period " + period);
    }
  }

  /** A value other than zero. */
  record Running(Instant period, double value) implements Feed {
    @Override
    public String state() {
      return "running";
    }

    @Override
    public Reasons reasons() {
      return Reasons.of("有数据：" + period, "there is a value in the period " + period);
    }
  }

  /**
   * What is known of a series now.
   *
   * @param lastSeen the end of the newest period that has a value, null when none is known
   * @param within how old the newest value may be before the feed counts as stopped
   * @param period the newest period that is closed
   * @param value of that period, null if it has none
   */
  static Feed of(
      @Nullable Instant lastSeen,
      Duration within,
      Instant now,
      Instant period,
      @Nullable Double value) {
    if (lastSeen == null || new Freshness(within).isStale(lastSeen, now)) {
      return new Stopped(lastSeen);
    }
    if (value == null) {
      return new NoData(period);
    }
    return value == 0 ? new Zero(period) : new Running(period, value);
  }
}
