package org.chengmai.dashboards.live;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;

/**
 * The newest point of each series and the tick at which it changed. A client remembers one tick
 * only: whatever it missed while its queue was full is found here, once per series. Used on the
 * hub's context only.
 */
final class NewestPoints {
  /** Keeps a frame near 64 kB. */
  private static final int POINTS_PER_FRAME = 200;

  private final Map<SeriesKey, Changed> newest = new LinkedHashMap<>();
  private final Map<Long, List<Frame>> framesOfTick = new LinkedHashMap<>();
  private long tick;
  private boolean dirty;

  /** Takes a point unless a newer period, or a newer revision of the same, is here. */
  void add(IndicatorPoint point) {
    Changed known = newest.get(point.key());
    if (known != null && !point.isNewerThan(known.point)) {
      return;
    }
    newest.put(point.key(), new Changed(point, tick + 1));
    dirty = true;
  }

  /** Starts a new tick if anything changed since the last. */
  boolean advance() {
    if (!dirty) {
      return false;
    }
    dirty = false;
    tick++;
    framesOfTick.clear();
    return true;
  }

  long tick() {
    return tick;
  }

  /** What changed after {@code since}; made once for all clients that stand at the same tick. */
  List<Frame> since(long since) {
    if (since >= tick) {
      return List.of();
    }
    return framesOfTick.computeIfAbsent(since, this::framesSince);
  }

  private List<Frame> framesSince(long since) {
    List<Frame> frames = new ArrayList<>();
    List<IndicatorPoint> points = new ArrayList<>();
    for (Changed changed : newest.values()) {
      if (changed.tick > since && changed.tick <= tick) {
        points.add(changed.point);
        if (points.size() == POINTS_PER_FRAME) {
          frames.add(Frame.of(new PointsMessage("points", points)));
          points = new ArrayList<>();
        }
      }
    }
    if (!points.isEmpty()) {
      frames.add(Frame.of(new PointsMessage("points", points)));
    }
    return frames;
  }

  private record Changed(IndicatorPoint point, long tick) {}

  private record PointsMessage(String type, List<IndicatorPoint> points) {}
}
