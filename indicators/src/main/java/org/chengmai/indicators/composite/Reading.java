package org.chengmai.indicators.composite;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;
import org.jspecify.annotations.Nullable;

/**
 * What one input of an index is in one period.
 *
 * @param score 0 (worst) to 100 (best), null when missing
 * @param grade the input's own warning, null when there is none
 */
public record Reading(@Nullable Double score, @Nullable Grade grade) {
  public Reading {
    if (score != null && !(score >= 0 && score <= 100)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "score %s is not from 0 to 100; normalise first".formatted(score));
    }
  }

  public static Reading of(double score) {
    return new Reading(score, null);
  }
}
