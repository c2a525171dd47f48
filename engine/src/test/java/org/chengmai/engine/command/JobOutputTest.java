package org.chengmai.engine.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;

final class JobOutputTest {
  private static JsonNode json(String text) {
    return Json.read(text, JsonNode.class);
  }

  @Test
  void progressIsOneLine() {
    assertThat(
            JobFollower.progress(
                json(
                    "{\"id\":7,\"kind\":\"backfill\",\"state\":\"running\",\"done\":12,\"total\":40,\"points\":9120}")))
        .isEqualTo("job 7 running   [#########.....................] 12/40 slices, 9,120 points");
    assertThat(
            JobFollower.progress(
                json(
                    "{\"id\":7,\"kind\":\"dry-run\",\"state\":\"waiting\",\"done\":0,\"total\":0}")))
        .endsWith("0/0 slices, 0 values");
    assertThat(
            JobFollower.progress(
                json("{\"id\":7,\"kind\":\"backfill\",\"state\":\"done\",\"done\":3,\"total\":2}")))
        .as("slices that were planned otherwise before a restart")
        .contains("[##############################] 3/2");
  }

  @Test
  void aTrialIsATableOfDaysAndOneOfAlerts() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DryRunCommand.print(
        json(
            """
            {"code": "CVS-ENV-0001", "version": 2,
             "days": [{"date": "2026-03-01", "values": 23, "missing": 1, "grades": {"red": 2}, "alerts": 1}],
             "alerts": [{"region": "630102", "dimensions": "", "grade": "red", "from": "2026-02-28T20:00:00Z",
                         "value": 22.0, "zh": ["值"], "en": ["value 22"]}]}
            """),
        new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "day         values  missing  blue  yellow  orange  red  alerts",
            "──────────  ──────  ───────  ────  ──────  ──────  ───  ──────",
            "2026-03-01  23      1        0     0       0       2    1",
            "",
            "alert from            to  region  grade  value  why",
            "────────────────────  ──  ──────  ─────  ─────  ────────",
            "2026-02-28T20:00:00Z  –   630102  red    22.0   value 22");
  }

  @Test
  void aBacktestIsATableOfDaysByDetectorAndOneOfAlertsBesideThoseThereWere() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BacktestCommand.print(
        json(
            """
            {"code": "CVS-ENV-0001", "version": 1, "series": 1,
             "models": [{"name": "tribuo-linear-sgd", "version": 3, "trainedAt": "2026-03-02T00:00:00Z", "hasSeen": true}],
             "days": [{"date": "2026-03-01", "values": 24, "missing": 0, "alerts": {"seasonal": 1}, "raised": 1}],
             "alerts": [{"alert": {"detector": "seasonal", "region": "630102", "dimensions": "", "grade": "yellow",
                         "from": "2026-02-28T20:00:00Z", "value": 22.0, "score": 6.04, "zh": ["值"], "en": ["value 22"]},
                         "raised": "01J"}],
             "raised": [{"id": "01J", "state": "closed", "note": "dust"}]}
            """),
        new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "day         values  missing  seasonal  alerts there were",
            "──────────  ──────  ───────  ────────  ─────────────────",
            "2026-03-01  24      0        1         1",
            "",
            "tribuo-linear-sgd@3 was trained at 2026-03-02T00:00:00Z and may know some of this time: its alerts are no blind result",
            "",
            "alert from            to  region  detector  grade   score  there was  note  why",
            "────────────────────  ──  ──────  ────────  ──────  ─────  ─────────  ────  ────────",
            "2026-02-28T20:00:00Z  –   630102  seasonal  yellow  6.0    closed     dust  value 22");
  }
}
