package org.chengmai.engine.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.chengmai.engine.replay.ReplayReport.IndicatorLine;
import org.chengmai.engine.replay.ReplayReport.NabLine;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three labelled series through an engine with its own PostgreSQL, Kafka and Druid. */
final class ReplayIT {
  private static final Path ROOT = Path.of(System.getProperty("chengmai.root", ".."));
  private static final Path DATA = ROOT.resolve("../shared/data");
  private static final List<String> FILES =
      List.of(
          "realKnownCause/nyc_taxi.csv",
          "realTraffic/occupancy_t4013.csv",
          "realTraffic/speed_7578.csv");

  @Test
  void labelledSeriesGoThroughTheWholeLineAndAreComparedWithTheirWindows(@TempDir Path folder) {
    Path home =
        Path.of(
            System.getProperty("chengmai.home", ROOT.resolve("engine/target/chengmai").toString()));
    assumeTrue(
        Files.isDirectory(DATA.resolve("nab")),
        "the public data sets are not at ../shared/data; examples/real/README.md names their origins");
    assumeTrue(
        Files.isDirectory(home.resolve("servers/druid")),
        "no distribution at " + home + "; run mvn package first");
    List<DataSet> sets =
        DataSet.ALL.stream().filter(set -> FILES.contains(String.valueOf(set.labels()))).toList();
    ReplayReport report;
    try (Replay replay =
        new Replay(new ReplaySettings(home, folder, DATA.normalize(), 0), text -> {}, sets)) {
      report = replay.run();
    }
    assertThat(report.observations()).isEqualTo(10_320 + 2_500 + 1_127);
    assertThat(report.absent()).isEmpty();
    IndicatorLine taxi = line(report, "CVS-TRF-0006");
    assertThat(taxi.points()).isEqualTo(10_320);
    assertThat(taxi.missing()).isZero();
    IndicatorLine occupancy = line(report, "CVS-TRF-0905");
    assertThat(occupancy.missing()).as("gaps stay gaps").isGreaterThan(500);
    assertThat(report.points())
        .isEqualTo(
            report.indicators().stream().mapToLong(one -> one.points() + one.missing()).sum());
    assertThat(line(report, "CVS-ENV-0001").points())
        .as("absent data give no points, and no missing ones")
        .isZero();
    assertThat(line(report, "CVS-ENV-0001").missing()).isZero();
    assertThat(report.nab())
        .extracting(NabLine::file, NabLine::windows)
        .containsExactlyInAnyOrder(
            Tuple.tuple(FILES.get(0), 5),
            Tuple.tuple(FILES.get(1), 2),
            Tuple.tuple(FILES.get(2), 4));
    for (NabLine one : report.nab()) {
      assertThat(one.found() + one.missed()).isEqualTo(one.windows());
    }
    assertThat(report.nab().get(0).found()).as("nyc_taxi").isGreaterThanOrEqualTo(4);
    assertThat(taxi.alerts()).containsOnlyKeys("seasonal");
    assertThat(Json.read(Json.write(report), Map.class))
        .containsKeys("observations", "indicators", "nab", "seconds");
    assertThat(report.text()).contains("realKnownCause/nyc_taxi.csv").contains("false alarms");
  }

  private static IndicatorLine line(ReplayReport report, String code) {
    return report.indicators().stream()
        .filter(one -> one.code().equals(code))
        .findFirst()
        .orElseThrow();
  }
}
