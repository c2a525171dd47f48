package org.chengmai.models.tribuo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.models.forecast.HorizonFeatures.Row;
import org.chengmai.models.forecast.HorizonForecast;
import org.chengmai.models.forecast.Rehearsal;
import org.chengmai.models.forecast.Season;

/**
 * Trains the forecast of one horizon for all series of a class. Blocks while it trains; safe for
 * several threads, each training being on its own.
 */
public final class HorizonTrainer {
  private static final double MOST = 8;
  private static final int LEAST_UNSEEN = 10;

  private final HorizonConfig config;

  public HorizonTrainer(HorizonConfig config) {
    this.config = config;
  }

  /**
   * A trained forecast and how the fit on the older part did on the newer one.
   *
   * @param model protocol buffers of the Tribuo model
   * @param provenance of the model in Tribuo's words
   */
  public record Fit(
      LinearKind kind,
      byte[] model,
      String provenance,
      HorizonForecast forecast,
      Rehearsal.Outcome rehearsal) {}

  /**
   * Fits one kind of model twice: on the older rows to rehearse, then on all.
   *
   * @param names of the rows' features
   * @throws ChengmaiException RESOURCES when the rows are too few
   */
  public Fit train(LinearKind kind, Rehearsal rows, List<String> names, Season season) {
    List<Row> unseen = rows.unseen();
    List<Row> seen = rows.seen();
    if (unseen.size() < LEAST_UNSEEN || seen.size() < names.size()) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES,
          "%d rows to learn from and %d to rehearse on, %d and %d are needed; wait for more history"
              .formatted(seen.size(), unseen.size(), names.size(), LEAST_UNSEEN));
    }
    LinearModel first = fit(kind, seen, names);
    Rehearsal.Outcome outcome = Rehearsal.outcome(unseen, first.weights(), first.bias(), season);
    LinearModel whole = fit(kind, rows.rows(), names);
    return new Fit(
        kind,
        whole.bytes(),
        whole.tribuo().getProvenance().toString(),
        new HorizonForecast(whole.weights(), whole.bias(), outcome.mix()),
        outcome);
  }

  /** The fits of all kinds, the one that did best in its rehearsal first. */
  public List<Fit> trainAll(Rehearsal rows, List<String> names, Season season) {
    List<Fit> fits = new ArrayList<>();
    for (LinearKind kind : LinearKind.values()) {
      fits.add(train(kind, rows, names, season));
    }
    fits.sort(Comparator.comparingDouble(fit -> fit.rehearsal().judgement().error()));
    return fits;
  }

  private LinearModel fit(LinearKind kind, List<Row> rows, List<String> names) {
    int step = (rows.size() + config.mostRows() - 1) / config.mostRows();
    List<double[]> features = new ArrayList<>();
    List<Double> targets = new ArrayList<>();
    for (int i = (rows.size() - 1) % step; i < rows.size(); i += step) {
      Row row = rows.get(i);
      features.add(row.features());
      double target = (row.value() - row.mean()) / row.scale() - row.slot();
      targets.add(Math.max(-MOST, Math.min(MOST, target)));
    }
    return LinearModel.fit(
        kind.trainer(config),
        names,
        features,
        targets.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
