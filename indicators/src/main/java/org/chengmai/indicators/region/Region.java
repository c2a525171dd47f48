package org.chengmai.indicators.region;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A place with a GB/T 2260 code, or a longer code below the county.
 *
 * @param parent the code of the place that holds it, null for the root
 * @param from first day on which the code is valid, null when it always was
 * @param to last day on which the code is valid, null while it is
 * @param successor the code that replaced it, null while it is valid
 * @param tile where the schematic map draws it, null when it does not
 */
public record Region(
    String code,
    Name name,
    Level level,
    @Nullable String parent,
    @Nullable LocalDate from,
    @Nullable LocalDate to,
    @Nullable String successor,
    @Nullable Tile tile) {

  /** From large to small. */
  public enum Level {
    PROVINCE,
    CITY,
    COUNTY,
    STREET,
    GRID
  }

  /** A name in Chinese and in English. */
  public record Name(String zh, String en) {}

  /** A cell of the schematic map, both from 0, from the left and from the top. */
  public record Tile(int column, int row) {}

  public boolean isValidOn(LocalDate date) {
    return (from == null || !date.isBefore(from)) && (to == null || !date.isAfter(to));
  }
}
