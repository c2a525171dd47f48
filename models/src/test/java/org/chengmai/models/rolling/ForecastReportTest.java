package org.chengmai.models.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastReportTest {
  @TempDir private Path folder;

  private void write(int hours) throws IOException {
    Random random = new Random(11);
    List<String> lines = new ArrayList<>(List.of("date,wave,still"));
    double noise = 0;
    for (int i = 0; i < hours; i++) {
      noise = 0.8 * noise + random.nextGaussian();
      lines.add(
          String.format(
              Locale.ROOT,
              "%s,%.4f,%s",
              LocalDateTime.of(2026, 1, 1, 0, 0)
                  .plusHours(i)
                  .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")),
              30 + 10 * Math.sin(2 * Math.PI * i / 24) + noise,
              i == 700 ? "NA" : "5"));
    }
    Path file = folder.resolve("power-transformer/ETTh1.csv");
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }

  @Test
  void aSeriesWhoseNaiveForecastHasNoErrorIsLeftOutByName() throws IOException {
    write(1400);
    List<Integer> told = new ArrayList<>();
    ForecastReport report =
        ForecastReport.run(folder, List.of("ETTh1"), line -> told.add(line.horizon()));
    assertThat(told).containsExactly(1, 24, 168);
    assertThat(report.leftOut())
        .containsExactly("ETTh1/still at 1", "ETTh1/still at 24", "ETTh1/still at 168");
    assertThat(report.series())
        .extracting(ForecastReport.One::series)
        .containsExactly("wave", "wave", "wave");
    assertThat(report.series().get(0).ratio()).isLessThan(0.8);
    assertThat(report.series().get(0).rows()).isBetween(415L, 420L);
    assertThat(report.belowOne()).isEqualTo(1);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ForecastReport.run(folder, List.of("nyc_taxi"), line -> {}))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("nyc_taxi.csv")
        .hasMessageContaining("--data");
  }
}
