package org.chengmai.connectors.feed;

import org.chengmai.indicators.Series;
import org.jspecify.annotations.Nullable;

/** Finds a registered series by its id; called for every row, from several threads. */
public interface SeriesLookup {
  @Nullable Series find(String id);
}
