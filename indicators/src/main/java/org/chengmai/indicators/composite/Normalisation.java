package org.chengmai.indicators.composite;

/** Turns an input's values into scores from 0 (worst) to 100 (best). Immutable. */
public sealed interface Normalisation permits Piecewise, ByReference {

  /** The score of a finite value. */
  double score(double value);
}
