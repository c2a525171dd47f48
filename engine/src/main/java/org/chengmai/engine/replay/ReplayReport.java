package org.chengmai.engine.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a replay found.
 *
 * @param observations sent and acknowledged
 * @param absent data sets whose file was not there
 * @param seconds wall time by stage
 */
public record ReplayReport(
    long observations,
    long points,
    int alerts,
    List<String> absent,
    Map<String, Double> seconds,
    List<IndicatorLine> indicators,
    List<NabLine> nab) {

  /**
   * One indicator.
   *
   * @param points periods with a value
   * @param missing periods without one, between the first and the last of its data
   * @param alerts episodes that fired, by detector
   */
  public record IndicatorLine(
      String code,
      String name,
      String grain,
      long points,
      long missing,
      Map<String, Integer> alerts,
      @Nullable Instant from,
      @Nullable Instant to) {}

  /**
   * One labelled series of the Numenta Anomaly Benchmark: its windows, and the episodes that lie in
   * none of them.
   *
   * @param falseAlarms written false_alarms
   */
  public record NabLine(
      String file,
      String code,
      int windows,
      int found,
      int missed,
      @JsonProperty("false_alarms") int falseAlarms) {}

  public ReplayReport {
    absent = List.copyOf(absent);
    indicators = List.copyOf(indicators);
    nab = List.copyOf(nab);
  }

  /** The report as people read it in a terminal; all signs but the names are ASCII. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%,d observations, %,d points, %,d alerts; seconds: %s",
        observations,
        points,
        alerts,
        seconds);
    absent.forEach(name -> line(text, "not replayed, its file is absent: %s", name));
    line(text, "");
    line(
        text,
        "%-13s %-28s %-6s %9s %9s  %-27s %s",
        "indicator",
        "name",
        "grain",
        "points",
        "missing",
        "data (Asia/Shanghai)",
        "alerts");
    for (IndicatorLine one : indicators) {
      line(
          text,
          "%-13s %-28s %-6s %,9d %,9d  %-27s %s",
          one.code(),
          one.name(),
          one.grain(),
          one.points(),
          one.missing(),
          one.from() == null
              ? "none"
              : day(one.from()) + " to " + day(Objects.requireNonNull(one.to())),
          one.alerts());
    }
    if (!nab.isEmpty()) {
      line(text, "");
      line(
          text,
          "%-36s %-13s %8s %6s %7s %13s",
          "NAB series",
          "indicator",
          "windows",
          "found",
          "missed",
          "false alarms");
      nab.forEach(
          one ->
              line(
                  text,
                  "%-36s %-13s %8d %6d %7d %13d",
                  one.file(),
                  one.code(),
                  one.windows(),
                  one.found(),
                  one.missed(),
                  one.falseAlarms()));
      line(
          text,
          "%-36s %-13s %8d %6d %7d %13d",
          "all",
          "",
          nab.stream().mapToInt(NabLine::windows).sum(),
          nab.stream().mapToInt(NabLine::found).sum(),
          nab.stream().mapToInt(NabLine::missed).sum(),
          nab.stream().mapToInt(NabLine::falseAlarms).sum());
    }
    return text.toString();
  }

  private static String day(Instant time) {
    return time.atZone(DataSet.ZONE).toLocalDate().toString();
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
