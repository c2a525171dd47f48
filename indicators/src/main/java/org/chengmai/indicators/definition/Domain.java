package org.chengmai.indicators.definition;

import java.util.List;

/** The twelve fields of city operations, each with the code prefixes that belong to it. */
public enum Domain {
  SAFETY("公共安全", "SAF"),
  TRAFFIC("交通", "TRF"),
  UTILITIES("市政公用", "UTL"),
  ENVIRONMENT("生态环境、水利", "ENV", "WTR"),
  HEALTH("卫生健康", "HLT"),
  EMERGENCY("应急", "EMG"),
  HOTLINE("民生诉求", "HOT"),
  ECONOMY("经济、市场监管", "ECO", "MKT"),
  HOUSING("住房", "HOU"),
  URBAN("城管、自然资源", "URB", "RES"),
  WEATHER("气象", "WEA"),
  /** Also the city's index. */
  GOVERNMENT("政务、基层治理", "GOV", "GRS", "DIS", "AFF", "OPN", "CTY");

  private final String chinese;
  private final List<String> prefixes;

  Domain(String chinese, String... prefixes) {
    this.chinese = chinese;
    this.prefixes = List.of(prefixes);
  }

  public String chinese() {
    return chinese;
  }

  /** The three letters that codes of this domain may carry. */
  public List<String> prefixes() {
    return prefixes;
  }
}
