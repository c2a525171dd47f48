package org.chengmai.indicators.region;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Regions as a file lists them, the larger before the smaller. What states no first or no last day
 * has that of what holds it. Not thread-safe.
 */
final class Outline {
  /** From the first to the last day on which a code is valid. */
  private record Span(@Nullable LocalDate from, @Nullable LocalDate to) {
    Span with(Span other) {
      LocalDate first =
          from == null || other.from == null ? null : from.isBefore(other.from) ? from : other.from;
      LocalDate last = to == null || other.to == null ? null : to.isAfter(other.to) ? to : other.to;
      return new Span(first, last);
    }
  }

  private final List<Region> regions = new ArrayList<>();
  private final Map<String, Span> spans = new HashMap<>();

  void add(Region stated) {
    String parent = stated.parent();
    Span holder = parent == null ? null : spans.get(parent);
    Region region =
        holder == null
            ? stated
            : new Region(
                stated.code(),
                stated.name(),
                stated.level(),
                parent,
                stated.from() == null ? holder.from() : stated.from(),
                stated.to() == null ? holder.to() : stated.to(),
                stated.successors(),
                stated.tile());
    regions.add(region);
    spans.merge(region.code(), new Span(region.from(), region.to()), Span::with);
  }

  boolean contains(String code) {
    return spans.containsKey(code);
  }

  Regions regions() {
    return new Regions(regions);
  }
}
