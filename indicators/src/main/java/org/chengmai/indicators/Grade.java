package org.chengmai.indicators;

import java.util.Locale;

/** Warning colours, mild to severe: 蓝 IV, 黄 III, 橙 II, 红 I. */
public enum Grade {
  BLUE("蓝"),
  YELLOW("黄"),
  ORANGE("橙"),
  RED("红");

  private final String chinese;

  Grade(String chinese) {
    this.chinese = chinese;
  }

  public String chinese() {
    return chinese;
  }

  /** The lower-case name that definitions and the web page use. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
