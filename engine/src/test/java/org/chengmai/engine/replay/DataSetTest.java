package org.chengmai.engine.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSetTest {
  private static final Path DATA =
      Path.of(System.getProperty("chengmai.root", "..")).resolve("../shared/data");

  @ParameterizedTest
  @CsvSource({
    "Beijing air, 10, 350640, 7508",
    "Hangzhou metro, 80, 172800, 0",
    "Los Angeles, 207, 417312, 0",
    "Transformer, 4, 69680, 0",
    "NAB realKnownCause/nyc_taxi, 1, 10320, 0"
  })
  void everyRowIsReadAndGapsStayGaps(String name, int series, int cells, int missing) {
    assumeTrue(
        Files.isDirectory(DATA),
        "the public data sets are not at ../shared/data; README names their origins");
    DataSet set =
        DataSet.ALL.stream().filter(s -> s.name().startsWith(name)).findFirst().orElseThrow();
    DataSet.Content content = set.read(DATA);
    assertThat(content.series()).hasSize(series);
    assertThat(content.observations()).hasSize(cells - missing);
  }

  @Test
  void anAbsentFileNamesItsOrigin() {
    assertThat(Assertions.catchThrowable(() -> DataSet.ALL.get(0).read(Path.of("/nowhere"))))
        .hasMessageContaining("UCI Machine Learning Repository");
  }
}
