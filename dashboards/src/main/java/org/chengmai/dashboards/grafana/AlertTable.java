package org.chengmai.dashboards.grafana;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.chengmai.indicators.Grade;

/** The panel that lists alerts as they change, newest state of each, as Grafana's JSON. */
final class AlertTable {
  /** The columns, left to right: field of the stream and what stands above it. */
  private static final Map<String, String> COLUMNS = columns();

  private AlertTable() {}

  /** Completes the panel's JSON; {@code stream} is where the changes of alerts come from. */
  static JsonObject panel(JsonObject json, JsonObject stream) {
    JsonObject colors = new JsonObject();
    for (Grade grade : Grade.values()) {
      colors.put(
          grade.key(),
          new JsonObject()
              .put("text", grade.chinese() + " " + grade.key())
              .put("color", grade.key())
              .put("index", grade.ordinal()));
    }
    JsonObject grade =
        PanelJson.override(
            Objects.requireNonNull(COLUMNS.get("grade")),
            "mappings",
            new JsonArray().add(new JsonObject().put("type", "value").put("options", colors)),
            "custom.cellOptions",
            new JsonObject().put("type", "color-text"),
            "custom.width",
            100);
    return json.put("type", "table")
        .put("datasource", PanelJson.grafanaSource())
        .put("targets", new JsonArray().add(stream))
        .put(
            "fieldConfig",
            new JsonObject()
                .put("defaults", new JsonObject().put("noValue", PanelJson.NO_DATA))
                .put("overrides", new JsonArray().add(grade)))
        .put(
            "options",
            new JsonObject()
                .put("frameIndex", 0)
                .put("showHeader", true)
                .put("cellHeight", "sm")
                .put(
                    "sortBy",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("displayName", COLUMNS.get("time"))
                                .put("desc", true))))
        .put("transformations", newestOfEachAlert());
  }

  /**
   * An alert comes again with each change and with each resending of the live state; people want
   * one row.
   */
  private static JsonArray newestOfEachAlert() {
    JsonObject fields =
        new JsonObject()
            .put(
                "alert",
                new JsonObject().put("operation", "groupby").put("aggregations", new JsonArray()));
    JsonObject order = new JsonObject();
    JsonObject names = new JsonObject();
    COLUMNS.forEach(
        (field, title) -> {
          fields.put(
              field,
              new JsonObject()
                  .put("operation", "aggregate")
                  .put("aggregations", new JsonArray().add("last")));
          order.put(field + " (last)", order.size());
          names.put(field + " (last)", title);
        });
    return new JsonArray()
        .add(
            new JsonObject()
                .put("id", "groupBy")
                .put("options", new JsonObject().put("fields", fields)))
        .add(
            new JsonObject()
                .put("id", "organize")
                .put(
                    "options",
                    new JsonObject()
                        .put("excludeByName", new JsonObject().put("alert", true))
                        .put("indexByName", order)
                        .put("renameByName", names)));
  }

  private static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("time", "时间 time");
    columns.put("grade", "级别 grade");
    columns.put("state", "状态 state");
    columns.put("name", "指标 indicator");
    columns.put("region", "区域 region");
    columns.put("value", "数值 value");
    columns.put("expected", "预期 expected");
    columns.put("reason", "原因 reason");
    columns.put("owner", "处置人 owner");
    return Collections.unmodifiableMap(columns);
  }
}
