package org.chengmai.models.nab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chengmai.models.AlarmConfig;
import org.chengmai.models.DayClass;
import org.chengmai.models.SeasonalDetector;

/**
 * The number that means something: each category of the benchmark is scored with the configuration
 * that did best on all the others, so that no series has a say in how it is judged.
 *
 * @param inSample best standard score of one configuration for all
 * @param heldOut score by profile when each category's configuration was chosen without it
 * @param chosen which configuration each category was scored with
 * @param tries configurations compared
 */
public record NabHeldOut(
    double inSample, Map<String, Double> heldOut, Map<String, AlarmConfig> chosen, int tries) {

  /** Compares the seasonal detector's configurations on all labelled files. */
  public static NabHeldOut run(Path folder, List<AlarmConfig> configs) {
    Map<String, List<NabLabels.Window>> labels = NabLabels.read(folder);
    List<Map<String, List<NabScorer.Scored>>> results = new ArrayList<>();
    configs.forEach(config -> results.add(new TreeMap<>()));
    TreeSet<String> categories = new TreeSet<>();
    labels.forEach(
        (name, windows) -> {
          NabSeries series = NabSeries.read(folder, name);
          String category = name.substring(0, name.indexOf('/'));
          categories.add(category);
          for (int i = 0; i < configs.size(); i++) {
            SeasonalDetector detector =
                new SeasonalDetector(
                    NabReport.grain(series.step()), DayClass::usual, configs.get(i));
            results
                .get(i)
                .computeIfAbsent(category, key -> new ArrayList<>())
                .add(
                    new NabScorer.Scored(
                        NabReport.scores(detector, series), NabReport.rows(series, windows)));
          }
        });
    Map<String, AlarmConfig> chosen = new TreeMap<>();
    List<NabScorer.Scored> corpus = new ArrayList<>();
    for (String category : categories) {
      int best = best(results, category);
      chosen.put(category, configs.get(best));
      corpus.addAll(results.get(best).get(category));
    }
    Map<String, Double> heldOut = new TreeMap<>();
    for (NabScorer.Profile profile : NabScorer.Profile.values()) {
      heldOut.put(profile.key(), NabScorer.score(corpus, Double.MIN_VALUE, profile));
    }
    return new NabHeldOut(
        score(results.get(best(results, "")), ""), heldOut, chosen, configs.size());
  }

  private static int best(List<Map<String, List<NabScorer.Scored>>> results, String without) {
    int best = 0;
    for (int i = 1; i < results.size(); i++) {
      best = score(results.get(i), without) > score(results.get(best), without) ? i : best;
    }
    return best;
  }

  private static double score(Map<String, List<NabScorer.Scored>> result, String without) {
    List<NabScorer.Scored> corpus = new ArrayList<>();
    result.forEach(
        (category, series) -> {
          if (!category.equals(without)) {
            corpus.addAll(series);
          }
        });
    return NabScorer.score(corpus, Double.MIN_VALUE, NabScorer.Profile.STANDARD);
  }
}
