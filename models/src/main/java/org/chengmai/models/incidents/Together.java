package org.chengmai.models.incidents;

/**
 * How two series moved together while one of them was off.
 *
 * @param lag cells by which the second comes later
 * @param correlation of their residuals at that lag, −1 to 1
 * @param chance that the second would have gone with the first as well at any other time
 */
record Together(int lag, double correlation, double chance) {

  /**
   * Compares the first's course within a window with the second's, at the lag up to {@code
   * farthest} where they go together most; then with the second's course at every other time. Every
   * shift is tried, so no chance is drawn.
   *
   * @param begin first cell of the window
   * @param end after its last cell
   */
  static Together of(Residuals first, Residuals second, int begin, int end, int farthest) {
    int lag = 0;
    double most = -1;
    for (int i = 0; i <= 2 * farthest; i++) {
      int tried = i % 2 == 0 ? i / 2 : -(i + 1) / 2; // 0, -1, 1, -2, …
      double sum = Math.abs(product(first, second, begin, end, tried));
      if (sum > most + 1e-12) {
        most = sum;
        lag = tried;
      }
    }
    double own = product(first, first, begin, end, 0);
    double other = power(second, begin + lag, end + lag);
    double correlation =
        own > 0 && other > 0 ? product(first, second, begin, end, lag) / Math.sqrt(own * other) : 0;
    return new Together(
        lag, correlation, most <= 0 ? 1 : chance(first, second, begin, end, farthest, most));
  }

  private static double chance(
      Residuals first, Residuals second, int begin, int end, int farthest, double most) {
    int width = 2 * farthest + 1;
    int apart = end - begin + width;
    int blocks = 0;
    int asMuch = 0;
    for (int shift = -begin + farthest;
        shift + end + farthest <= second.z().length;
        shift += width) {
      if (Math.abs(shift) >= apart) {
        blocks++;
        double best = 0;
        for (int lag = -farthest; lag <= farthest; lag++) {
          best = Math.max(best, Math.abs(product(first, second, begin, end, shift + lag)));
        }
        asMuch += best >= most ? 1 : 0;
      }
    }
    return (1.0 + asMuch) / (1 + blocks);
  }

  private static double product(Residuals first, Residuals second, int begin, int end, int shift) {
    double sum = 0;
    for (int cell = begin; cell < end; cell++) {
      sum += first.at(cell) * second.at(cell + shift);
    }
    return sum;
  }

  private static double power(Residuals series, int begin, int end) {
    return product(series, series, begin, end, 0);
  }
}
