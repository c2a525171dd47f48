package org.chengmai.models.nab;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * What one detector said of the benchmark's series, in the benchmark's own format: {@code
 * DIR/<detector>/<category>/<detector>_<file>} with the columns {@code
 * timestamp,value,anomaly_score,label}. Further columns are passed over when reading.
 *
 * @param series scores and windows by category and file; the windows are the runs of rows whose
 *     label is 1
 */
public record NabResults(String detector, Map<String, NabScorer.Scored> series) {
  private static final String HEADING = "timestamp,value,anomaly_score,label";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  public NabResults {
    series = java.util.Collections.unmodifiableMap(new TreeMap<>(series));
  }

  /** Writes one series and gives its file back. */
  public static Path write(
      Path folder,
      String detector,
      NabSeries series,
      double[] scores,
      List<NabLabels.Window> windows) {
    Path named = Path.of(series.name());
    Path file =
        folder
            .resolve(detector)
            .resolve(named)
            .resolveSibling(detector + "_" + named.getFileName());
    boolean[] labels = new boolean[scores.length];
    for (int[] rows : NabReport.rows(series, windows)) {
      java.util.Arrays.fill(labels, rows[0], rows[1] + 1, true);
    }
    try {
      Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
      try (BufferedWriter out = Files.newBufferedWriter(file)) {
        out.write(HEADING + "\n");
        for (int row = 0; row < scores.length; row++) {
          out.write(
              TIME.format(series.times().get(row))
                  + ","
                  + series.values()[row]
                  + ","
                  + scores[row]
                  + ","
                  + (labels[row] ? 1 : 0)
                  + "\n");
        }
      }
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.EXTERNAL, "cannot write the results " + file, e);
    }
    return file;
  }

  /**
   * Reads a folder with a folder for each detector, or one detector's folder; NOT_FOUND when there
   * are no results in it, INVALID_INPUT with file and line when one cannot be read.
   */
  public static List<NabResults> read(Path folder) {
    List<NabResults> found = new ArrayList<>();
    for (Path one : folders(folder)) {
      Map<String, NabScorer.Scored> series = series(one);
      if (!series.isEmpty()) {
        found.add(new NabResults(one.getFileName().toString(), series));
      }
    }
    if (found.isEmpty()) {
      Map<String, NabScorer.Scored> own = series(folder);
      if (own.isEmpty()) {
        throw new ChengmaiException(
            ErrorCode.NOT_FOUND,
            "%s holds no results: expected <detector>/<category>/<detector>_<file>.csv"
                .formatted(folder));
      }
      found.add(new NabResults(folder.toAbsolutePath().normalize().getFileName().toString(), own));
    }
    return found;
  }

  /** The best score over all thresholds, and its threshold, by profile. */
  public Map<NabScorer.Profile, NabScorer.Best> best() {
    List<NabScorer.Scored> corpus = List.copyOf(series.values());
    Map<NabScorer.Profile, NabScorer.Best> best = new LinkedHashMap<>();
    for (NabScorer.Profile profile : NabScorer.Profile.values()) {
      best.put(profile, NabScorer.best(corpus, profile));
    }
    return best;
  }

  private static Map<String, NabScorer.Scored> series(Path detector) {
    String prefix = detector.toAbsolutePath().normalize().getFileName() + "_";
    Map<String, NabScorer.Scored> series = new TreeMap<>();
    for (Path category : folders(detector)) {
      for (Path file : list(category)) {
        String name = file.getFileName().toString();
        if (name.startsWith(prefix) && name.endsWith(".csv")) {
          series.put(category.getFileName() + "/" + name.substring(prefix.length()), scored(file));
        }
      }
    }
    return series;
  }

  private static NabScorer.Scored scored(Path file) {
    int number = 1;
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.isEmpty() || !(lines.get(0) + ",").startsWith(HEADING + ",")) {
        throw new IllegalArgumentException("expected the heading " + HEADING);
      }
      double[] scores = new double[lines.size() - 1];
      List<int[]> windows = new ArrayList<>();
      boolean wasInside = false;
      for (int row = 0; row < scores.length; row++) {
        number = row + 2;
        String[] cells = lines.get(row + 1).split(",", -1);
        if (cells.length < 4) {
          throw new IllegalArgumentException("expected the columns " + HEADING);
        }
        scores[row] = Double.parseDouble(cells[2]);
        boolean isInside = Double.parseDouble(cells[3]) != 0;
        if (isInside && wasInside) {
          windows.get(windows.size() - 1)[1] = row;
        } else if (isInside) {
          windows.add(new int[] {row, row});
        }
        wasInside = isInside;
      }
      return new NabScorer.Scored(scores, windows);
    } catch (IllegalArgumentException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "%s line %d: %s".formatted(file, number, e.getMessage()), e);
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.EXTERNAL, "cannot read the results " + file, e);
    }
  }

  private static List<Path> folders(Path folder) {
    return list(folder).stream().filter(Files::isDirectory).toList();
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList();
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.NOT_FOUND, "cannot list " + folder, e);
    }
  }
}
