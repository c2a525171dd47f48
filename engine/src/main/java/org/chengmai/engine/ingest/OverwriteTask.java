package org.chengmai.engine.ingest;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.connectors.druid.DruidIngestion;

/**
 * The Druid task that writes one day again with corrected values: it reads the day's published
 * segments, replaces the value where a correction applies, and swaps the segments as a whole. Rows
 * that come in meanwhile stay, thanks to concurrent locks.
 */
final class OverwriteTask {
  private OverwriteTask() {}

  static Map<String, Object> of(String dataSource, Instant day, List<Correction> corrections) {
    String interval = day + "/" + day.plus(1, ChronoUnit.DAYS);
    return Map.of(
        "type", "index_parallel",
        "spec",
            Map.of(
                "dataSchema",
                    Map.of(
                        "dataSource", dataSource,
                        "timestampSpec", Map.of("column", "__time", "format", "millis"),
                        "dimensionsSpec",
                            Map.of("dimensions", DruidIngestion.observationDimensions()),
                        "granularitySpec",
                            Map.of(
                                "type", "uniform",
                                "segmentGranularity", "DAY",
                                "queryGranularity", "NONE",
                                "rollup", false,
                                "intervals", List.of(interval)),
                        "transformSpec",
                            Map.of(
                                "transforms",
                                List.of(
                                    Map.of(
                                        "type",
                                        "expression",
                                        "name",
                                        "value",
                                        "expression",
                                        expression(corrections))))),
                "ioConfig",
                    Map.of(
                        "type",
                        "index_parallel",
                        "inputSource",
                        Map.of("type", "druid", "dataSource", dataSource, "interval", interval),
                        "appendToExisting",
                        false,
                        "dropExisting",
                        true),
                "tuningConfig",
                    Map.of(
                        "type",
                        "index_parallel",
                        "maxNumConcurrentSubTasks",
                        1,
                        "partitionsSpec",
                        Map.of("type", "dynamic"))),
        "context", Map.of("useConcurrentLocks", true));
  }

  /** A binary search over the times, so that a row of a large day costs few comparisons. */
  static String expression(List<Correction> corrections) {
    TreeMap<Long, List<Correction>> byTime = new TreeMap<>();
    corrections.forEach(
        one ->
            byTime.computeIfAbsent(one.time().toEpochMilli(), time -> new ArrayList<>()).add(one));
    return search(List.copyOf(byTime.entrySet()));
  }

  private static String search(List<Map.Entry<Long, List<Correction>>> times) {
    if (times.size() > 1) {
      int middle = times.size() / 2;
      return "if(\"__time\" < %d, %s, %s)"
          .formatted(
              times.get(middle).getKey(),
              search(times.subList(0, middle)),
              search(times.subList(middle, times.size())));
    }
    String result = "\"value\"";
    for (Correction one : times.get(0).getValue()) {
      String id = one.eventId() == null ? "" : " && \"id\" == " + text(one.eventId());
      result =
          "if(\"__time\" == %d && \"series\" == %s%s, %s, %s)"
              .formatted(one.time().toEpochMilli(), text(one.series()), id, one.value(), result);
    }
    return result;
  }

  /** A text literal of Druid's expressions; everything that is not plain goes as an escape. */
  private static String text(String value) {
    StringBuilder literal = new StringBuilder("'");
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      boolean isPlain =
          c >= '0' && c <= '9'
              || c >= 'A' && c <= 'Z'
              || c >= 'a' && c <= 'z'
              || c == '.'
              || c == '-'
              || c == '_'
              || c == ':';
      literal.append(isPlain ? String.valueOf(c) : "\\u%04X".formatted((int) c));
    }
    return literal.append('\'').toString();
  }
}
