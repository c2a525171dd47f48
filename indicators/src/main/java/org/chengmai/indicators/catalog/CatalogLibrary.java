package org.chengmai.indicators.catalog;

import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAmount;
import java.util.List;
import org.chengmai.indicators.yaml.Key;
import org.chengmai.indicators.yaml.Matches;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of one library promises, as its YAML file states it. Immutable.
 *
 * @param library the schema's name in SQL
 * @param owner the department
 * @param synthetic whether the data are made up
 * @param tables tables, or views that definitions read like tables
 */
public record CatalogLibrary(
    @Key("apiVersion") String apiVersion,
    String kind,
    @Matches(value = NAME, says = "a name of SQL") String library,
    Name name,
    String owner,
    boolean synthetic,
    List<Table> tables) {
  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
  private static final String TYPE =
      "bigint|integer|smallint|double|decimal\\(\\d+, ?\\d+\\)|varchar|boolean|date|timestamp";

  /** A name for people. */
  public record Name(String zh, String en) {}

  /**
   * A table.
   *
   * @param code its code in the city's catalogue, unique over all libraries
   * @param updateCycle how often the source brings rows
   * @param history how much past it holds
   * @param updatedAt the column that says when a row was written or last changed (timestamp, UTC)
   * @param key columns that tell one row from another
   * @param time column that says on which day a row's quality counts, a date or a timestamp in UTC;
   *     null for a register, whose rows count on the day on which they are looked at
   * @param rules what the rows keep
   */
  public record Table(
      @Matches(value = NAME, says = "a name of SQL") String table,
      @Matches(value = "\\d+", says = "a catalogue code, which has digits only") String code,
      Name name,
      TemporalAmount updateCycle,
      TemporalAmount history,
      @Nullable String updatedAt,
      List<Column> columns,
      List<String> key,
      @Nullable String time,
      List<TableRule> rules) {
    // a month from here has 30 days, a year 365
    private static final LocalDate SOME_DAY = LocalDate.of(2001, 4, 1);

    public Table {
      if (typical(updateCycle).compareTo(Duration.ZERO) <= 0) {
        throw new IllegalArgumentException(
            "update_cycle is not above zero; write such as PT5M or P1D");
      }
      if (typical(history).compareTo(Duration.ZERO) <= 0) {
        throw new IllegalArgumentException("history is not above zero; write such as P25M");
      }
    }

    /** The typical length of the update cycle: 30 days for a month, 365 for a year. */
    public Duration cycle() {
      return typical(updateCycle);
    }

    /** The typical length of the history. */
    public Duration past() {
      return typical(history);
    }

    private static Duration typical(TemporalAmount amount) {
      return amount instanceof Period period
          ? Duration.ofDays(SOME_DAY.until(SOME_DAY.plus(period), ChronoUnit.DAYS))
          : Duration.from(amount);
    }
  }

  /**
   * A column.
   *
   * @param type bigint, integer, smallint, double, decimal(p,s), varchar, boolean, date or
   *     timestamp (UTC)
   */
  public record Column(
      @Matches(value = NAME, says = "a name of SQL") String name,
      @Matches(
              value = TYPE,
              says =
                  "one of bigint, integer, smallint, double, decimal(p,s), varchar, boolean, date, timestamp")
          String type,
      @Nullable String unit) {}
}
