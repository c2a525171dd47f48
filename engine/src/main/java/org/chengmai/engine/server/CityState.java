package org.chengmai.engine.server;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows around the indicators.
 *
 * @param synthetic whether the data are simulated, which the page must say
 * @param now the city's clock, UTC
 * @param speed how fast that clock runs
 * @param progress of long work, null when there is none
 * @param notice something people must know, such as a gap after days off; null when there is none
 */
public record CityState(
    String code,
    Names name,
    boolean synthetic,
    List<District> districts,
    List<ServerLine> servers,
    boolean ready,
    Instant now,
    double speed,
    @Nullable Progress progress,
    @Nullable Names notice) {

  /** A name or sentence in both languages. */
  public record Names(String zh, String en) {}

  /** One tile of the schematic map. */
  public record District(String code, Names name, int column, int row) {}

  /** One server behind the engine. */
  public record ServerLine(String name, String state, String detail) {}

  /** How far long work is; {@code total} 0 when that is not known. */
  public record Progress(Names text, long done, long total) {}
}
