package org.chengmai.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chengmai.dashboards.Dashboard;
import org.chengmai.dashboards.Xining;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Grade;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BoardJsonTest {
  private final BoardJson json = new BoardJson("chengmai", "chengmai");

  static Stream<Dashboard> boards() {
    return Xining.boards().stream();
  }

  /** Run with {@code -Dgolden.update=true} to accept changes, then read the difference. */
  @ParameterizedTest
  @MethodSource("boards")
  void writesTheGoldenFile(Dashboard board) throws IOException {
    Path golden = Path.of("src/test/resources/golden", board.uid() + ".json");
    String actual = json.dashboard(board).encodePrettily() + "\n";
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(golden, actual, StandardCharsets.UTF_8);
    }
    assertThat(actual).isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("boards")
  void everyQueryNamesADataSourceThatExists(Dashboard board) {
    for (JsonObject panel : objects(json.dashboard(board).getJsonArray("panels"))) {
      for (JsonObject target : objects(panel.getJsonArray("targets"))) {
        String source = target.getJsonObject("datasource").encode();
        assertThat(source)
            .isIn(
                "{\"type\":\"influxdb\",\"uid\":\"chengmai\"}",
                "{\"type\":\"datasource\",\"uid\":\"grafana\"}");
        assertThat(target.containsKey("rawSql")).isEqualTo(source.contains("influxdb"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("boards")
  void everySqlQueryHasAnAscendingTimeColumnInLowerCase(Dashboard board) {
    for (JsonObject panel : objects(json.dashboard(board).getJsonArray("panels"))) {
      for (JsonObject target : objects(panel.getJsonArray("targets"))) {
        if (target.containsKey("rawSql")) {
          assertThat(target.getString("rawSql"))
              .contains(" AS \"time\"")
              .containsPattern("ORDER BY ts(, revision)?$");
        }
      }
    }
  }

  @Test
  void theTableOfAlertsNamesOnlyFieldsThatAlertLinesHave() {
    AlertEvent event = Xining.event(1, "a1", AlertEvent.Type.FIRED, AlertState.FIRING, Grade.RED);
    Set<String> sent =
        new HashSet<>(LineReader.read(LiveLines.of(event, Xining.PM25).text()).fields().keySet());
    sent.add("time");
    JsonObject table =
        objects(json.dashboard(Xining.boards().get(0)).getJsonArray("panels")).stream()
            .filter(panel -> panel.getString("type").equals("table"))
            .findFirst()
            .orElseThrow();
    assertThat(sent)
        .containsAll(
            table
                .getJsonArray("transformations")
                .getJsonObject(0)
                .getJsonObject("options")
                .getJsonObject("fields")
                .fieldNames());
  }

  @Test
  void coloursOfAHigherBetterIndicatorRunFromRedUpToGreen() {
    assertThat(PanelJson.steps(Xining.PRESSURE).encode())
        .isEqualTo(
            "[{\"color\":\"red\",\"value\":null},{\"color\":\"yellow\",\"value\":90.0},"
                + "{\"color\":\"blue\",\"value\":97.0},{\"color\":\"green\",\"value\":99.0}]");
  }

  @Test
  void aMonthlyIndicatorHasNoWeeklyBand() {
    assertThat(PanelSql.hasBand(Xining.ENTITIES)).isFalse();
    assertThat(PanelSql.hasBand(Xining.PM25)).isTrue();
  }

  @Test
  void theFingerprintFollowsTheContent() {
    String before = json.dashboard(Xining.boards().get(1)).getString("description");
    assertThat(
            new BoardJson("other", "chengmai")
                .dashboard(Xining.boards().get(1))
                .getString("description"))
        .isNotEqualTo(before);
    assertThat(json.dashboard(Xining.boards().get(1)).getString("description")).isEqualTo(before);
  }

  private static List<JsonObject> objects(JsonArray array) {
    return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
  }
}
