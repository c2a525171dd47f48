package org.chengmai.models.nab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * One series of the benchmark, as its CSV file has it.
 *
 * @param name folder and file, such as {@code realTraffic/speed_6005.csv}
 * @param times local times without a zone, as published
 */
public record NabSeries(String name, List<LocalDateTime> times, double[] values) {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  /**
   * Reads {@code data/<name>} below the benchmark's folder; EXTERNAL when it is absent or not of
   * the known form.
   */
  public static NabSeries read(Path folder, String name) {
    Path file = folder.resolve("data").resolve(name);
    try {
      List<String> lines = Files.readAllLines(file);
      List<LocalDateTime> times = new ArrayList<>(lines.size());
      double[] values = new double[lines.size() - 1];
      for (int i = 1; i < lines.size(); i++) {
        String line = lines.get(i);
        int comma = line.indexOf(',');
        times.add(NabLabels.time(line.substring(0, comma)));
        values[i - 1] = Double.parseDouble(line.substring(comma + 1));
      }
      return new NabSeries(name, List.copyOf(times), values);
    } catch (IOException | RuntimeException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "cannot read the benchmark's series " + file, e);
    }
  }

  /** When a row was, taken for China's time: the files name no zone. */
  Instant instant(int row) {
    return times.get(row).atZone(CHINA).toInstant();
  }

  /**
   * The usual distance between rows, from the first hundred only: what comes later is not known
   * yet.
   */
  public Duration step() {
    int rows = Math.min(100, times.size() - 1);
    List<Duration> steps = new ArrayList<>(rows);
    for (int i = 0; i < rows; i++) {
      steps.add(Duration.between(times.get(i), times.get(i + 1)));
    }
    steps.sort(null);
    return rows == 0 ? Duration.ofMinutes(5) : steps.get(rows / 2);
  }
}
