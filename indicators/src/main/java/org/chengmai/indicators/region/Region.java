package org.chengmai.indicators.region;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A place with a GB/T 2260 code, or a longer code below the county, while neither its code nor its
 * name nor its area changed. Refused (INVALID_DEFINITION) are a last day before the first one and
 * successors of a code that is still valid.
 *
 * @param parent the code of the place that holds it, null for the root
 * @param from first day on which the code is valid, null when it always was
 * @param to last day on which the code is valid, null while it is
 * @param successors what it became: one place (renamed, or merged when several name the same) or
 *     several (split); empty while it is valid, and where nobody knows
 * @param tile where the schematic map draws it, null when it does not
 */
public record Region(
    String code,
    Name name,
    Level level,
    @Nullable String parent,
    @Nullable LocalDate from,
    @Nullable LocalDate to,
    List<Successor> successors,
    @Nullable Tile tile) {

  /** From large to small. */
  public enum Level {
    PROVINCE,
    CITY,
    COUNTY,
    STREET,
    GRID
  }

  /** A name in Chinese and in English; where the English one is absent, the Chinese one is it. */
  public record Name(String zh, @Nullable String en) {
    @Override
    public String en() {
      return en == null ? zh : en;
    }
  }

  /** A cell of the schematic map, both from 0, from the left and from the top. */
  public record Tile(int column, int row) {}

  /**
   * What became of a place, or of a part of it.
   *
   * @param share of the former place's value that this one got, above 0 and at most 1; null when
   *     not known
   */
  public record Successor(String code, @Nullable Double share) {}

  public Region {
    successors = List.copyOf(successors);
    if (from != null && to != null && to.isBefore(from)) {
      throw refused("region %s ends on %s before it begins on %s", code, to, from);
    }
    if (!successors.isEmpty() && to == null) {
      throw refused("region %s has a successor and no last day: state to", code);
    }
    checkShares(code, successors);
  }

  private static void checkShares(String code, List<Successor> successors) {
    Set<String> codes = new HashSet<>();
    long stated = successors.stream().filter(s -> s.share() != null).count();
    double sum = 0;
    for (Successor successor : successors) {
      Double share = successor.share();
      if (!codes.add(successor.code())) {
        throw refused("region %s names its successor %s twice", code, successor.code());
      }
      if (share != null && !(share > 0)) {
        throw refused("share %s of %s in %s is not above 0", share, successor.code(), code);
      }
      sum += share == null ? 0 : share;
    }
    if (stated > 0 && (stated < successors.size() || Math.abs(sum - 1) > 1e-9)) {
      throw refused(
          "shares of the successors of %s add up to %s: state all of them, together 1, or none",
          code, sum);
    }
  }

  private static ChengmaiException refused(String message, Object... arguments) {
    return new ChengmaiException(ErrorCode.INVALID_DEFINITION, message.formatted(arguments));
  }

  public boolean isValidOn(LocalDate date) {
    return !beginsAfter(date) && !endsBefore(date);
  }

  boolean beginsAfter(LocalDate date) {
    return from != null && date.isBefore(from);
  }

  boolean endsBefore(LocalDate date) {
    return to != null && date.isAfter(to);
  }
}
