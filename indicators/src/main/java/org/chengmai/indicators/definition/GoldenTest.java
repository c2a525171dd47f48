package org.chengmai.indicators.definition;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.region.Regions;
import org.jspecify.annotations.Nullable;

/**
 * Golden rows of a definition: rows of its {@code from} table as CSV, and the value that they must
 * give. The SQL of {@link #sql} holds the rows as {@code VALUES}, so any engine of the product runs
 * it without tables.
 *
 * @param given CSV with a header; times are ISO 8601 with offset, a quoted or code-like cell is a
 *     text, an empty cell is null
 * @param asof the value is that of the last period closed by then (of the period that holds it, for
 *     a snapshot)
 */
public record GoldenTest(String given, String asof, Expect expect) {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  /** What has to come out; an absent {@code v} asks for a missing value. */
  public record Expect(
      String region,
      Map<String, String> dimensions,
      @Nullable Double v,
      @Nullable Long n,
      @Nullable Trust trust) {}

  /** Start of the period that is looked at. */
  public Instant periodStart(IndicatorDefinition definition) {
    Instant at = OffsetDateTime.parse(asof).toInstant();
    Instant holding = definition.grain().floor(at, definition.period().zone());
    return definition.definition().type() == IndicatorDefinition.Type.SNAPSHOT
        ? holding
        : definition.grain().previous(holding, definition.period().zone());
  }

  /** The definition's SQL over the given rows. */
  public String sql(IndicatorDefinition definition, Regions regions) {
    Instant start = periodStart(definition);
    return IndicatorGroup.of(definition, regions)
        .sqlFrom(
            values(definition), start, definition.grain().end(start, definition.period().zone()));
  }

  /** Compares what the SQL returned; empty when it is what was expected, else what differs. */
  public Optional<String> failure(IndicatorDefinition definition, Regions regions, Table result) {
    Instant start = periodStart(definition);
    SeriesKey key =
        new SeriesKey(definition.code(), expect.region(), new TreeMap<>(expect.dimensions()));
    List<Computed> all =
        IndicatorGroup.of(definition, regions)
            .read(result, start, definition.grain().end(start, definition.period().zone()));
    Optional<Computed> found =
        all.stream().filter(c -> c.key().equals(key) && c.periodStart().equals(start)).findFirst();
    if (found.isEmpty()) {
      return Optional.of("no value of %s at %s".formatted(key, start));
    }
    return failure(found.get());
  }

  /**
   * Computes a composite from the given values; empty when it is what was expected, else what
   * differs. The rows are {@code code,region,value}; further columns are readings, named as
   * measures.
   */
  Optional<String> failure(IndicatorIndex index) {
    List<List<String>> rows = lines().stream().map(GoldenTest::cells).toList();
    List<String> header = rows.get(0);
    Instant start = periodStart(index.definition());
    Map<String, IndicatorPoint> points = new HashMap<>();
    for (List<String> row : rows.subList(1, rows.size())) {
      Map<String, String> cells = new HashMap<>();
      Map<String, Double> readings = new HashMap<>();
      for (int i = 0; i < header.size(); i++) {
        cells.put(header.get(i), row.get(i));
        if (i > 2 && !row.get(i).isEmpty()) {
          readings.put(header.get(i), Double.valueOf(row.get(i)));
        }
      }
      String value = cells.getOrDefault("value", "");
      if (expect.region().equals(cells.get("region"))) {
        String code = cells.getOrDefault("code", "");
        points.put(
            code,
            new IndicatorPoint(
                SeriesKey.of(code, expect.region()),
                1,
                start,
                index.definition().grain(),
                value.isEmpty() ? null : Double.valueOf(value),
                null,
                null,
                1,
                null,
                readings,
                Trust.COMPLETE,
                1,
                start,
                ""));
      }
    }
    return failure(index.compute(expect.region(), start, points));
  }

  private Optional<String> failure(Computed computed) {
    List<String> differences = new ArrayList<>();
    differ(differences, "v", expect.v(), computed.value());
    if (expect.n() != null) {
      differ(differences, "n", expect.n(), computed.n());
    }
    if (expect.trust() != null) {
      differ(differences, "trust", expect.trust(), computed.trust());
    }
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s at %s: %s"
                .formatted(computed.key(), computed.periodStart(), String.join(", ", differences)));
  }

  private static void differ(
      List<String> differences, String what, @Nullable Object expected, @Nullable Object actual) {
    if (!Objects.equals(expected, actual)) {
      differences.add("%s is %s, expected %s".formatted(what, actual, expected));
    }
  }

  /** What is wrong with the form of this test, before any SQL is run. */
  List<String> problems(Regions regions) {
    List<String> problems = new ArrayList<>();
    List<String> lines = lines();
    if (lines.size() < 2) {
      problems.add("given: rows inside the file as CSV, a header and at least one row");
    } else {
      int columns = cells(lines.get(0)).size();
      for (int i = 1; i < lines.size(); i++) {
        if (cells(lines.get(i)).size() != columns) {
          problems.add(
              "given: row %d has %d cells, the header %d"
                  .formatted(i, cells(lines.get(i)).size(), columns));
        }
      }
    }
    LocalDate date = LocalDate.MAX;
    try {
      date = OffsetDateTime.parse(asof).toLocalDate();
    } catch (DateTimeException e) {
      problems.add(
          "asof: '%s' is not a time with offset such as 2026-01-05T12:00+08:00".formatted(asof));
    }
    if (!regions.isValid(expect.region(), date)) {
      problems.add("expect.region: region code %s is not valid then".formatted(expect.region()));
    }
    return problems;
  }

  private List<String> lines() {
    return given.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
  }

  /** {@code (VALUES (…), (…)) AS given(column, …)}. */
  String values(IndicatorDefinition definition) {
    List<List<String>> rows = lines().stream().map(GoldenTest::cells).toList();
    List<String> header = rows.get(0);
    List<Kind> kinds = new ArrayList<>();
    for (int column = 0; column < header.size(); column++) {
      int index = column;
      List<String> cells =
          rows.stream().skip(1).map(r -> r.get(index)).filter(c -> !c.isEmpty()).toList();
      String name = header.get(column);
      boolean isText =
          name.equals(definition.definition().regionColumn())
              || definition.dimensions().contains(name)
              || name.equals("id")
              || name.equals("district");
      kinds.add(isText ? Kind.TEXT : Kind.of(cells));
    }
    String body =
        rows.stream()
            .skip(1)
            .map(row -> literals(row, kinds))
            .collect(Collectors.joining(", ", "(VALUES ", ")"));
    return body
        + header.stream()
            .map(name -> '"' + name + '"')
            .collect(Collectors.joining(", ", " AS given(", ")"));
  }

  private static String literals(List<String> row, List<Kind> kinds) {
    List<String> literals = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      literals.add(kinds.get(i).literal(row.get(i)));
    }
    return "(" + String.join(", ", literals) + ")";
  }

  private enum Kind {
    TIMESTAMP("TIMESTAMP"),
    DATE("DATE"),
    NUMBER("DOUBLE"),
    TEXT("VARCHAR");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    static Kind of(List<String> cells) {
      if (!cells.isEmpty()
          && cells.stream().allMatch(c -> GoldenTest.NUMBER.matcher(c).matches())) {
        return NUMBER;
      }
      if (!cells.isEmpty() && cells.stream().allMatch(c -> c.matches("\\d{4}-\\d\\d-\\d\\dT.*"))) {
        return TIMESTAMP;
      }
      return !cells.isEmpty() && cells.stream().allMatch(c -> c.matches("\\d{4}-\\d\\d-\\d\\d"))
          ? DATE
          : TEXT;
    }

    String literal(String cell) {
      if (cell.isEmpty()) {
        return "CAST(NULL AS " + type + ")";
      }
      return switch (this) {
        case TIMESTAMP -> IndicatorGroup.timestamp(OffsetDateTime.parse(cell).toInstant());
        case DATE -> "DATE '" + LocalDate.parse(cell) + "'";
        case NUMBER -> "CAST(" + cell + " AS DOUBLE)";
        case TEXT -> "'" + cell.replace("'", "''") + "'";
      };
    }
  }
}
