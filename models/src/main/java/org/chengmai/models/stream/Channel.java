package org.chengmai.models.stream;

import java.util.Arrays;

/**
 * A way of looking at a value, compared with its own past: by its tail, by the likelihood of its
 * last ten, or, for what was never seen at all, directly.
 */
public enum Channel {
  JUMP("突变", "a sudden jump"),
  SPREAD_UP("波动加剧", "unusually restless"),
  SPREAD_DOWN("波动减弱", "unusually calm"),
  SHAPE("走势形态罕见", "a shape not seen before"),
  LONE_UP("该时段的孤立高值", "a lone peak for this time of day"),
  LONE_DOWN("该时段的孤立低值", "a lone dip for this time of day"),
  SPIKE_UP("单点尖峰", "a single value that sticks out upwards", Kind.SPIKE),
  SPIKE_DOWN("单点低谷", "a single value that sticks out downwards", Kind.SPIKE),
  HIGH("高于常见范围", "above the usual range", Kind.LATE),
  LOW("低于常见范围", "below the usual range", Kind.LATE),
  SEASON_UP("高于该时段常态", "above its season", Kind.LATE),
  SEASON_DOWN("低于该时段常态", "below its season", Kind.LATE),
  MEAN_UP("近期平均水平升高", "a raised level", Kind.LATE),
  MEAN_DOWN("近期平均水平降低", "a lowered level", Kind.LATE),
  SEASON_LONG_UP("长时间高于时段常态", "above its season for long", Kind.SLOW),
  SEASON_LONG_DOWN("长时间低于时段常态", "below its season for long", Kind.SLOW),
  DRIFT_UP("持续向上漂移", "drifting upwards from its season", Kind.SLOW),
  DRIFT_DOWN("持续向下漂移", "drifting downwards from its season", Kind.SLOW),
  SURPRISE_MEAN_UP("持续高于走势", "above its course for a while", Kind.SLOW),
  SURPRISE_MEAN_DOWN("持续低于走势", "below its course for a while", Kind.SLOW),
  STILL("数值停滞不变", "a value that no longer moves", Kind.DIRECT),
  RECORD("超出历史范围", "beyond everything seen so far", Kind.DIRECT),
  LEVEL_RECORD("平均水平超出历史范围", "a level beyond all seen so far", Kind.DIRECT),
  LATE_RECORD("逐渐超出历史范围", "grown beyond everything seen before", Kind.DIRECT),
  LATE_LEVEL("平均水平逐渐超出历史范围", "a level grown beyond all seen before", Kind.DIRECT),
  DAY_LIKELIHOOD("近期与往日持续不符", "unlike the last days for a while", Kind.LIKELIHOOD),
  SURPRISE_LIKELIHOOD("近期意外增多", "more surprises than usual", Kind.LIKELIHOOD),
  SEASON_LIKELIHOOD("近期偏离时段常态增多", "out of season more than usual", Kind.LIKELIHOOD);

  static final Channel[] ALL = values();

  /** How many there are. */
  public static final int COUNT = ALL.length;

  /** How many are judged by their tail; they come first. */
  static final int TAILS = (int) Arrays.stream(ALL).filter(Channel::isTail).count();

  /** How many of these learn late: pairs, upwards and downwards, that come last. */
  static final int LATE = (int) Arrays.stream(ALL).filter(Channel::isLate).count();

  private static final double MOST = 12;
  private static final double MOST_LASTING = 30;

  private final String chinese;
  private final String english;
  private final Kind kind;

  enum Kind {
    TAIL,
    /** By its tail, of the value before the newest; restless series are full of them. */
    SPIKE,
    /** By its tail, too, which learns late so that what builds up slowly does not hide itself. */
    LATE,
    /** The same over so many periods that they see nearly the same one after the other. */
    SLOW,
    LIKELIHOOD,
    DIRECT
  }

  Channel(String chinese, String english) {
    this(chinese, english, Kind.TAIL);
  }

  Channel(String chinese, String english, Kind kind) {
    this.chinese = chinese;
    this.english = english;
    this.kind = kind;
  }

  boolean isTail() {
    return kind == Kind.TAIL || isSpike() || isLate();
  }

  boolean isSpike() {
    return kind == Kind.SPIKE;
  }

  boolean isLate() {
    return kind == Kind.LATE || kind == Kind.SLOW;
  }

  boolean isSlow() {
    return kind == Kind.SLOW;
  }

  /** Whether it looks at what a slot is used to. */
  boolean isSeasonal() {
    return switch (this) {
      case SEASON_UP, SEASON_DOWN, LONE_UP, LONE_DOWN, SPIKE_UP, SPIKE_DOWN -> true;
      case DRIFT_UP, DRIFT_DOWN, SEASON_LONG_UP, SEASON_LONG_DOWN -> true;
      default -> false;
    };
  }

  /** Whether it is the second of a pair that learns late. */
  boolean isDown() {
    return isLate() && (ordinal() - TAILS + LATE) % 2 == 1;
  }

  /** Whether it looks as the one before it does, in the other direction, and weighs the same. */
  public boolean isTwin() {
    return switch (this) {
      case LONE_DOWN, SPIKE_DOWN, SEASON_DOWN, SEASON_LONG_DOWN -> true;
      case DRIFT_DOWN, SURPRISE_MEAN_DOWN -> true;
      default -> false;
    };
  }

  public boolean isLikelihood() {
    return kind == Kind.LIKELIHOOD;
  }

  /** A score beyond this says nothing more; what lasts by the clock of the series may say most. */
  double most() {
    return this == STILL || this == SEASON_LIKELIHOOD ? MOST_LASTING : MOST;
  }

  public String chinese() {
    return chinese;
  }

  public String english() {
    return english;
  }
}
