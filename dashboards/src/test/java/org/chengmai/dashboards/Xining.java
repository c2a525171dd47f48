package org.chengmai.dashboards;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.chengmai.dashboards.BoardIndicator.Direction;
import org.chengmai.dashboards.BoardIndicator.Threshold;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;

/** A small city for tests. */
public final class Xining {
  public static final Label CITY = new Label("西宁", "Xining");
  public static final List<BoardRegion> REGIONS =
      List.of(
          new BoardRegion("630100", "西宁市", "Xining"),
          new BoardRegion("630102", "城东区", "Chengdong"),
          new BoardRegion("630103", "城中区", "Chengzhong"));

  public static final BoardIndicator PM25 =
      new BoardIndicator(
          "CVS-ENV-0001",
          "细颗粒物小时浓度",
          "PM2.5 hourly",
          "environment",
          "μg/m³",
          0,
          Grain.of("PT1H"),
          Direction.LOWER_BETTER,
          List.of(
              new Threshold(Grade.YELLOW, 116),
              new Threshold(Grade.ORANGE, 151),
              new Threshold(Grade.RED, 251)));
  public static final BoardIndicator PRESSURE =
      new BoardIndicator(
          "CVS-UTL-0003",
          "供水压力合格率",
          "Water pressure in range",
          "utilities",
          "%",
          1,
          Grain.of("PT15M"),
          Direction.HIGHER_BETTER,
          List.of(
              new Threshold(Grade.BLUE, 99),
              new Threshold(Grade.YELLOW, 97),
              new Threshold(Grade.RED, 90)));
  public static final BoardIndicator LOAD =
      new BoardIndicator(
          "CVS-UTL-0001",
          "用电负荷",
          "Power load",
          "utilities",
          "MW",
          0,
          Grain.of("PT15M"),
          Direction.NEUTRAL,
          List.of());
  public static final BoardIndicator ENTITIES =
      new BoardIndicator(
          "CVS-MKT-0001",
          "新设经营主体",
          "New entities",
          "economy",
          "",
          0,
          Grain.of("P1M"),
          Direction.NEUTRAL,
          List.of());
  public static final BoardIndicator AIR_INDEX =
      new BoardIndicator(
          "CVS-ENV-9000",
          "环境综合指数",
          "Environment index",
          "environment",
          "",
          1,
          Grain.of("P1D"),
          Direction.HIGHER_BETTER,
          List.of());

  public static final List<BoardIndicator> INDICATORS =
      List.of(ENTITIES, PM25, PRESSURE, LOAD, AIR_INDEX);

  public static final UUID EPOCH = UUID.fromString("00000000-0000-4000-8000-000000000001");
  public static final Instant NOON = Instant.parse("2026-11-22T04:00:00Z");

  private Xining() {}

  public static List<Dashboard> boards() {
    return Boards.of(CITY, REGIONS, INDICATORS);
  }

  public static IndicatorPoint point(
      String code, String region, Instant start, @Nullable Double value) {
    Trust trust = value == null ? Trust.MISSING : Trust.COMPLETE;
    return new IndicatorPoint(
        SeriesKey.of(code, region),
        1,
        start,
        Grain.of("PT1H"),
        value,
        null,
        null,
        12,
        trust,
        1,
        start.plusSeconds(3600),
        "h");
  }

  public static AlertEvent event(
      long seq, String alert, AlertEvent.Type type, AlertState state, Grade grade) {
    Instant at = NOON.plusSeconds(seq);
    Anomaly anomaly =
        new Anomaly(
            SeriesKey.of("CVS-ENV-0001", "630102"),
            "threshold",
            "threshold@1",
            state.isOpen() ? Anomaly.Status.FIRING : Anomaly.Status.CLEARED,
            NOON,
            1,
            grade,
            180.0,
            new Band(20, 40, 75),
            2.5,
            Anomaly.Reasons.of("PM2.5 连续 2 小时 ≥ 151 <严重>", "PM2.5 \"over\" 151 for 2 h, a=b"));
    return new AlertEvent(
        EPOCH,
        seq,
        type,
        at,
        "threshold",
        new Alert(
            alert,
            "f-" + alert,
            state,
            grade,
            (int) seq,
            NOON,
            at,
            state.isOpen() ? null : at,
            3,
            null,
            null,
            anomaly));
  }
}
