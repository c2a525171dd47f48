package org.chengmai.engine.cap;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Suppression;
import org.chengmai.indicators.definition.Alerting;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.region.Region;
import org.jspecify.annotations.Nullable;

/**
 * An alert as a message of CAP 1.2, for those on duty: not a warning to the public. Category, event
 * code, urgency and certainty are those of {@code alert.cap}; what that leaves out is Other and
 * Unknown. Severity is the grade: red Extreme, orange Severe, yellow Moderate, blue Minor. Each
 * revision is a message of its own that refers to those before.
 */
public final class CapMessage {
  /** What the answer's Content-Type says. */
  public static final String MEDIA_TYPE = "application/cap+xml";

  private static final String SPACE = "urn:oasis:names:tc:emergency:cap:1.2";
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  /** CAP wants seconds and an offset in digits. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT).withZone(ZONE);

  private final List<AlertEvent> events;
  private final Alert alert;
  private final @Nullable IndicatorDefinition definition;
  private final Region.Name place;
  private final String sender;

  private CapMessage(
      List<AlertEvent> events,
      @Nullable IndicatorDefinition definition,
      Region.Name place,
      String sender) {
    this.events = events;
    this.alert = events.get(events.size() - 1).alert();
    this.definition = definition;
    this.place = place;
    this.sender = sender;
  }

  /**
   * The message of an alert's newest revision.
   *
   * @param events all of the alert's, oldest first
   * @param definition of its indicator, null where there is none any more
   * @param place the name of its region
   * @param sender who sends it, without blanks
   */
  public static String of(
      List<AlertEvent> events,
      @Nullable IndicatorDefinition definition,
      Region.Name place,
      String sender) {
    return new CapMessage(events, definition, place, sender).write();
  }

  private String write() {
    AlertEvent newest = events.get(events.size() - 1);
    Elements xml =
        new Elements("alert", SPACE)
            .add("identifier", identifier(newest))
            .add("sender", sender)
            .add("sent", TIME.format(newest.at()))
            .add("status", status())
            .add("msgType", type())
            .add("scope", "Restricted")
            .add("restriction", "城市运行值守人员 city operations staff on duty")
            .add("note", alert.note())
            .add(
                "references",
                events.subList(0, events.size() - 1).stream()
                    .map(one -> sender + "," + identifier(one) + "," + TIME.format(one.at()))
                    .collect(Collectors.joining(" ")));
    Anomaly.Reasons reasons = alert.latest().reasons();
    info(
        xml,
        "zh-CN",
        definition == null ? null : definition.metadata().name().zh(),
        place.zh(),
        alert.grade().chinese() + "色",
        String.join("；", reasons.zh()));
    info(
        xml,
        "en-US",
        definition == null ? null : definition.metadata().name().en(),
        place.en(),
        alert.grade().key(),
        String.join("; ", reasons.en()));
    return xml.document();
  }

  private static String identifier(AlertEvent event) {
    return event.alert().id() + "." + event.alert().revision();
  }

  /** What is pending, nobody has to act on. */
  private String status() {
    Suppression suppression = alert.suppression();
    if (suppression != null && suppression.kind() == Suppression.Kind.EXERCISE) {
      return "Exercise";
    }
    return alert.state() == AlertState.PENDING ? "Draft" : "Actual";
  }

  private String type() {
    if (!alert.state().isOpen()) {
      return "Cancel";
    }
    return events.size() == 1 ? "Alert" : "Update";
  }

  private void info(
      Elements xml,
      String language,
      @Nullable String name,
      String area,
      String grade,
      String description) {
    Alerting duty = definition == null ? null : definition.alert();
    Anomaly latest = alert.latest();
    String event = name == null ? latest.key().code() : name;
    Instant endsAt = alert.endsAt();
    xml.open("info")
        .add("language", language)
        .add("category", word(duty, "category", "Other"))
        .add("event", event)
        .add("urgency", word(duty, "urgency", "Unknown"))
        .add("severity", severity(alert.grade()))
        .add("certainty", word(duty, "certainty", "Unknown"))
        .pair("eventCode", "event", duty == null ? null : duty.cap().get("event"))
        .add("onset", TIME.format(alert.startsAt()))
        .add("expires", endsAt == null ? null : TIME.format(endsAt))
        .add("headline", "%s · %s · %s".formatted(event, area, grade))
        .add("description", description)
        .add("instruction", duty == null ? null : duty.runbook())
        .add("contact", duty == null ? null : duty.route())
        .pair("parameter", "code", latest.key().code())
        .pair("parameter", "grade", alert.grade().key())
        .pair("parameter", "state", alert.state().name().toLowerCase(Locale.ROOT))
        .pair("parameter", "value", latest.value() == null ? null : latest.value().toString())
        .pair("parameter", "model", latest.model())
        .open("area")
        .add("areaDesc", area)
        .pair("geocode", "GB/T 2260", latest.key().region())
        .close()
        .close();
  }

  private static String word(@Nullable Alerting duty, String key, String otherwise) {
    return duty == null ? otherwise : duty.cap().getOrDefault(key, otherwise);
  }

  private static String severity(Grade grade) {
    return switch (grade) {
      case RED -> "Extreme";
      case ORANGE -> "Severe";
      case YELLOW -> "Moderate";
      case BLUE -> "Minor";
    };
  }
}
