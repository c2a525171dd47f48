package org.chengmai.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
  @TempDir Path temporary;

  @Test
  void aSecondEngineIsRefusedWithTheProcessOfTheFirst() {
    try (DataFolder first = DataFolder.open(temporary.resolve("data"))) {
      assertThatThrownBy(() -> DataFolder.open(first.path()))
          .isInstanceOf(ChengmaiException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("--dir");
    }
  }

  @Test
  void aClosedFolderCanBeOpenedAgain() {
    DataFolder.open(temporary).close();
    try (DataFolder again = DataFolder.open(temporary)) {
      assertThat(again.path()).isEqualTo(temporary.toAbsolutePath());
    }
  }
}
