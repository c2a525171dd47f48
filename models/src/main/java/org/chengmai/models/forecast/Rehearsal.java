package org.chengmai.models.forecast;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.chengmai.models.forecast.HorizonFeatures.Row;

/**
 * The rows that a horizon learns from, the newest fifth put aside: a first fit on the rest
 * rehearses there, which gives the shares of the blend, the band and an honest error.
 *
 * @param rows with values, by target, oldest first
 * @param cut the first instant of the part that is put aside
 */
public record Rehearsal(List<Row> rows, Instant cut) {
  private static final double SHARE = 0.8;

  /** How the first fit did. */
  public record Outcome(HorizonForecast.Mix mix, Judgement judgement) {}

  public Rehearsal {
    rows = List.copyOf(rows);
  }

  /** Rows without a value are left out; the order does not matter. */
  public static Rehearsal of(List<Row> rows) {
    List<Row> known =
        rows.stream()
            .filter(row -> !Double.isNaN(row.value()))
            .sorted(Comparator.comparing(Row::target))
            .toList();
    Instant cut = known.isEmpty() ? Instant.MIN : known.get((int) (SHARE * known.size())).known();
    return new Rehearsal(known, cut);
  }

  /** What the first fit may see. */
  public List<Row> seen() {
    return rows.stream().filter(row -> row.target().isBefore(cut)).toList();
  }

  /** What it is judged on: forecasts that were made after all that it saw. */
  public List<Row> unseen() {
    return rows.stream().filter(row -> !row.known().isBefore(cut)).toList();
  }

  /** Chooses shares and band by what the first fit's linear model says of the unseen rows. */
  public static Outcome outcome(List<Row> unseen, double[] weights, double bias, Season season) {
    double[] linear = HorizonForecast.linear(weights, bias, unseen);
    BlendSearch search = new BlendSearch(unseen, linear, season);
    HorizonForecast.Mix mix =
        new HorizonForecast.Mix(
            season,
            search.ofAll(),
            search.own(),
            new ErrorBands(new double[0], new double[0], Map.of()));
    double[] errors = new double[linear.length];
    for (int i = 0; i < errors.length; i++) {
      Row row = unseen.get(i);
      errors[i] = row.units(row.value()) - mix.units(row, linear[i]);
    }
    HorizonForecast.Mix banded =
        new HorizonForecast.Mix(season, mix.ofAll(), mix.own(), ErrorBands.of(unseen, errors));
    return new Outcome(banded, Judgement.of(unseen, new HorizonForecast(weights, bias, banded)));
  }
}
