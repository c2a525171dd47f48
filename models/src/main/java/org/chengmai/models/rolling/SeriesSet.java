package org.chengmai.models.rolling;

import java.util.List;
import org.chengmai.models.forecast.GridSeries;
import org.chengmai.models.forecast.HorizonPlan;
import org.chengmai.models.forecast.Season;

/**
 * Public series to forecast.
 *
 * @param season of the naive forecast, fixed before any result was seen
 * @param reason why this season
 * @param horizons in periods
 * @param folds parts of the newest 30 %, before each of which the models are trained anew
 * @param isPooled whether one model serves all series, as it does for an indicator's regions
 */
record SeriesSet(
    String name,
    HorizonPlan plan,
    Season season,
    String reason,
    List<Integer> horizons,
    int folds,
    boolean isPooled,
    List<GridSeries> series) {

  /** The series that share a model. */
  List<List<GridSeries>> classes() {
    return isPooled ? List.of(series) : series.stream().map(List::of).toList();
  }
}
