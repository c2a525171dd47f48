package org.chengmai.models.rolling;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.chengmai.models.forecast.GridSeries;
import org.chengmai.models.forecast.HorizonFeatures;
import org.chengmai.models.forecast.HorizonFeatures.Row;
import org.chengmai.models.forecast.Judgement;
import org.chengmai.models.forecast.Rehearsal;
import org.chengmai.models.tribuo.HorizonConfig;
import org.chengmai.models.tribuo.HorizonTrainer;
import org.chengmai.models.tribuo.LinearKind;

/**
 * How the forecasters do on public series, judged on the newest 30 % by a rolling origin: before
 * each of its parts models are trained on what came earlier, the champion is the one that did
 * better in the rehearsal, and every origin of the part is forecast with what was known at it.
 *
 * @param lines one per set and horizon
 * @param belowOne share of all series and horizons with a ratio below 1
 * @param medianRatio over all series and horizons
 * @param leftOut series without a comparison, because the naive forecast has no error or no rows
 */
public record ForecastReport(
    List<Line> lines,
    List<One> series,
    double belowOne,
    double medianRatio,
    List<String> leftOut,
    HorizonConfig config) {
  private static final double TRAINED = 0.7;

  /**
   * A set at a horizon.
   *
   * @param reason why its season is what it is
   * @param median ratio of the champion
   * @param medianBy ratio by trainer
   * @param coverage share of values within bands made for 80 %
   */
  public record Line(
      String set,
      int horizon,
      String season,
      String reason,
      int series,
      double median,
      double worst,
      double belowOne,
      Map<String, Double> medianBy,
      double coverage) {}

  /** A series at a horizon: mean absolute error over that of the seasonal naive forecast. */
  public record One(
      String set,
      String series,
      int horizon,
      long rows,
      double ratio,
      Map<String, Double> ratioBy,
      double coverage) {}

  public ForecastReport {
    lines = List.copyOf(lines);
    series = List.copyOf(series);
    leftOut = List.copyOf(leftOut);
  }

  /** The sets that there are. */
  public static List<String> sets() {
    return SeriesSets.NAMES;
  }

  /**
   * Trains and judges.
   *
   * @param told is given each line when it is known
   */
  public static ForecastReport run(Path folder, List<String> sets, Consumer<Line> told) {
    HorizonConfig config = HorizonConfig.defaults();
    HorizonTrainer trainer = new HorizonTrainer(config);
    SeriesSets files = new SeriesSets(folder);
    List<Line> lines = new ArrayList<>();
    List<One> all = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (String name : sets) {
      SeriesSet set = files.read(name);
      for (int horizon : set.horizons()) {
        List<One> ones = new ArrayList<>();
        for (List<GridSeries> together : set.classes()) {
          ones.addAll(judge(set, together, horizon, trainer));
        }
        ones.stream()
            .filter(one -> Double.isNaN(one.ratio()))
            .forEach(one -> leftOut.add("%s/%s at %d".formatted(name, one.series(), horizon)));
        ones.removeIf(one -> Double.isNaN(one.ratio()));
        Line line = line(set, horizon, ones);
        told.accept(line);
        lines.add(line);
        all.addAll(ones);
      }
    }
    return new ForecastReport(
        lines, all, belowOne(all), median(all.stream().map(One::ratio).toList()), leftOut, config);
  }

  private static List<One> judge(
      SeriesSet set, List<GridSeries> together, int horizon, HorizonTrainer trainer) {
    HorizonFeatures features =
        new HorizonFeatures(set.plan(), horizon, together.get(0).weather().size());
    List<List<Row>> rows = together.stream().map(features::rows).toList();
    List<Map<String, Judgement.Sum>> sums = new ArrayList<>();
    together.forEach(series -> sums.add(new TreeMap<>()));
    Instant start = together.get(0).start();
    Duration length = set.plan().grain().typical().multipliedBy(together.get(0).values().length);
    for (int fold = 0; fold < set.folds(); fold++) {
      Instant from = start.plus(part(length, fold, set.folds()));
      Instant to = start.plus(part(length, fold + 1, set.folds()));
      List<Row> known =
          rows.stream().flatMap(List::stream).filter(row -> row.target().isBefore(from)).toList();
      List<HorizonTrainer.Fit> fits =
          trainer.trainAll(Rehearsal.of(known), features.names(), set.season());
      for (int i = 0; i < rows.size(); i++) {
        Map<String, Judgement.Sum> own = sums.get(i);
        for (Row row : rows.get(i)) {
          if (row.known().isBefore(from) || !row.known().isBefore(to)) {
            continue;
          }
          add(own, "champion", row, fits.get(0), set);
          fits.forEach(fit -> add(own, fit.kind().label(), row, fit, set));
        }
      }
    }
    List<One> ones = new ArrayList<>();
    for (int i = 0; i < together.size(); i++) {
      Map<String, Double> ratios = new TreeMap<>();
      sums.get(i).forEach((kind, sum) -> ratios.put(kind, sum.judgement().ratio()));
      Judgement champion = sums.get(i).getOrDefault("champion", new Judgement.Sum()).judgement();
      ratios.remove("champion");
      ones.add(
          new One(
              set.name(),
              together.get(i).name(),
              horizon,
              champion.rows(),
              champion.ratio(),
              ratios,
              champion.coverage()));
    }
    return ones;
  }

  private static void add(
      Map<String, Judgement.Sum> sums,
      String kind,
      Row row,
      HorizonTrainer.Fit fit,
      SeriesSet set) {
    sums.computeIfAbsent(kind, key -> new Judgement.Sum())
        .add(row, fit.forecast().estimate(row), set.season(), 1);
  }

  private static Duration part(Duration length, int fold, int folds) {
    double share = TRAINED + (1 - TRAINED) * fold / folds;
    return Duration.ofSeconds(Math.round(length.toSeconds() * share));
  }

  private static Line line(SeriesSet set, int horizon, List<One> ones) {
    Map<String, Double> medians = new TreeMap<>();
    for (LinearKind kind : LinearKind.values()) {
      medians.put(
          kind.label(),
          median(
              ones.stream()
                  .map(one -> one.ratioBy().getOrDefault(kind.label(), Double.NaN))
                  .toList()));
    }
    return new Line(
        set.name(),
        horizon,
        set.season().name().toLowerCase(Locale.ROOT),
        set.reason(),
        ones.size(),
        median(ones.stream().map(One::ratio).toList()),
        ones.stream().map(One::ratio).max(Comparator.naturalOrder()).orElse(Double.NaN),
        belowOne(ones),
        medians,
        ones.stream().mapToDouble(One::coverage).average().orElse(Double.NaN));
  }

  private static double belowOne(List<One> ones) {
    return ones.stream().filter(one -> one.ratio() < 1).count() / (double) Math.max(1, ones.size());
  }

  private static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
