package org.chengmai.models.nab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;

/** The benchmark's anomaly windows, by series. */
public final class NabLabels {

  private NabLabels() {}

  /** A window in which an anomaly lies, both ends included, in the local time of its series. */
  public record Window(LocalDateTime start, LocalDateTime end) {
    boolean holds(LocalDateTime time) {
      return !time.isBefore(start) && !time.isAfter(end);
    }
  }

  /** Windows found and missed, and detections outside all of them. */
  public record Counts(int found, int missed, int falseAlarms) {}

  /** Counts windows that hold a detection, windows that hold none, and detections in no window. */
  public static Counts count(List<LocalDateTime> detections, List<Window> windows) {
    int found =
        (int)
            windows.stream().filter(window -> detections.stream().anyMatch(window::holds)).count();
    int outside =
        (int)
            detections.stream()
                .filter(time -> windows.stream().noneMatch(window -> window.holds(time)))
                .count();
    return new Counts(found, windows.size() - found, outside);
  }

  /** Reads {@code labels/combined_windows.json}; series without an anomaly have an empty list. */
  public static Map<String, List<Window>> read(Path folder) {
    Path file = folder.resolve("labels/combined_windows.json");
    try {
      Map<String, List<Window>> labels = new TreeMap<>();
      Map<?, ?> document = Json.read(Files.readString(file), Map.class);
      document.forEach(
          (name, pairs) -> {
            List<Window> windows = new ArrayList<>();
            for (Object pair : (List<?>) pairs) {
              List<?> ends = (List<?>) pair;
              windows.add(new Window(time(ends.get(0).toString()), time(ends.get(1).toString())));
            }
            labels.put(name.toString(), List.copyOf(windows));
          });
      return labels;
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "cannot read the benchmark's labels " + file, e);
    }
  }

  /** Whole seconds: labels carry microseconds that rows do not. */
  static LocalDateTime time(String text) {
    return LocalDateTime.parse(text.substring(0, 19).replace(' ', 'T'));
  }
}
