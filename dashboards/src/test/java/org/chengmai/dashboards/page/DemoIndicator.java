package org.chengmai.dashboards.page;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;

/**
 * One indicator of the page tests, with values of a daily shape, some noise, and now and then a
 * missing period.
 */
record DemoIndicator(
    String code,
    String domain,
    String zh,
    String en,
    String unit,
    int decimals,
    String grain,
    String direction,
    double base,
    double swing) {
  /** One whose feed carries an old value on, and one whose feed is silent. */
  static final String STALE = "CVS-ECO-0004";

  static final String SILENT = "CVS-URB-0004";
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  static final List<DemoIndicator> ALL =
      List.of(
          of(
              "SAF-0001",
              "safety",
              "110警情总量",
              "110 police calls",
              "件",
              0,
              "PT1H",
              "lower_better",
              42,
              18),
          of("SAF-0003", "safety", "火灾警情数", "Fire calls", "起", 0, "P1D", "lower_better", 5, 2),
          of(
              "TRF-0001",
              "traffic",
              "道路交通运行指数",
              "Traffic index",
              "",
              1,
              "PT5M",
              "lower_better",
              3.6,
              2.2),
          of(
              "TRF-0002",
              "traffic",
              "平均行程车速",
              "Mean travel speed",
              "km/h",
              1,
              "PT5M",
              "higher_better",
              31.5,
              -8),
          of(
              "TRF-0005",
              "traffic",
              "轨道进站量",
              "Metro entries",
              "人次",
              0,
              "PT15M",
              "neutral",
              5200,
              4300),
          of(
              "TRF-0009",
              "traffic",
              "停车场占用率",
              "Car park occupancy",
              "%",
              1,
              "PT15M",
              "target_range",
              66,
              21),
          of(
              "UTL-0001",
              "utilities",
              "全社会用电负荷",
              "Power load",
              "万kW",
              1,
              "PT15M",
              "neutral",
              118.4,
              31),
          of(
              "UTL-0002",
              "utilities",
              "主变油温",
              "Transformer oil temp.",
              "℃",
              1,
              "PT1H",
              "lower_better",
              58,
              9),
          of(
              "UTL-0004",
              "utilities",
              "供水管网压力合格率",
              "Water pressure",
              "%",
              2,
              "PT15M",
              "higher_better",
              98.7,
              0.8),
          of(
              "UTL-0007",
              "utilities",
              "出厂水余氯浊度合格率",
              "Drinking water",
              "%",
              1,
              "PT1H",
              "higher_better",
              99.6,
              0.3),
          of(
              "UTL-0013",
              "utilities",
              "低洼点积水深度",
              "Water at low points",
              "cm",
              1,
              "PT5M",
              "lower_better",
              2.1,
              1.9),
          of(
              "ENV-0001",
              "environment",
              "PM2.5 小时浓度",
              "PM2.5 hourly",
              "μg/m³",
              0,
              "PT1H",
              "lower_better",
              48,
              22),
          of(
              "ENV-0002",
              "environment",
              "空气质量指数 AQI",
              "Air quality index",
              "",
              0,
              "PT1H",
              "lower_better",
              71,
              25),
          of(
              "ENV-0004",
              "environment",
              "臭氧日最大8小时",
              "O3 daily 8 h maximum",
              "μg/m³",
              0,
              "P1D",
              "lower_better",
              112,
              20),
          of(
              "HOT-0001",
              "hotline",
              "12345诉求量",
              "12345 hotline calls",
              "件",
              0,
              "PT1H",
              "neutral",
              86,
              55),
          of(
              "HOT-0002",
              "hotline",
              "接通率",
              "Calls answered",
              "%",
              1,
              "PT1H",
              "higher_better",
              97.4,
              -1.8),
          of(
              "HOT-0003",
              "hotline",
              "按时办结率",
              "Closed on time",
              "%",
              1,
              "P1D",
              "higher_better",
              96.1,
              1),
          of(
              "HLT-0001",
              "health",
              "120平均反应时间",
              "Ambulance response",
              "min",
              1,
              "PT1H",
              "lower_better",
              9.8,
              2.1),
          of(
              "HLT-0004",
              "health",
              "病床使用率",
              "Hospital beds in use",
              "%",
              1,
              "P1D",
              "target_range",
              84.2,
              3),
          of(
              "ECO-0002",
              "economy",
              "新登记经营主体",
              "New business registrations",
              "户",
              0,
              "P1D",
              "higher_better",
              312,
              60),
          of(
              "ECO-0004",
              "economy",
              "失信主体新增",
              "New dishonest entities",
              "户",
              0,
              "P1D",
              "lower_better",
              7,
              3),
          of(
              "URB-0001",
              "urban",
              "城管案件按期结案率",
              "City cases closed in time",
              "%",
              1,
              "P1D",
              "higher_better",
              95.8,
              1.4),
          of("URB-0004", "urban", "井盖异常数", "Manhole faults", "个", 0, "PT5M", "lower_better", 1, 1),
          of(
              "WEA-0002",
              "weather",
              "最高气温",
              "Maximum temperature",
              "℃",
              1,
              "P1D",
              "target_range",
              12.6,
              5));

  private static DemoIndicator of(
      String code,
      String domain,
      String zh,
      String en,
      String unit,
      int decimals,
      String grain,
      String direction,
      double base,
      double swing) {
    return new DemoIndicator(
        "CVS-" + code, domain, zh, en, unit, decimals, grain, direction, base, swing);
  }

  /** What {@code GET /api/v1/indicators} says of it, without the newest points. */
  Map<String, Object> definition() {
    boolean low = direction.equals("higher_better");
    return Map.of(
        "code",
        code,
        "version",
        1,
        "name",
        Map.of("zh", zh, "en", en),
        "domain",
        domain,
        "unit",
        Map.of("code", unit, "display", unit, "decimals", decimals),
        "grain",
        grain,
        "direction",
        direction,
        "caliber",
        "周期内全部有效观测按口径汇总，缺测不计",
        "sql",
        """
            SELECT TIME_FLOOR(ts, '%s', 'Asia/Shanghai') AS ts, region, AVG(val) AS v
            FROM indicators.observations
            WHERE measure = '%s'
            GROUP BY 1, 2"""
            .formatted(grain, code.toLowerCase(Locale.ROOT)),
        "thresholds",
        List.of(
            threshold("yellow", low, level(1.4)),
            threshold("orange", low, level(2)),
            threshold("red", low, level(3))));
  }

  private static Map<String, Object> threshold(String grade, boolean low, String bound) {
    return Map.of(
        "grade",
        grade,
        "when",
        "value " + (low ? "< " : "> ") + bound,
        low ? "greatest" : "least",
        Double.valueOf(bound));
  }

  /** The same at another grain. */
  DemoIndicator every(String otherGrain) {
    return new DemoIndicator(
        code, domain, zh, en, unit, decimals, otherGrain, direction, base, swing);
  }

  private String level(double factor) {
    return "%.1f"
        .formatted(base + factor * Math.abs(swing) * (direction.equals("higher_better") ? -1 : 1));
  }

  Instant floor(Instant time) {
    return Grain.of(grain).floor(time, ZONE);
  }

  Instant previous(Instant periodStart) {
    return Grain.of(grain).previous(periodStart, ZONE);
  }

  /** The last period that has closed at {@code now}. */
  IndicatorPoint newest(String region, Instant now) {
    return point(region, previous(floor(now)));
  }

  IndicatorPoint point(String region, Instant start) {
    long roll = noise(region, start, 7);
    boolean missing = roll % 61 == 0 || code.equals(SILENT);
    Trust trust = roll % 23 == 0 ? Trust.PARTIAL : roll % 17 == 0 ? Trust.LATE : Trust.COMPLETE;
    double noise = (noise(region, start, 3) % 1000) / 1000.0 - 0.5;
    Double value =
        missing ? null : Math.max(0, expected(region, start) + noise * 0.35 * Math.abs(swing));
    return new IndicatorPoint(
        SeriesKey.of(code, region),
        1,
        start,
        Grain.of(grain),
        value,
        null,
        null,
        missing ? 0 : 12 + roll % 900,
        missing ? Trust.MISSING : code.equals(STALE) ? Trust.STALE : trust,
        1,
        start,
        "h");
  }

  Band band(String region, Instant start) {
    double expected = expected(region, start);
    double half = 0.45 * Math.abs(swing);
    return new Band(Math.max(0, expected - half), expected, expected + half);
  }

  private double expected(String region, Instant start) {
    double hour = start.atZone(ZONE).toLocalTime().toSecondOfDay() / 3600.0;
    double place = (region.hashCode() % 7) / 40.0;
    double day =
        Math.exp(-Math.pow((hour - 8.5) / 2.4, 2))
            + 0.9 * Math.exp(-Math.pow((hour - 18) / 2.8, 2))
            - 0.35;
    return base * (1 + (decimals == 2 || unit.equals("%") ? place / 20 : place)) + swing * day;
  }

  private long noise(String region, Instant start, long salt) {
    long mixed =
        (code + region).hashCode() * 31L + start.getEpochSecond() / 60 * 1_000_003L + salt * 7_919;
    mixed = (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
    return Math.floorMod(mixed ^ (mixed >>> 32), 1_000_000L);
  }
}
