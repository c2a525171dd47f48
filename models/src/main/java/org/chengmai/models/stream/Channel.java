package org.chengmai.models.stream;

import java.util.Arrays;

/**
 * A way of looking at a value, compared with its own past: by its tail, by the likelihood of its
 * last ten, or, for what was never seen at all, directly.
 */
public enum Channel {
  HIGH("高于常见范围", "above the usual range"),
  LOW("低于常见范围", "below the usual range"),
  JUMP("突变", "a sudden jump"),
  SURPRISE("与前几期走势不符", "not what the last values led to"),
  DAY("与近几日同一时段不符", "unlike this time of the last days"),
  SEASON("偏离该时段常态", "out of season"),
  MEAN_UP("近期平均水平升高", "a raised level"),
  MEAN_DOWN("近期平均水平降低", "a lowered level"),
  SPREAD_UP("波动加剧", "unusually restless"),
  SPREAD_DOWN("波动减弱", "unusually calm"),
  SHAPE("走势形态罕见", "a shape not seen before"),
  LONE("该时段的孤立离群值", "a lone outlier for this time of day"),
  SEASON_LONG("长时间偏离时段常态", "out of season for long", Kind.SLOW),
  DRIFT("持续漂移", "drifting away from its season", Kind.SLOW),
  SURPRISE_MEAN("持续偏离走势", "away from its course for a while", Kind.SLOW),
  STILL("数值停滞不变", "a value that no longer moves", Kind.DIRECT),
  RECORD("超出历史范围", "beyond everything seen so far", Kind.DIRECT),
  LEVEL_RECORD("平均水平超出历史范围", "a level beyond all seen so far", Kind.DIRECT),
  DAY_LIKELIHOOD("近期与往日持续不符", "unlike the last days for a while", Kind.LIKELIHOOD),
  SURPRISE_LIKELIHOOD("近期意外增多", "more surprises than usual", Kind.LIKELIHOOD),
  SEASON_LIKELIHOOD("近期偏离时段常态增多", "out of season more than usual", Kind.LIKELIHOOD);

  static final Channel[] ALL = values();

  /** How many there are. */
  public static final int COUNT = ALL.length;

  /** How many are judged by their tail; they come first. */
  static final int TAILS = (int) Arrays.stream(ALL).filter(Channel::isTail).count();

  /** How many of these are slow; they come last. */
  static final int SLOW = (int) Arrays.stream(ALL).filter(Channel::isSlow).count();

  private static final double MOST = 12;
  private static final double MOST_LASTING = 30;

  private final String chinese;
  private final String english;
  private final Kind kind;

  enum Kind {
    TAIL,
    /** By its tail, too, which learns late so that what builds up slowly does not hide itself. */
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
    return kind == Kind.TAIL || isSlow();
  }

  boolean isSlow() {
    return kind == Kind.SLOW;
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
