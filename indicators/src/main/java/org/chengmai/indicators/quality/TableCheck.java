package org.chengmai.indicators.quality;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.catalog.CatalogLibrary;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.TableRule;
import org.chengmai.indicators.catalog.TableRule.Kind;
import org.chengmai.indicators.yaml.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Judges the rows of one table by the rules of its contract, by SQL: one statement counts what
 * breaks the rules that look at one row, by day; another each for duplicates, constancy and digits;
 * and one for each broken rule finds the newest {@value #MOST_KEYS} keys. Immutable.
 */
public final class TableCheck {
  public static final int MOST_KEYS = 100;

  /** So many days tell favourite digits. */
  private static final int DIGIT_DAYS = 28;

  private static final int LEAST_DIGITS = 100;
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private final DataCatalogue.Entry entry;
  private final ZoneId zone;

  /**
   * @param zone whose days rows are counted by
   */
  public TableCheck(DataCatalogue.Entry entry, ZoneId zone) {
    this.entry = entry;
    this.zone = zone;
  }

  public DataCatalogue.Entry entry() {
    return entry;
  }

  /** What would be asked about one day, by the rule's id; for checking it without asking. */
  public Map<String, String> statements(LocalDate day) {
    Map<String, String> statements = new LinkedHashMap<>();
    for (TableRule rule : rules()) {
      statements.put(
          rule.id(),
          rule.check() == Kind.DIGITS
              ? digits(rule, day)
              : failing(broken(rule, new Days(day, day))));
    }
    return statements;
  }

  /** What is wrong with the SQL of a catalogue's rules. */
  public static List<Problem> problems(DataCatalogue catalogue, SqlChecker checker) {
    List<Problem> problems = new ArrayList<>();
    for (DataCatalogue.Entry entry : catalogue.entries()) {
      new TableCheck(entry, ZoneOffset.UTC)
          .statements(LocalDate.EPOCH)
          .forEach(
              (rule, sql) -> {
                try {
                  checker.check(sql);
                } catch (ChengmaiException e) {
                  problems.add(
                      new Problem(
                          entry.file(),
                          entry.line(),
                          "rule-sql",
                          entry.table().table() + ".rules",
                          "rule %s of %s is no SQL over its columns: %s"
                              .formatted(rule, entry.sqlName(), e.getMessage())));
                }
              });
    }
    return problems;
  }

  /** The days that are judged, both ends included. */
  private record Days(LocalDate from, LocalDate to) {}

  /**
   * Judges the rows of some days, both ends included; of a register those that are there now, which
   * count on the last day. Days without rows say nothing.
   *
   * @param sql runs a statement
   */
  public List<TableFinding> run(Function<String, Table> sql, LocalDate from, LocalDate to) {
    Days days = new Days(from, to);
    List<TableRule> ofRows = rules().stream().filter(rule -> breaks(rule) != null).toList();
    Map<LocalDate, long[]> counts = counts(sql.apply(counts(ofRows, days)), ofRows.size() + 1, to);
    List<TableFinding> findings = new ArrayList<>();
    for (TableRule rule : rules()) {
      if (rule.check() == Kind.DIGITS) {
        digits(rule, sql.apply(digits(rule, to)), to).ifPresent(findings::add);
        continue;
      }
      int index = ofRows.indexOf(rule);
      Map<LocalDate, long[]> failed =
          index >= 0 ? counts : counts(sql.apply(count(broken(rule, days))), 1, to);
      int column = Math.max(0, index + 1);
      boolean isBroken = failed.values().stream().anyMatch(day -> day[column] > 0);
      Map<LocalDate, List<Map<String, String>>> keys =
          isBroken ? keys(sql.apply(failing(broken(rule, days))), to) : Map.of();
      counts.forEach(
          (day, all) -> {
            long bad = failed.containsKey(day) ? failed.get(day)[column] : 0;
            findings.add(
                new TableFinding(
                    rule.id(),
                    day,
                    all[0],
                    bad,
                    (double) (all[0] - bad) / all[0],
                    rule.leastShare(),
                    rule.weighs(),
                    keys.getOrDefault(day, List.of())));
          });
    }
    return findings;
  }

  private List<TableRule> rules() {
    return entry.table().rules();
  }

  private String counts(List<TableRule> ofRows, Days days) {
    return "SELECT %s AS d, COUNT(*) AS n%s FROM %s WHERE %s%s"
        .formatted(
            day(days),
            IntStream.range(0, ofRows.size())
                .mapToObj(
                    i ->
                        ", SUM(CASE WHEN %s THEN 1 ELSE 0 END) AS f%d"
                            .formatted(breaks(ofRows.get(i)), i))
                .collect(Collectors.joining()),
            table(),
            within(days),
            entry.table().time() == null ? "" : " GROUP BY " + day(days));
  }

  private static String count(String broken) {
    return "SELECT d, SUM(extra) AS n FROM (%s) AS broken GROUP BY d".formatted(broken);
  }

  private String failing(String broken) {
    return "SELECT %s, d FROM (%s) AS broken ORDER BY d DESC, k0 LIMIT %d"
        .formatted(
            String.join(", ", IntStream.range(0, keys().size()).mapToObj(i -> "k" + i).toList()),
            broken,
            MOST_KEYS);
  }

  /** The rows that break a rule: their key, their day, and how many each line stands for. */
  private String broken(TableRule rule, Days days) {
    String keys =
        IntStream.range(0, keys().size())
            .mapToObj(i -> "%s AS k%d".formatted(name(keys().get(i)), i))
            .collect(Collectors.joining(", "));
    String breaks = breaks(rule);
    if (breaks != null) {
      return "SELECT %s, %s AS d, 1 AS extra FROM %s WHERE %s AND %s"
          .formatted(keys, day(days), table(), within(days), breaks);
    }
    if (rule.check() == Kind.DUPLICATES) {
      return "SELECT %s, MIN(%s) AS d, COUNT(*) - 1 AS extra FROM %s WHERE %s GROUP BY %s HAVING COUNT(*) > 1"
          .formatted(
              keys,
              day(days),
              table(),
              within(days),
              String.join(", ", keys().stream().map(TableCheck::name).toList()));
    }
    int rows = Objects.requireNonNull(rule.rows());
    long before = entry.table().cycle().multipliedBy(rows).toDays() + 1;
    String over =
        "OVER (%sORDER BY %s ROWS BETWEEN %d PRECEDING AND CURRENT ROW)"
            .formatted(
                rule.by().isEmpty()
                    ? ""
                    : "PARTITION BY "
                        + String.join(", ", rule.by().stream().map(TableCheck::name).toList())
                        + " ",
                name(Objects.requireNonNull(entry.table().time())),
                rows - 1);
    String value = name(Objects.requireNonNull(rule.column()));
    String first = fromDay(days.from());
    return "SELECT %s, d, 1 AS extra FROM (SELECT %s, %s AS d, MIN(%s) %s AS low, MAX(%s) %s AS high, COUNT(%s) %s AS equals FROM %s WHERE %s) AS runs WHERE equals = %d AND low = high AND low <> 0 AND d >= %s"
        .formatted(
            String.join(", ", IntStream.range(0, keys().size()).mapToObj(i -> "k" + i).toList()),
            keys,
            day(days),
            value,
            over,
            value,
            over,
            value,
            over,
            table(),
            within(new Days(days.from().minusDays(before), days.to())),
            rows,
            first);
  }

  /** The condition of rows that break a rule; null for rules that look at several rows. */
  private static @Nullable String breaks(TableRule rule) {
    String column = rule.column() == null ? "" : name(rule.column());
    return switch (rule.check()) {
      case COMPLETENESS -> "(%s IS NULL OR CAST(%s AS VARCHAR) = '')".formatted(column, column);
      case RANGE -> {
        List<String> outside = new ArrayList<>();
        if (rule.min() != null) {
          outside.add("%s < %s".formatted(column, rule.min()));
        }
        if (rule.max() != null) {
          outside.add("%s > %s".formatted(column, rule.max()));
        }
        yield "(" + String.join(" OR ", outside) + ")";
      }
      case VALUES ->
          "CAST(%s AS VARCHAR) NOT IN (%s)"
              .formatted(
                  column,
                  rule.values().stream()
                      .map(value -> "'" + value.replace("'", "''") + "'")
                      .collect(Collectors.joining(", ")));
      case CROSS -> "NOT (%s)".formatted(rule.condition());
      case CITIZEN_ID -> "NOT (%s)".formatted(CheckedNumber.CITIZEN.sql(column));
      case CREDIT_CODE -> "NOT (%s)".formatted(CheckedNumber.CREDIT.sql(column));
      case DUPLICATES, CONSTANCY, DIGITS -> null;
    };
  }

  private String digits(TableRule rule, LocalDate to) {
    String scaled =
        "%s * %d"
            .formatted(
                name(Objects.requireNonNull(rule.column())),
                (long) Math.pow(10, Objects.requireNonNull(rule.decimals())));
    return "SELECT digit, COUNT(*) AS n FROM (SELECT MOD(CAST(ROUND(ABS(%s)) AS BIGINT), 10) AS digit FROM %s WHERE %s AND ABS(%s) >= 10) AS ends GROUP BY digit"
        .formatted(scaled, table(), within(new Days(to.minusDays(DIGIT_DAYS - 1), to)), scaled);
  }

  private static Optional<TableFinding> digits(TableRule rule, Table found, LocalDate day) {
    int[] counts = new int[10];
    for (List<@Nullable Object> row : found.rows()) {
      if (row.get(0) != null) {
        counts[(int) number(row.get(0))] += (int) number(row.get(1));
      }
    }
    int rows = IntStream.of(counts).sum();
    if (rows < LEAST_DIGITS) {
      return Optional.empty();
    }
    double chance = Digits.probability(counts);
    return Optional.of(
        new TableFinding(
            rule.id(),
            day,
            rows,
            chance >= rule.leastShare() ? 0 : rows,
            chance,
            rule.leastShare(),
            rule.weighs(),
            List.of()));
  }

  private List<String> keys() {
    return entry.table().key();
  }

  private String table() {
    return name(entry.library().library()) + "." + name(entry.table().table());
  }

  private boolean isDate() {
    String time = entry.table().time();
    return time != null
        && entry.column(time).map(CatalogLibrary.Column::type).orElse("").equals("date");
  }

  /** The day of a row: a date, or the timestamp at which it begins. */
  private String day(Days days) {
    String time = entry.table().time();
    return time == null
        ? "DATE '%s'".formatted(days.to())
        : isDate() ? name(time) : "TIME_FLOOR(%s, 'P1D', '%s')".formatted(name(time), zone);
  }

  private String fromDay(LocalDate day) {
    return isDate()
        ? "DATE '%s'".formatted(day)
        : "TIMESTAMP '%s'".formatted(TIMESTAMP.format(day.atStartOfDay(zone)));
  }

  private String within(Days days) {
    String time = entry.table().time();
    return time == null
        ? "TRUE"
        : "%s >= %s AND %s < %s"
            .formatted(
                name(time), fromDay(days.from()), name(time), fromDay(days.to().plusDays(1)));
  }

  private static String name(String column) {
    return "\"" + column + "\"";
  }

  /** The numbers of each day: the columns after the first, which is the day. */
  private Map<LocalDate, long[]> counts(Table table, int columns, LocalDate last) {
    Map<LocalDate, long[]> counts = new TreeMap<>();
    for (List<@Nullable Object> row : table.rows()) {
      long[] numbers =
          IntStream.rangeClosed(1, columns).mapToLong(i -> number(row.get(i))).toArray();
      if (numbers[0] > 0) {
        counts.put(date(row.get(0), last), numbers);
      }
    }
    return counts;
  }

  private Map<LocalDate, List<Map<String, String>>> keys(Table table, LocalDate last) {
    Map<LocalDate, List<Map<String, String>>> keys = new HashMap<>();
    for (List<@Nullable Object> row : table.rows()) {
      Map<String, String> key = new LinkedHashMap<>();
      for (int i = 0; i < keys().size(); i++) {
        key.put(keys().get(i), String.valueOf(row.get(i)));
      }
      keys.computeIfAbsent(date(row.get(keys().size()), last), day -> new ArrayList<>()).add(key);
    }
    return keys;
  }

  private LocalDate date(@Nullable Object value, LocalDate last) {
    return value instanceof LocalDate date
        ? date
        : value instanceof Instant time ? time.atZone(zone).toLocalDate() : last;
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }
}
