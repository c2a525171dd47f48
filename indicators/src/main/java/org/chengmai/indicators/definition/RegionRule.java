package org.chengmai.indicators.definition;

import java.util.List;
import org.chengmai.indicators.region.Region;

/**
 * Which regions have a value. The last of {@code levels} is the level of the source's rows; {@code
 * only} restricts them to some codes. With {@code asof} a code counts as it was on the period's
 * day.
 */
public record RegionRule(
    String scheme, boolean asof, List<Region.Level> levels, List<String> only) {
  static RegionRule defaults() {
    return new RegionRule(
        "GBT2260", true, List.of(Region.Level.CITY, Region.Level.COUNTY), List.of());
  }

  public Region.Level base() {
    return levels.get(levels.size() - 1);
  }
}
