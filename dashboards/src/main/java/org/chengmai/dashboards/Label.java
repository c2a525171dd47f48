package org.chengmai.dashboards;

/** A text that people read, in Chinese and in English. */
public record Label(String zh, String en) {

  /** Both languages in one line, for places that show only one text. */
  public String both() {
    return zh.equals(en) ? zh : zh + " " + en;
  }
}
