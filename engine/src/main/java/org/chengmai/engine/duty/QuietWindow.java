package org.chengmai.engine.duty;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.chengmai.indicators.Suppression;
import org.jspecify.annotations.Nullable;

/**
 * A time of works or of an exercise. Immutable.
 *
 * @param id ULID
 * @param from its beginning, UTC
 * @param to its planned end, excluded, UTC
 * @param codes the indicators that it is about; empty for all
 * @param regions the regions that it is about, each with those within it; empty for all
 * @param reason in the words of who wrote it down
 * @param endedBy who ended it before its planned end; null when nobody did, as of the two below
 */
public record QuietWindow(
    String id,
    Suppression.Kind kind,
    Instant from,
    Instant to,
    List<String> codes,
    List<String> regions,
    String reason,
    String createdBy,
    Instant createdAt,
    @Nullable String endedBy,
    @Nullable Instant endedAt,
    @Nullable String endNote) {
  public QuietWindow {
    codes = List.copyOf(codes);
    regions = List.copyOf(regions);
  }

  /** When it is really over; not after its beginning where it was ended before. */
  @JsonIgnore
  Instant end() {
    return endedAt != null && endedAt.isBefore(to) ? endedAt : to;
  }

  /**
   * Whether it is about a period of an indicator somewhere.
   *
   * @param places the region and those that hold it
   * @param start of the period
   * @param after its end, excluded
   */
  boolean covers(String code, Collection<String> places, Instant start, Instant after) {
    return (codes.isEmpty() || codes.contains(code))
        && (regions.isEmpty() || regions.stream().anyMatch(places::contains))
        && from.isBefore(end())
        && from.isBefore(after)
        && start.isBefore(end());
  }
}
