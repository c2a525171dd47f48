package org.chengmai.dashboards.live;

/**
 * How far loading has come, shown beside the clock.
 *
 * @param text what is going on, in Chinese and in English
 * @param done steps done
 * @param total steps in all, 0 when unknown
 */
public record Progress(Text text, long done, long total) {

  /** The same words in Chinese and in English. */
  public record Text(String zh, String en) {}
}
