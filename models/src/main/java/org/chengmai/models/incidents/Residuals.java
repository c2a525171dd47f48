package org.chengmai.models.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * How far a series was off what was expected of it, in standard deviations, on a grid of time that
 * all series of a search share.
 *
 * @param from start of the first cell
 * @param step length of a cell
 * @param z by cell, NaN where unknown
 */
public record Residuals(Instant from, Duration step, double[] z) {
  /** What is farther off counts as this far: one wild value must not outweigh a whole course. */
  private static final double MOST = 8;

  /** The cell that holds an instant; may lie outside. */
  public int cell(Instant at) {
    return (int) Math.floorDiv(Duration.between(from, at).toMillis(), step.toMillis());
  }

  public Instant time(int cell) {
    return from.plus(step.multipliedBy(cell));
  }

  /** Clipped; 0 where unknown or outside. */
  double at(int cell) {
    return cell < 0 || cell >= z.length || Double.isNaN(z[cell])
        ? 0
        : Math.max(-MOST, Math.min(MOST, z[cell]));
  }

  /** From one cell to another, exclusive. */
  Residuals part(int first, int end) {
    int a = Math.max(0, first);
    int b = Math.min(z.length, Math.max(a, end));
    return new Residuals(time(a), step, Arrays.copyOfRange(z, a, b));
  }
}
