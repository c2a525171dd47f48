package org.chengmai.models.nab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.nab.NabLabels.Window;
import org.junit.jupiter.api.Test;

class NabReportTest {
  private static final String TAXI = "realKnownCause/nyc_taxi.csv";

  /** The benchmark's folder beside the repository; the test is skipped where it is absent. */
  private static Path benchmark() {
    Path start =
        Path.of(System.getProperty("chengmai.root", System.getProperty("user.dir")))
            .toAbsolutePath();
    for (Path root = start; root != null; root = root.getParent()) {
      Path folder = root.resolve("../shared/data/nab").normalize();
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    assumeThat(false).as("the Numenta benchmark is not at ../shared/data/nab").isTrue();
    return start;
  }

  @Test
  void findsAllFiveWindowsOfTheTaxisWithFewFalseAlarms() {
    NabReport report = NabReport.run(benchmark(), List.of(TAXI));
    assertThat(report.found()).isEqualTo(5);
    assertThat(report.missed()).isZero();
    assertThat(report.falseAlarms()).isLessThanOrEqualTo(8);
    assertThat(Json.write(report)).contains("\"falseAlarms\"", "\"standard\"", TAXI);
  }

  @Test
  void staysAboveTheFloorOnTheWholeCorpus() {
    NabReport report = NabReport.run(benchmark(), List.of());
    assertThat(report.windows()).isEqualTo(116);
    assertThat(report.series()).hasSize(58);
    assertThat(report.scores().get("standard")).isGreaterThan(60);
    assertThat(report.scores().get("reward_low_fp")).isGreaterThan(50);
    assertThat(report.scores().get("reward_low_fn")).isGreaterThan(65);
    assertThat(report.tunedScores().get("standard"))
        .isGreaterThanOrEqualTo(report.scores().get("standard"));
  }

  @Test
  void countsWindowsFoundAndMissedAndDetectionsOutside() {
    LocalDateTime start = LocalDateTime.of(2015, 1, 1, 0, 0);
    List<Window> windows =
        List.of(
            new Window(start, start.plusHours(5)),
            new Window(start.plusDays(2), start.plusDays(3)));
    assertThat(NabReport.count(List.of(start, start.plusHours(1), start.plusHours(6)), windows))
        .isEqualTo(new NabReport.Counts(1, 1, 1));
    assertThat(NabReport.count(List.of(), windows)).isEqualTo(new NabReport.Counts(0, 2, 0));
    assertThat(NabReport.count(List.of(start.plusDays(3)), windows))
        .isEqualTo(new NabReport.Counts(1, 1, 0));
  }

  @Test
  void aStepBecomesTheNearestGrainThatTilesADay() {
    assertThat(NabReport.grain(Duration.ofMinutes(5))).hasToString("PT5M");
    assertThat(NabReport.grain(Duration.ofSeconds(301))).hasToString("PT5M");
    assertThat(NabReport.grain(Duration.ofMinutes(30))).hasToString("PT30M");
    assertThat(NabReport.grain(Duration.ofMinutes(62))).hasToString("PT1H");
  }

  @Test
  void anUnknownSeriesIsNamed() {
    Path benchmark = benchmark();
    assertThatThrownBy(() -> NabReport.run(benchmark, List.of("realTraffic/none.csv")))
        .hasMessageContaining("none.csv");
  }

  @Test
  void anAbsentFolderIsNamed() {
    assertThatThrownBy(() -> NabReport.run(Path.of("/nowhere"), List.of()))
        .hasMessageContaining("/nowhere");
  }
}
