package org.chengmai.models.incidents;

import org.chengmai.indicators.SeriesKey;

/** Which series is computed from which, by the tree of indicators and of regions. */
@FunctionalInterface
public interface Kinship {
  /**
   * Whether a change of {@code part} changes {@code whole}: it is an input of it in the same region
   * or in one that lies in it, or the same indicator of a region that lies in it.
   */
  boolean isPartOf(SeriesKey part, SeriesKey whole);
}
