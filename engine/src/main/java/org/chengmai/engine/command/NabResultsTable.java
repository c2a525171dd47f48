package org.chengmai.engine.command;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.nab.NabResults;
import org.chengmai.models.nab.NabScorer;

/** Scores of result files in the benchmark's format, whoever made them: a line a detector. */
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
}
