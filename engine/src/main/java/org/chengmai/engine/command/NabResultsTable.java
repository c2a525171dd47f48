package org.chengmai.engine.command;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chengmai.engine.shell.TextTable;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.nab.NabPeers;
import org.chengmai.models.nab.NabResults;
import org.chengmai.models.nab.NabScorer;

/** Scores of others than ours: result files in the benchmark's format, and the peers. */
final class NabResultsTable {
  private NabResultsTable() {}

  static void print(Path folder, boolean json, PrintStream out) {
    List<List<String>> lines = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("detector", "series"));
    for (NabScorer.Profile profile : NabScorer.Profile.values()) {
      heading.add(profile.key());
      heading.add("threshold");
    }
    lines.add(heading);
    Map<String, Map<String, NabScorer.Best>> figures = new LinkedHashMap<>();
    for (NabResults results : NabResults.read(folder)) {
      List<String> line =
          new ArrayList<>(List.of(results.detector(), "" + results.series().size()));
      Map<String, NabScorer.Best> byProfile = new LinkedHashMap<>();
      results
          .best()
          .forEach(
              (profile, best) -> {
                byProfile.put(profile.key(), best);
                line.add(String.format(Locale.ROOT, "%.2f", best.score()));
                line.add(String.format(Locale.ROOT, "%.6g", best.threshold()));
              });
      figures.put(results.detector(), byProfile);
      lines.add(line);
    }
    TextTable.print(lines, out);
    if (json) {
      out.println(Json.write(figures));
    }
  }

  static void printPeers(Path folder, boolean json, PrintStream out) {
    List<NabPeers.Line> all = new ArrayList<>();
    Rivals.all().forEach((name, making) -> all.addAll(NabPeers.run(folder, name, making)));
    List<List<String>> lines = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("peer", "thresholds tried"));
    for (NabScorer.Profile profile : NabScorer.Profile.values()) {
      heading.add(profile.key());
    }
    lines.add(heading);
    for (NabPeers.Line one : all) {
      List<String> line = new ArrayList<>(List.of(one.name(), "" + one.tries()));
      one.scores().values().forEach(score -> line.add(String.format(Locale.ROOT, "%.2f", score)));
      lines.add(line);
    }
    TextTable.print(lines, out);
    if (json) {
      out.println(MeasuredJson.write(all));
    }
  }
}
