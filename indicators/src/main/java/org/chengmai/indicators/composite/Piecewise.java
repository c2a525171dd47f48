package org.chengmai.indicators.composite;

import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Scores read off a line through given points: between two points interpolated, beyond the ends the
 * score of the end. The points speak of the value itself and state the score outright, so nothing
 * is reversed. Put the warning line of the input at 60, and 60 means the same in every input.
 *
 * @param sense what the points are checked against: with {@code HIGHER_BETTER} no score falls, with
 *     {@code LOWER_BETTER} none rises, with {@code TARGET_RANGE} none rises after one fell
 * @param points two or more, values strictly rising
 */
public record Piecewise(Direction.Sense sense, List<Point> points) implements Normalisation {

  /** A value and its score, 0 to 100. */
  public record Point(double value, double score) {}

  public Piecewise {
    points = List.copyOf(points);
    if (points.size() < 2) {
      throw refused("needs two points or more, has " + points.size());
    }
    boolean fell = false;
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      if (!Double.isFinite(point.value()) || !(point.score() >= 0 && point.score() <= 100)) {
        throw refused("%s is not a finite value with a score from 0 to 100".formatted(point));
      }
      if (i == 0) {
        continue;
      }
      Point before = points.get(i - 1);
      if (!(before.value() < point.value())) {
        throw refused("%s must have a greater value than %s".formatted(point, before));
      }
      boolean rises = point.score() > before.score();
      fell |= point.score() < before.score();
      if (sense == Direction.Sense.LOWER_BETTER ? rises : rises && fell) {
        throw refused("the score rises at %s, against %s".formatted(point, sense));
      }
      if (sense == Direction.Sense.HIGHER_BETTER && fell) {
        throw refused("the score falls at %s, against %s".formatted(point, sense));
      }
    }
  }

  @Override
  public double score(double value) {
    Scores.requireFinite(value);
    Point left = points.get(0);
    if (value <= left.value()) {
      return left.score();
    }
    for (Point right : points) {
      if (value <= right.value()) {
        double way = (value - left.value()) / (right.value() - left.value());
        return way < 1
            ? Scores.clamp(left.score() + way * (right.score() - left.score()))
            : right.score();
      }
      left = right;
    }
    return left.score();
  }

  private static ChengmaiException refused(String problem) {
    return new ChengmaiException(ErrorCode.INVALID_DEFINITION, "normalise.points: " + problem);
  }
}
