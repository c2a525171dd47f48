package org.chengmai.engine.alerts;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly.Reasons;

/** Puts into words which incidents a series had before, and how each ended. */
final class PastIncidents {
  /** So many are told. */
  static final int TOLD = 3;

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.of("Asia/Shanghai"));

  private PastIncidents() {}

  /** Whether people are done with it. */
  static boolean isPast(Alert alert) {
    return alert.state() == AlertState.RESOLVED || alert.state() == AlertState.CLOSED;
  }

  /**
   * The newest of a series' incidents in one sentence; none for a series that had none.
   *
   * @param past in any order
   */
  static Reasons words(List<Alert> past) {
    List<Alert> newest =
        past.stream()
            .sorted(Comparator.comparing(Alert::startsAt).thenComparing(Alert::id).reversed())
            .limit(TOLD)
            .toList();
    if (newest.isEmpty()) {
      return new Reasons(List.of(), List.of());
    }
    return Reasons.of(
        newest.stream().map(PastIncidents::chinese).collect(Collectors.joining("；", "此前告警：", "")),
        newest.stream()
            .map(PastIncidents::english)
            .collect(Collectors.joining("; ", "earlier incidents: ", "")));
  }

  private static String chinese(Alert alert) {
    String owner = alert.owner();
    String end =
        alert.state() == AlertState.CLOSED
            ? "由 %s 办结".formatted(owner)
            : owner == null ? "自行恢复" : "经 %s 确认后恢复".formatted(owner);
    return "%s %s色，历时 %s，%s%s"
        .formatted(
            MINUTE.format(alert.startsAt()),
            alert.grade().chinese(),
            length(alert, " 天", " 小时", " 分钟"),
            end,
            alert.note() == null ? "" : "（" + alert.note() + "）");
  }

  private static String english(Alert alert) {
    String owner = alert.owner();
    String end =
        alert.state() == AlertState.CLOSED
            ? "closed by " + owner
            : owner == null ? "over by itself" : "over after %s took it on".formatted(owner);
    return "%s %s for %s, %s%s"
        .formatted(
            MINUTE.format(alert.startsAt()),
            alert.grade().key(),
            length(alert, " d", " h", " min"),
            end,
            alert.note() == null ? "" : " (" + alert.note() + ")");
  }

  private static String length(Alert alert, String days, String hours, String minutes) {
    Instant end = alert.endsAt() == null ? alert.lastSeenAt() : alert.endsAt();
    Duration length = Duration.between(alert.startsAt(), end);
    if (length.compareTo(Duration.ofDays(2)) >= 0) {
      return length.toDays() + days;
    }
    return length.compareTo(Duration.ofHours(2)) >= 0
        ? length.toHours() + hours
        : length.toMinutes() + minutes;
  }
}
