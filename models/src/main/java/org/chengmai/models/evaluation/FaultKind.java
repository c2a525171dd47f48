package org.chengmai.models.evaluation;

import java.util.Locale;

/** How a series goes wrong. Sizes are in standard deviations of what its usual course leaves. */
public enum FaultKind {
  /** One row lies 8 to 12 deviations off. */
  SPIKE("尖峰"),
  /** 24 to 96 rows lie 3 to 6 deviations off. */
  LEVEL_SHIFT("水平偏移"),
  /** 48 to 144 rows drift away, to 3 to 6 deviations at their end. */
  SLOW_LEAK("缓慢泄漏"),
  /** 24 to 96 rows repeat the value before them, in a stretch where the true values move. */
  FROZEN_SENSOR("传感器冻结"),
  /** For a day, and 24 rows at least, the daily course is away and the median is there instead. */
  MISSING_PHASE("缺少时段"),
  /**
   * A day runs as the newest day of the other class did: a workday as a day off, or the reverse.
   */
  CHANGED_WEEKDAY("周模式改变"),
  /**
   * All series of a set lie 3 to 6 deviations off in the same direction in the same 24 to 96 rows.
   */
  CORRELATED("同时故障");

  private final String zh;

  FaultKind(String zh) {
    this.zh = zh;
  }

  public String zh() {
    return zh;
  }

  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
