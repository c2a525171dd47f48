package org.chengmai.models.nab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NabPeersTest {
  @TempDir private Path folder;

  @Test
  void aModelStandsBareAndWithEachDecisionLayer() throws IOException {
    LocalDateTime start = LocalDateTime.of(2015, 3, 1, 0, 0);
    DateTimeFormatter form = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    StringBuilder csv = new StringBuilder("timestamp,value\n");
    for (int row = 0; row < 1_000; row++) {
      csv.append(form.format(start.plusMinutes(5L * row)))
          .append(',')
          .append(row == 600 ? 50 : row % 7)
          .append('\n');
    }
    Files.createDirectories(folder.resolve("labels"));
    Files.createDirectories(folder.resolve("data/a"));
    Files.writeString(folder.resolve("data/a/one.csv"), csv);
    Files.writeString(
        folder.resolve("labels/combined_windows.json"),
        "{\"a/one.csv\":[[\"%s.000000\",\"%s.000000\"]]}"
            .formatted(
                form.format(start.plusMinutes(3_000)), form.format(start.plusMinutes(3_200))));
    List<NabPeers.Line> lines =
        NabPeers.run(folder, "height", (grain, dayClass) -> () -> (time, value) -> value);
    assertThat(lines)
        .extracting(NabPeers.Line::name)
        .containsExactly("height", "height+threshold", "height+likelihood");
    // The spike at the window's left edge is the highest value: perfect when it alone is an alarm.
    assertThat(lines.get(0).scores().get("standard")).isEqualTo(100);
    assertThat(lines.get(1).scores().get("standard")).isEqualTo(100);
    assertThat(lines.get(2).scores().get("standard")).isGreaterThan(90);
    assertThat(lines.get(0).tries()).isZero();
    assertThat(lines.get(1).tries()).isEqualTo(13);
  }
}
