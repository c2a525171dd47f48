package org.chengmai.engine.replay;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chengmai.engine.Engine;
import org.chengmai.engine.replay.Replay.Loaded;
import org.chengmai.engine.replay.ReplayReport.IndicatorLine;
import org.chengmai.engine.replay.ReplayReport.NabLine;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.models.nab.NabLabels;

/**
 * Reads what a replay left in the alert log and the indicator store, and compares it with the
 * labels.
 */
final class Findings {
  private static final int PAGE = 1000;

  private final Engine engine;
  private final Path data;
  private final List<Loaded> loaded;

  Findings(Engine engine, Path data, List<Loaded> loaded) {
    this.engine = engine;
    this.data = data;
    this.loaded = loaded;
  }

  ReplayReport report(
      long observations, long points, List<DataSet> absent, Map<String, Double> seconds) {
    Map<String, List<Anomaly>> episodes = episodes();
    List<IndicatorLine> indicators = indicators(episodes);
    return new ReplayReport(
        observations,
        points,
        episodes.values().stream().mapToInt(List::size).sum(),
        absent.stream().map(DataSet::name).toList(),
        seconds,
        indicators,
        nab(episodes));
  }

  /** The anomalies with which alerts fired, by indicator, oldest first. */
  private Map<String, List<Anomaly>> episodes() {
    Map<String, List<Anomaly>> episodes = new TreeMap<>();
    long seq = 0;
    List<AlertEvent> events;
    do {
      events = engine.watch().alerts().after(seq, PAGE);
      for (AlertEvent event : events) {
        seq = event.seq();
        if (event.type() == AlertEvent.Type.FIRED) {
          Anomaly anomaly = event.alert().latest();
          episodes.computeIfAbsent(anomaly.key().code(), code -> new ArrayList<>()).add(anomaly);
        }
      }
    } while (events.size() == PAGE);
    return episodes;
  }

  private List<IndicatorLine> indicators(Map<String, List<Anomaly>> episodes) {
    Map<String, List<Object>> stored = new HashMap<>();
    engine
        .libraries()
        .sql()
        .query(
            SqlEngine.INTERNAL,
            "SELECT code, COUNT(*), COUNT(val), MIN(ts), MAX(ts) FROM indicators.vital_sign_revisions WHERE revision = 1 GROUP BY code")
        .rows()
        .forEach(row -> stored.put(String.valueOf(row.get(0)), row));
    List<IndicatorLine> lines = new ArrayList<>();
    for (IndicatorDefinition definition : engine.watch().catalogue().all()) {
      List<Object> row = stored.get(definition.code());
      Map<String, Integer> alerts = new TreeMap<>();
      episodes
          .getOrDefault(definition.code(), List.of())
          .forEach(episode -> alerts.merge(episode.detector(), 1, Integer::sum));
      long all = row == null ? 0 : ((Number) row.get(1)).longValue();
      long valued = row == null ? 0 : ((Number) row.get(2)).longValue();
      lines.add(
          new IndicatorLine(
              definition.code(),
              definition.metadata().name().en(),
              definition.grain().toString(),
              valued,
              all - valued,
              alerts,
              row == null ? null : (Instant) row.get(3),
              row == null ? null : (Instant) row.get(4)));
    }
    return lines;
  }

  /**
   * An episode is where the period begins with which its alert fired; its row in the file lies in
   * that period.
   */
  private List<NabLine> nab(Map<String, List<Anomaly>> episodes) {
    Path folder = data.resolve("nab");
    List<NabLine> lines = new ArrayList<>();
    if (!Files.isDirectory(folder.resolve("labels"))) {
      return lines;
    }
    Map<String, List<NabLabels.Window>> labels = NabLabels.read(folder);
    for (Loaded one : loaded) {
      String file = one.set().labels();
      if (file != null) {
        String code = code(one.content().series().get(0).measure());
        List<LocalDateTime> detections =
            episodes.getOrDefault(code, List.of()).stream()
                .map(episode -> episode.periodStart().atZone(DataSet.ZONE).toLocalDateTime())
                .toList();
        NabLabels.Counts counts = NabLabels.count(detections, labels.getOrDefault(file, List.of()));
        lines.add(
            new NabLine(
                file,
                code,
                counts.found() + counts.missed(),
                counts.found(),
                counts.missed(),
                counts.falseAlarms()));
      }
    }
    return lines;
  }

  private String code(String measure) {
    return engine.watch().catalogue().all().stream()
        .filter(
            definition ->
                String.valueOf(definition.definition().where()).contains("'" + measure + "'"))
        .map(IndicatorDefinition::code)
        .findFirst()
        .orElse("");
  }
}
