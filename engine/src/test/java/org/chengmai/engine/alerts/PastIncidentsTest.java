package org.chengmai.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Grade;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PastIncidentsTest {
  private static Alert alert(
      int day, AlertState state, Duration length, @Nullable String owner, @Nullable String note) {
    Anomaly anomaly = Anomalies.anomaly("630102", Anomaly.Status.FIRING, Grade.ORANGE, 1440 * day);
    return new Alert(
        "id" + day,
        "f",
        state,
        Grade.ORANGE,
        2,
        anomaly.periodStart(),
        anomaly.periodStart().plus(length),
        anomaly.periodStart().plus(length),
        1,
        owner,
        note,
        anomaly);
  }

  @Test
  void theNewestAreToldWithTheirEnds() {
    Anomaly.Reasons words =
        PastIncidents.words(
            List.of(
                alert(1, AlertState.RESOLVED, Duration.ofMinutes(20), null, null),
                alert(2, AlertState.RESOLVED, Duration.ofMinutes(20), null, null),
                alert(4, AlertState.CLOSED, Duration.ofHours(5), "li", "泵已修复"),
                alert(3, AlertState.RESOLVED, Duration.ofDays(3), "wang", null)));
    assertThat(words.en())
        .containsExactly(
            "earlier incidents: 2026-03-05 08:00 orange for 5 h, closed by li (泵已修复);"
                + " 2026-03-04 08:00 orange for 3 d, over after wang took it on;"
                + " 2026-03-03 08:00 orange for 20 min, over by itself");
    assertThat(words.zh())
        .containsExactly(
            "此前告警：2026-03-05 08:00 橙色，历时 5 小时，由 li 办结（泵已修复）；"
                + "2026-03-04 08:00 橙色，历时 3 天，经 wang 确认后恢复；"
                + "2026-03-03 08:00 橙色，历时 20 分钟，自行恢复");
  }

  @Test
  void nothingIsSaidOfASeriesWithoutAPast() {
    assertThat(PastIncidents.words(List.of()).en()).isEmpty();
  }
}
