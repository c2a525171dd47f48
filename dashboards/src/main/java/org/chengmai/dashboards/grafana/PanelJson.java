package org.chengmai.dashboards.grafana;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.chengmai.dashboards.BoardIndicator;
import org.chengmai.dashboards.BoardIndicator.Direction;
import org.chengmai.dashboards.BoardIndicator.Threshold;
import org.chengmai.dashboards.Panel;
import org.chengmai.dashboards.Place;
import org.jspecify.annotations.Nullable;

/** Writes one panel of a board as Grafana's JSON. */
final class PanelJson {
  static final String NO_DATA = "无数据 no data";

  /** How long the browser keeps live values, in milliseconds. */
  private static final int LIVE_BUFFER_MILLIS = 6 * 3600 * 1000;

  private static final int LONG_GRAIN_PERIODS = 60;

  private static final Map<String, String> TRUST_WORDS =
      Map.of(
          "complete",
          "完整 complete",
          "late",
          "迟到 late",
          "partial",
          "不全 partial",
          "stale",
          "过时 stale",
          "missing",
          "缺失 missing");

  private final String dataSourceUid;
  private final String streamPrefix;

  PanelJson(String dataSourceUid, String streamPrefix) {
    this.dataSourceUid = dataSourceUid;
    this.streamPrefix = streamPrefix;
  }

  /** Grafana's own data source: annotations and Live. */
  static JsonObject grafanaSource() {
    return new JsonObject().put("type", "datasource").put("uid", "grafana");
  }

  JsonObject panel(Panel panel) {
    Place place = panel.place();
    JsonObject json =
        new JsonObject()
            .put("id", panel.id())
            .put("title", panel.title().both())
            .put(
                "gridPos",
                new JsonObject()
                    .put("x", place.x())
                    .put("y", place.y())
                    .put("w", place.width())
                    .put("h", place.height()));
    if (panel instanceof Panel.Stat stat) {
      return stat(lookBack(json, stat.indicator()), stat.indicator());
    } else if (panel instanceof Panel.History history) {
      return history(lookBack(json, history.indicator()), history.indicator());
    } else if (panel instanceof Panel.Live live) {
      return live(json, live.indicator());
    } else if (panel instanceof Panel.AlertList list) {
      return alertList(json, list);
    }
    return AlertTable.panel(
        json, stream(BoardJson.channel(streamPrefix, LiveLines.ALERTS, LiveLines.ALERTS)));
  }

  /** Values of a day or longer need a longer look back than their board's. */
  private static JsonObject lookBack(JsonObject json, BoardIndicator indicator) {
    long days = indicator.grain().typical().toDays();
    return days < 1 ? json : json.put("timeFrom", days * LONG_GRAIN_PERIODS + "d");
  }

  private JsonObject stat(JsonObject json, BoardIndicator indicator) {
    JsonArray words = new JsonArray();
    List<String> trusts = List.of("complete", "late", "partial", "stale", "missing");
    List<String> colors = List.of("green", "blue", "yellow", "orange", "red");
    JsonObject mapping = new JsonObject();
    for (int i = 0; i < trusts.size(); i++) {
      mapping.put(
          trusts.get(i),
          new JsonObject()
              .put("text", TRUST_WORDS.get(trusts.get(i)))
              .put("color", colors.get(i))
              .put("index", i));
    }
    words.add(new JsonObject().put("type", "value").put("options", mapping));
    JsonObject trust = override("trust", "mappings", words);
    return json.put("type", "stat")
        .put("datasource", source())
        .put("targets", new JsonArray().add(sql("A", PanelSql.newest(indicator), "table")))
        .put("fieldConfig", fieldConfig(indicator, new JsonObject(), new JsonArray().add(trust)))
        .put(
            "options",
            new JsonObject()
                .put("colorMode", "value")
                .put("graphMode", "area")
                .put("justifyMode", "auto")
                .put("orientation", "vertical")
                .put("percentChangeColorMode", "standard")
                .put("showPercentChange", false)
                .put("textMode", "value")
                .put("wideLayout", true)
                .put(
                    "reduceOptions",
                    new JsonObject()
                        .put("values", false)
                        .put("calcs", new JsonArray().add("lastNotNull"))
                        .put("fields", "/^(actual|trust)$/")));
  }

  private JsonObject history(JsonObject json, BoardIndicator indicator) {
    JsonArray targets = new JsonArray().add(sql("A", PanelSql.history(indicator), "time_series"));
    JsonArray overrides =
        new JsonArray()
            .add(override("actual", "displayName", "实际 actual"))
            .add(
                override(
                    "doubtful",
                    "displayName",
                    "存疑 doubtful",
                    "custom.drawStyle",
                    "points",
                    "custom.pointSize",
                    7,
                    "color",
                    new JsonObject().put("mode", "fixed").put("fixedColor", "orange")));
    if (PanelSql.hasBand(indicator)) {
      targets.add(sql("B", PanelSql.band(indicator), "time_series"));
      JsonObject grey = new JsonObject().put("mode", "fixed").put("fixedColor", "#8e8e8e");
      overrides
          .add(
              override(
                  "low", "displayName", "近四周低 four-week low", "custom.lineWidth", 0, "color", grey))
          .add(
              override(
                  "high",
                  "displayName",
                  "近四周高 four-week high",
                  "custom.lineWidth",
                  0,
                  "custom.fillBelowTo",
                  "近四周低 four-week low",
                  "custom.fillOpacity",
                  20,
                  "color",
                  grey));
    }
    return timeSeries(json)
        .put("datasource", source())
        .put("targets", targets)
        .put("fieldConfig", fieldConfig(indicator, lines(indicator), overrides));
  }

  private JsonObject live(JsonObject json, BoardIndicator indicator) {
    String channel =
        BoardJson.channel(streamPrefix, BoardIndicator.family(indicator.code()), indicator.code());
    return timeSeries(json)
        .put("datasource", grafanaSource())
        .put("targets", new JsonArray().add(stream(channel)))
        .put("fieldConfig", fieldConfig(indicator, lines(indicator), new JsonArray()));
  }

  private static JsonObject timeSeries(JsonObject json) {
    return json.put("type", "timeseries")
        .put(
            "options",
            new JsonObject()
                .put(
                    "legend",
                    new JsonObject()
                        .put("showLegend", true)
                        .put("displayMode", "list")
                        .put("placement", "bottom")
                        .put("calcs", new JsonArray()))
                .put("tooltip", new JsonObject().put("mode", "multi").put("sort", "none")));
  }

  private static JsonObject lines(BoardIndicator indicator) {
    return new JsonObject()
        .put("drawStyle", "line")
        .put("lineInterpolation", "linear")
        .put("lineWidth", 2)
        .put("fillOpacity", 0)
        .put("showPoints", "auto")
        // A gap in the data is a gap in the line.
        .put("spanNulls", false)
        .put("insertNulls", indicator.grain().typical().toMillis() * 3 / 2)
        .put(
            "thresholdsStyle",
            new JsonObject().put("mode", indicator.thresholds().isEmpty() ? "off" : "dashed"));
  }

  private JsonObject alertList(JsonObject json, Panel.AlertList list) {
    return json.put("type", "annolist")
        .put("datasource", grafanaSource())
        .put("targets", new JsonArray())
        .put(
            "fieldConfig",
            new JsonObject().put("defaults", new JsonObject()).put("overrides", new JsonArray()))
        .put(
            "options",
            new JsonObject()
                .put("limit", 50)
                .put("navigateAfter", "30m")
                .put("navigateBefore", "2h")
                .put("navigateToPanel", false)
                .put("onlyFromThisDashboard", false)
                .put("onlyInTimeRange", false)
                .put("showTags", true)
                .put("showTime", true)
                .put("showUser", false)
                .put("tags", AlertNotes.tags(list.domain())));
  }

  private JsonObject source() {
    return new JsonObject().put("type", "influxdb").put("uid", dataSourceUid);
  }

  private JsonObject sql(String refId, String text, String format) {
    return new JsonObject()
        .put("refId", refId)
        .put("datasource", source())
        .put("rawSql", text)
        .put("rawQuery", true)
        .put("editorMode", "code")
        .put("format", format);
  }

  private static JsonObject stream(String channel) {
    return new JsonObject()
        .put("refId", "A")
        .put("datasource", grafanaSource())
        .put("queryType", "measurements")
        .put("channel", channel)
        .put("buffer", LIVE_BUFFER_MILLIS);
  }

  private static JsonObject fieldConfig(
      BoardIndicator indicator, JsonObject custom, JsonArray overrides) {
    JsonObject defaults =
        new JsonObject()
            .put("decimals", indicator.decimals())
            .put("noValue", NO_DATA)
            .put(
                "color",
                new JsonObject().put("mode", custom.isEmpty() ? "thresholds" : "palette-classic"))
            .put(
                "thresholds",
                new JsonObject().put("mode", "absolute").put("steps", steps(indicator)));
    if (!indicator.unitDisplay().isEmpty()) {
      defaults.put("unit", "suffix: " + indicator.unitDisplay());
    }
    if (!custom.isEmpty()) {
      defaults.put("custom", custom);
    }
    return new JsonObject().put("defaults", defaults).put("overrides", overrides);
  }

  /** Colours from the lowest value up. The lowest step has no bound. */
  static JsonArray steps(BoardIndicator indicator) {
    JsonArray steps = new JsonArray();
    if (indicator.thresholds().isEmpty() || indicator.direction() == Direction.TARGET_RANGE) {
      // The bounds of a range do not tell which side of them is bad.
      return steps.add(step(indicator.direction() == Direction.NEUTRAL ? "text" : "green", null));
    }
    if (indicator.direction() == Direction.HIGHER_BETTER) {
      List<Threshold> severestFirst = new ArrayList<>(indicator.thresholds());
      Collections.reverse(severestFirst);
      Double from = null;
      for (Threshold threshold : severestFirst) {
        steps.add(step(threshold.grade().key(), from));
        from = threshold.value();
      }
      return steps.add(step("green", from));
    }
    steps.add(step("green", null));
    indicator
        .thresholds()
        .forEach(threshold -> steps.add(step(threshold.grade().key(), threshold.value())));
    return steps;
  }

  private static JsonObject step(String color, @Nullable Double from) {
    return new JsonObject().put("color", color).put("value", from);
  }

  static JsonObject override(String field, Object... idsAndValues) {
    JsonArray properties = new JsonArray();
    for (int i = 0; i < idsAndValues.length; i += 2) {
      properties.add(new JsonObject().put("id", idsAndValues[i]).put("value", idsAndValues[i + 1]));
    }
    return new JsonObject()
        .put("matcher", new JsonObject().put("id", "byName").put("options", field))
        .put("properties", properties);
  }
}
