package org.chengmai.dashboards.grafana;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.chengmai.dashboards.BoardIndicator;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.IndicatorPoint;
import org.jspecify.annotations.Nullable;

/**
 * Points and alerts as lines for Grafana Live. A panel breaks when a measurement's fields or labels
 * change, so every line of a measurement has all its fields in one order, and points with
 * dimensions go to a measurement of their own.
 */
final class LiveLines {
  /** Family and measurement of alert events. */
  static final String ALERTS = "alerts";

  private LiveLines() {}

  /**
   * One line and how it replaces others.
   *
   * @param family which stream it belongs to
   * @param measurement the last part of the channel
   * @param key lines with the same key show the same thing; the newest is what a late viewer needs
   * @param staleAfter from when it must not be shown as live any more
   */
  record Line(String family, String measurement, String key, String text, Instant staleAfter) {}

  /** Empty for a period without a value: on the panel it is a gap, as it is in history. */
  static Optional<Line> of(IndicatorPoint point) {
    Double value = point.value();
    if (value == null) {
      return Optional.empty();
    }
    String code = point.key().code();
    SortedMap<String, String> tags = new TreeMap<>(point.key().dimensions());
    String measurement = channelPart(code);
    if (!tags.isEmpty()) {
      measurement += "." + channelPart(String.join(".", tags.keySet()));
    }
    tags.put("region", point.key().region());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("value", value);
    fields.put("trust", point.trust().name().toLowerCase(Locale.ROOT));
    // After three periods without news a value is history, not live.
    Instant staleAfter = point.periodStart().plus(point.grain().typical().multipliedBy(4));
    return Optional.of(
        new Line(
            BoardIndicator.family(code),
            measurement,
            point.key().toString(),
            LineProtocol.line(measurement, tags, fields, point.periodStart()),
            staleAfter));
  }

  static Line of(AlertEvent event, @Nullable BoardIndicator indicator) {
    Alert alert = event.alert();
    Anomaly anomaly = alert.latest();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("seq", (double) event.seq());
    fields.put("grade", alert.grade().key());
    fields.put("state", alert.state().name().toLowerCase(Locale.ROOT));
    fields.put("code", anomaly.key().code());
    fields.put("name", indicator == null ? anomaly.key().code() : indicator.name().both());
    fields.put("region", anomaly.key().region());
    fields.put("value", number(anomaly.value(), indicator));
    fields.put(
        "expected",
        anomaly.band() == null
            ? ""
            : number(anomaly.band().low(), indicator)
                + " – "
                + number(anomaly.band().high(), indicator));
    fields.put("reason", anomaly.reasons().zh().stream().collect(Collectors.joining("；")));
    fields.put("reason_en", String.join("; ", anomaly.reasons().en()));
    fields.put("owner", alert.owner() == null ? "" : alert.owner());
    fields.put("alert", alert.id());
    return new Line(
        ALERTS,
        ALERTS,
        alert.id(),
        LineProtocol.line(ALERTS, new TreeMap<>(), fields, event.at()),
        Instant.MAX);
  }

  /** A value as people read it; a missing value is an empty text. */
  static String number(@Nullable Double value, @Nullable BoardIndicator indicator) {
    if (value == null) {
      return "";
    }
    if (indicator == null) {
      return String.valueOf(value);
    }
    String text = String.format(Locale.ROOT, "%." + indicator.decimals() + "f", value);
    return indicator.unitDisplay().isEmpty() ? text : text + " " + indicator.unitDisplay();
  }

  /** Channels know only letters, digits and {@code _ - / . =}. */
  private static String channelPart(String name) {
    return name.replaceAll("[^A-Za-z0-9_.=-]", "_");
  }
}
