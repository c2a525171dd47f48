package org.chengmai.indicators.rootcause;

import java.util.List;
import java.util.Optional;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * How far one series' movements come before another's: the lag with the strongest correlation of
 * the steps from period to period. Steps and not values, because two series with a trend or a daily
 * course go together at many lags without meaning anything.
 *
 * @param periods above 0 where the other comes first, below 0 where it follows
 * @param correlation of the steps, −1 to 1
 */
public record Lead(int periods, double correlation) {
  /** The farthest lag that is tried. */
  static final int FARTHEST = 12;

  /** Fewer pairs of steps tell nothing. */
  static final int FEWEST = 24;

  /**
   * A correlation by chance has a standard deviation of 1/√n; of the 25 lags that are tried, one
   * beyond three of them is rare.
   */
  private static final double DEVIATIONS = 3;

  /** Squares below this part of all are what doubles lose: every step is the same. */
  private static final double ROUNDING = 1e-9;

  /** Empty where no lag stands out of chance; of equals the shortest lag. */
  static Optional<Lead> between(List<@Nullable Double> own, List<@Nullable Double> other) {
    if (own.size() != other.size()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "series of %d and %d periods; let both cover the same periods"
              .formatted(own.size(), other.size()));
    }
    Lead best = null;
    for (int i = 0; i <= 2 * FARTHEST; i++) {
      int lag = i % 2 == 0 ? i / 2 : -(i + 1) / 2; // 0, -1, 1, -2, …
      double correlation = correlation(own, other, lag);
      if (best == null || Math.abs(correlation) > Math.abs(best.correlation)) {
        best = new Lead(lag, correlation);
      }
    }
    return Optional.ofNullable(best).filter(lead -> lead.correlation != 0);
  }

  /** Of the steps at a lag; 0 where there are too few, none moved or it may be by chance. */
  private static double correlation(
      List<@Nullable Double> own, List<@Nullable Double> other, int lag) {
    int n = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 1; i < own.size(); i++) {
      Double a = step(own, i);
      Double b = step(other, i - lag);
      if (a != null && b != null) {
        n++;
        x += a;
        y += b;
        xx += a * a;
        yy += b * b;
        xy += a * b;
      }
    }
    double squares = xx - x * x / n;
    double others = yy - y * y / n;
    boolean isMoving = n >= FEWEST && squares > ROUNDING * xx && others > ROUNDING * yy;
    double correlation = isMoving ? (xy - x * y / n) / Math.sqrt(squares * others) : 0;
    return Math.abs(correlation) > DEVIATIONS / Math.sqrt(n) ? correlation : 0;
  }

  private static @Nullable Double step(List<@Nullable Double> series, int at) {
    if (at < 1 || at >= series.size()) {
      return null;
    }
    Double before = series.get(at - 1);
    Double after = series.get(at);
    return before == null || after == null ? null : (Double) (after - before);
  }
}
