package org.chengmai.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.chengmai.dashboards.BoardIndicator.Direction;
import org.chengmai.dashboards.BoardIndicator.Threshold;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoardsTest {

  @Test
  void anOverviewAndOneBoardForEachDomainThatHasIndicators() {
    assertThat(Xining.boards())
        .extracting(Dashboard::uid)
        .containsExactly(
            "chengmai-city",
            "chengmai-d-utilities",
            "chengmai-d-environment",
            "chengmai-d-economy");
  }

  @Test
  void everyIndicatorHasATileAndAHistoryOnItsDomainsBoard() {
    Dashboard board = Xining.boards().get(1);
    assertThat(board.panels().stream().filter(p -> p instanceof Panel.Stat)).hasSize(2);
    assertThat(board.panels().stream().filter(p -> p instanceof Panel.History)).hasSize(2);
  }

  @Test
  void theOverviewShowsTheCompositeOfADomainFirst() {
    assertThat(Xining.boards().get(0).panels())
        .filteredOn(panel -> panel instanceof Panel.Stat)
        .extracting(panel -> ((Panel.Stat) panel).indicator().code())
        .containsExactly(
            "CVS-UTL-0001", "CVS-UTL-0003", "CVS-ENV-9000", "CVS-ENV-0001", "CVS-MKT-0001");
  }

  @Test
  void theOrderOfTheDefinitionsDoesNotMatter() {
    List<BoardIndicator> reversed = new ArrayList<>(Xining.INDICATORS);
    Collections.reverse(reversed);
    assertThat(Boards.of(Xining.CITY, Xining.REGIONS, reversed)).isEqualTo(Xining.boards());
  }

  @Test
  void aCityWithoutIndicatorsStillHasAnOverviewOfAlerts() {
    assertThat(Boards.of(Xining.CITY, Xining.REGIONS, List.of()))
        .singleElement()
        .satisfies(board -> assertThat(board.panels()).hasSize(2));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void panelsNeverOverlapAndUidsStayShortWhateverTheDefinitions(long seed) {
    Random random = new Random(seed);
    List<BoardIndicator> indicators = new ArrayList<>();
    List<String> domains =
        List.of(
            "environment",
            "traffic",
            "a very long domain name that nobody would ever type",
            "水务",
            "hotline");
    for (int i = 0; i < 1 + random.nextInt(60); i++) {
      indicators.add(
          new BoardIndicator(
              "CVS-ENV-%04d".formatted(i),
              "指标" + i,
              "indicator " + i,
              domains.get(random.nextInt(domains.size())),
              "",
              random.nextInt(4),
              Grain.of(List.of("PT5M", "PT1H", "P1D", "P1M").get(random.nextInt(4))),
              Direction.values()[random.nextInt(4)],
              List.of()));
    }
    // The constructor of Dashboard holds the invariants; here they are counted once more from
    // outside.
    for (Dashboard board : Boards.of(Xining.CITY, Xining.REGIONS, indicators)) {
      boolean[][] taken = new boolean[1000][Place.COLUMNS];
      assertThat(board.uid()).hasSizeLessThanOrEqualTo(40);
      assertThat(board.panels()).extracting(Panel::id).doesNotHaveDuplicates();
      for (Panel panel : board.panels()) {
        Place place = panel.place();
        for (int y = place.y(); y < place.y() + place.height(); y++) {
          for (int x = place.x(); x < place.x() + place.width(); x++) {
            assertThat(taken[y][x]).as("cell %d,%d of %s", x, y, board.uid()).isFalse();
            taken[y][x] = true;
          }
        }
      }
    }
  }

  @Test
  void aBoardRefusesPanelsThatOverlapOrShareAnId() {
    Panel first = new Panel.AlertStream(1, new Place(0, 0, 12, 4), Xining.CITY);
    assertThatThrownBy(
            () -> board(first, new Panel.AlertStream(2, new Place(11, 3, 4, 4), Xining.CITY)))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("panels 1 and 2 overlap");
    assertThatThrownBy(
            () -> board(first, new Panel.AlertStream(1, new Place(12, 0, 4, 4), Xining.CITY)))
        .hasMessageContaining("taken twice");
    assertThatThrownBy(() -> new Place(20, 0, 5, 1)).hasMessageContaining("24 columns");
  }

  @Test
  void refusesIndicatorsThatCannotBeShown() {
    assertThatThrownBy(() -> indicator("ENV-1", 0)).hasMessageContaining("ENV-1");
    assertThatThrownBy(() -> indicator("CVS-ENV-0001", 10)).hasMessageContaining("decimals 10");
    assertThatThrownBy(
            () ->
                indicator(
                    "CVS-ENV-0001", 0, new Threshold(Grade.RED, 1), new Threshold(Grade.RED, 2)))
        .hasMessageContaining("two thresholds");
  }

  private static BoardIndicator indicator(String code, int decimals, Threshold... thresholds) {
    return new BoardIndicator(
        code,
        "名",
        "name",
        "traffic",
        "",
        decimals,
        Grain.of("PT1H"),
        Direction.NEUTRAL,
        List.of(thresholds));
  }

  private static Dashboard board(Panel... panels) {
    return new Dashboard(
        "b",
        Xining.CITY,
        List.of(),
        Duration.ofHours(1),
        Duration.ofSeconds(5),
        Xining.REGIONS,
        List.of(panels));
  }
}
