package org.chengmai.indicators.composite;

/**
 * Scores by where a value stands in a frozen reference. Of inputs whose smaller values, or smaller
 * distances to the band, are better, the score is counted from the other end.
 */
public record ByReference(Method method, Reference reference) implements Normalisation {

  /** How the place in the reference becomes a score. */
  public enum Method {
    /** 0 at the reference's least, 100 at its greatest value, clamped beyond. */
    MIN_MAX,
    /** 50 at the mean, 50/3 points for each standard deviation, clamped at three of them. */
    Z_SCORE,
    /** The share of the reference that lies below, in per cent. */
    ECDF
  }

  @Override
  public double score(double value) {
    Scores.requireFinite(value);
    double measure = reference.direction().measure(value);
    double score = Scores.clamp(place(measure));
    return reference.direction().reversed() ? 100 - score : score;
  }

  private double place(double measure) {
    return switch (method) {
      case MIN_MAX -> 100 * (measure - reference.min()) / (reference.max() - reference.min());
      case Z_SCORE -> 50 + 50.0 / 3 * (measure - reference.mean()) / reference.deviation();
      case ECDF -> 100 * reference.shareBelow(measure);
    };
  }
}
