package org.chengmai.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.models.matrix.CityMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MatrixSetTest {
  private static final MatrixSet SET =
      new MatrixSet("small", "small.csv", Duration.ofHours(1), 24, 1, 2, 3);

  @TempDir private Path folder;

  @Test
  void theNewestRowsOfTheColumnsNamedAreRead() throws IOException {
    Files.writeString(
        folder.resolve("small.csv"),
        "\"ts\",\"a\",\"b\",\"c\"\nt0,1,1,1\nt1,2,NA,2\nt2,3,,3\nt3,4,5,4\n");

    CityMatrix matrix = SET.read(folder);

    assertThat(matrix.series()).containsExactly("a", "b");
    // NaN differs from itself, but not from its text
    assertThat(Arrays.deepToString(matrix.values()))
        .isEqualTo("[[2.0, NaN], [3.0, NaN], [4.0, 5.0]]");
  }

  @Test
  void anAbsentFileIsNamedWithTheCure() {
    assertThatThrownBy(() -> SET.read(folder))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("small.csv")
        .hasMessageContaining("--data");
  }
}
