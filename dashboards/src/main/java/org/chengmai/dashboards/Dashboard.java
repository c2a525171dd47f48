package org.chengmai.dashboards;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * A board of panels that do not overlap, each with an id of its own.
 *
 * @param uid stable name, 1 to 40 of {@code A-Z a-z 0-9 _ -}
 * @param tags words to find it by
 * @param window how far back it looks when opened
 * @param refresh how often it asks again
 * @param regions the places that the reader can choose, the first one first
 */
public record Dashboard(
    String uid,
    Label title,
    List<String> tags,
    Duration window,
    Duration refresh,
    List<BoardRegion> regions,
    List<Panel> panels) {
  private static final Pattern UID = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  public Dashboard {
    tags = List.copyOf(tags);
    regions = List.copyOf(regions);
    panels = List.copyOf(panels);
    if (!UID.matcher(uid).matches()) {
      throw refused(uid, "a uid is 1 to 40 of A-Z a-z 0-9 _ -");
    }
    if (regions.isEmpty()) {
      throw refused(uid, "there is no region to look at");
    }
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < panels.size(); i++) {
      Panel panel = panels.get(i);
      if (panel.id() < 1 || !ids.add(panel.id())) {
        throw refused(uid, "panel id %d is not positive or taken twice".formatted(panel.id()));
      }
      for (Panel other : panels.subList(0, i)) {
        if (panel.place().overlaps(other.place())) {
          throw refused(uid, "panels %d and %d overlap".formatted(other.id(), panel.id()));
        }
      }
    }
  }

  private static ChengmaiException refused(String uid, String why) {
    return new ChengmaiException(
        ErrorCode.INVALID_DEFINITION, "dashboard '%s': %s".formatted(uid, why));
  }
}
