package org.chengmai.dashboards.grafana;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import org.chengmai.dashboards.BoardIndicator;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertState;
import org.jspecify.annotations.Nullable;

/** What an alert's annotation says and by which tags it is found. */
final class AlertNotes {
  private AlertNotes() {}

  /**
   * Does the event change what an annotation shows? Pending alerts have none, and a continued one
   * looks the same.
   */
  static boolean concerns(AlertEvent event) {
    return event.alert().state() != AlertState.PENDING && event.type() != AlertEvent.Type.CONTINUED;
  }

  /** The tags that all alerts of a domain have, or of all domains for null. */
  static JsonArray tags(@Nullable String domain) {
    JsonArray tags = new JsonArray().add("chengmai");
    return domain == null ? tags : tags.add("domain:" + domain);
  }

  /** The tag that only this alert has: how its annotation is found again after a restart. */
  static String tag(Alert alert) {
    return "alert:" + alert.id();
  }

  /** A new annotation. */
  static JsonObject create(AlertEvent event, @Nullable BoardIndicator indicator) {
    return change(event, indicator).put("time", event.alert().startsAt().toEpochMilli());
  }

  /** What a change writes; an alert that is over closes the annotation's region. */
  static JsonObject change(AlertEvent event, @Nullable BoardIndicator indicator) {
    Alert alert = event.alert();
    JsonObject note =
        new JsonObject().put("text", text(alert, indicator)).put("tags", tagsOf(alert, indicator));
    if (!alert.state().isOpen()) {
      note.put("timeEnd", end(alert, alert.endsAt() == null ? event.at() : alert.endsAt()));
    } else if (event.type() == AlertEvent.Type.REOPENED) {
      // Grafana cannot make a region open again: it reaches to where the alert was last seen.
      note.put("timeEnd", end(alert, event.at()));
    }
    return note;
  }

  /** Grafana takes an end at the start for no end at all. */
  private static long end(Alert alert, Instant at) {
    return Math.max(at.toEpochMilli(), alert.startsAt().toEpochMilli() + 1);
  }

  private static JsonArray tagsOf(Alert alert, @Nullable BoardIndicator indicator) {
    return tags(indicator == null ? null : indicator.domain())
        .add("code:" + alert.latest().key().code())
        .add("region:" + alert.latest().key().region())
        .add("grade:" + alert.grade().key())
        .add(tag(alert));
  }

  private static String text(Alert alert, @Nullable BoardIndicator indicator) {
    StringBuilder text = new StringBuilder();
    text.append('[')
        .append(alert.grade().chinese())
        .append(' ')
        .append(alert.grade().key())
        .append("] ");
    text.append(indicator == null ? alert.latest().key().code() : indicator.name().both());
    text.append(' ').append(LiveLines.number(alert.latest().value(), indicator));
    text.append(" · ").append(alert.state().name().toLowerCase(Locale.ROOT));
    if (alert.owner() != null) {
      text.append(" · ").append(alert.owner());
    }
    if (alert.escalation() != null && !alert.escalation().to().isEmpty()) {
      text.append(" · 已上报 escalated to ").append(String.join(", ", alert.escalation().to()));
    }
    if (alert.suppression() != null) {
      text.append(" · 不呼叫 calls nobody: ").append(alert.suppression().reason());
    }
    text.append('\n').append(String.join("；", alert.latest().reasons().zh()));
    text.append('\n').append(String.join("; ", alert.latest().reasons().en()));
    if (alert.note() != null) {
      text.append('\n').append(alert.note());
    }
    return escape(text.toString());
  }

  /** Annotations are shown as HTML. */
  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
