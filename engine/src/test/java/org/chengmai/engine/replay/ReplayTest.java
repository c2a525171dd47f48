package org.chengmai.engine.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.Catalogues;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayTest {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("chengmai.root", ".."), "examples/real");

  @Test
  void anEmptyFolderNamesEveryDataSetAndItsOrigin(@TempDir Path empty) {
    assertThatThrownBy(() -> new Replay(new ReplaySettings(empty, empty, empty, 0), text -> {}))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("beijing-air/PRSA_Data_Dongsi.csv")
        .hasMessageContaining("Numenta Anomaly Benchmark");
    assertThat(Files.exists(empty.resolve("logs"))).as("no engine was opened").isFalse();
  }

  @Test
  void theDefinitionsOfTheRealDataAreValidAndClassDaysAbroadByTheWeekAlone() {
    IndicatorCatalogue catalogue =
        IndicatorCatalogue.load(
            Catalogues.definitions(EXAMPLES, List.of("definitions")),
            Catalogues.city(EXAMPLES.resolve("city.yaml")).regions(),
            null);
    assertThat(catalogue.all())
        .hasSizeGreaterThanOrEqualTo(12)
        .allMatch(IndicatorDefinition::isActive);
    assertThat(catalogue.all())
        .allSatisfy(
            definition ->
                assertThat("weekdays".equals(definition.period().calendar()))
                    .as(definition.code())
                    .isEqualTo(definition.region().only().get(0).startsWith("840")));
    assertThat(catalogue.all())
        .noneMatch(definition -> definition.detect().detectors().contains("forecast"));
    assertThat(catalogue.get("CVS-ENV-0001").detect().weather())
        .containsExactly("CVS-WEA-0901", "CVS-WEA-0902", "CVS-WEA-0903");
  }

  @Test
  void theReportSumsTheLabelledSeries() {
    ReplayReport report =
        new ReplayReport(
            10,
            5,
            3,
            List.of("NAB b"),
            Map.of("send", 1.0),
            List.of(),
            List.of(
                new ReplayReport.NabLine("a.csv", "CVS-TRF-0901", 5, 4, 1, 2),
                new ReplayReport.NabLine("b.csv", "CVS-TRF-0902", 1, 0, 1, 0)));
    assertThat(report.text())
        .contains("its file is absent: NAB b")
        .containsPattern("all\\s+6\\s+4\\s+2\\s+2\n");
  }
}
