package org.chengmai.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a scorer must keep that is quiet where nothing is wrong, too. */
abstract class QuietScorerContract extends SeasonalScorerContract {
  @Test
  void seriesWithoutAnAnomalyPassInSilence() {
    Path data = Path.of("../../shared/data");
    assumeThat(Files.isDirectory(data.resolve("nab"))).as("the benchmark's files").isTrue();
    QuietReport report = QuietReport.of(RealSeries.quiet(data), kind());
    assertThat(report.series()).isEqualTo(5);
    assertThat(report.falseAlarms()).isZero();
  }
}
