package org.chengmai.dashboards;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Where a panel lies on a board of 24 columns: left and top edge, width and height in cells. */
public record Place(int x, int y, int width, int height) {
  public static final int COLUMNS = 24;

  public Place {
    if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > COLUMNS) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL,
          "a panel at x %d, y %d, %d wide and %d high does not lie in %d columns"
              .formatted(x, y, width, height, COLUMNS));
    }
  }

  boolean overlaps(Place other) {
    return x < other.x + other.width
        && other.x < x + width
        && y < other.y + other.height
        && other.y < y + height;
  }
}
