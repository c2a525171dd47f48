package org.chengmai.engine.sql;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Tables for random queries: small, with nulls, duplicates, zeros, negative numbers, Chinese text
 * of up to four bytes a character and times on both sides of a local midnight.
 */
final class RandomTables {
  /** What a column or an expression holds. */
  enum Kind {
    INT("integer"),
    DECIMAL("numeric(15, 2)"),
    DOUBLE("double precision"),
    TEXT("varchar(40)"),
    BOOLEAN("boolean"),
    DATE("date"),
    TIME("timestamp(3)");

    final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  record Column(String name, Kind kind) {}

  /**
   * One table.
   *
   * @param name with its library
   */
  record Data(String name, List<Column> columns, List<List<@Nullable Object>> rows) {
    String library() {
      return name.substring(0, name.indexOf('.'));
    }

    String table() {
      return name.substring(name.indexOf('.') + 1);
    }
  }

  /** Characters from U+E000 to U+FFFF are left out: Java orders them after those of four bytes. */
  private static final List<String> REGIONS =
      List.of("城东区", "城西区", "㐂站", "𠮷野", "O'Neil", "abc", "ABC", "aBc", "a_b%", "x\\y");

  private static final List<String> KINDS = List.of("水", "电", "气", "Gas", "gas", "𠮷");

  private static final Column ID = new Column("id", Kind.INT);
  private static final Column REGION = new Column("region", Kind.TEXT);
  private static final Column KIND = new Column("kind", Kind.TEXT);
  private static final Column QTY = new Column("qty", Kind.INT);
  private static final Column AMOUNT = new Column("amount", Kind.DECIMAL);
  private static final Column SCORE = new Column("score", Kind.DOUBLE);
  private static final Column FLAG = new Column("flag", Kind.BOOLEAN);
  private static final Column DAY = new Column("day", Kind.DATE);
  private static final Column TIME = new Column("ts", Kind.TIME);

  private final Random random = new Random(20260101);

  private RandomTables() {}

  /**
   * Two tables in each library: a wide and a narrow one.
   *
   * @param booleans the libraries whose tables have them
   */
  static List<Data> create(List<String> libraries, List<String> booleans) {
    RandomTables tables = new RandomTables();
    List<Data> all = new ArrayList<>();
    for (String library : libraries) {
      List<Column> wide = new ArrayList<>(List.of(ID, REGION, KIND, QTY, AMOUNT, SCORE, DAY, TIME));
      if (booleans.contains(library)) {
        wide.add(FLAG);
      }
      all.add(tables.table(library + ".events", wide, 28 + 5 * all.size()));
      all.add(tables.table(library + ".regions", List.of(ID, REGION, QTY, AMOUNT, DAY), 11));
    }
    return all;
  }

  private Data table(String name, List<Column> columns, int count) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (Column column : columns) {
        row.add(column == ID ? id : random.nextInt(8) == 0 ? null : value(column));
      }
      rows.add(row);
    }
    return new Data(name, List.copyOf(columns), rows);
  }

  private Object value(Column column) {
    return switch (column.kind()) {
      case INT -> random.nextInt(15) - 5;
      case DECIMAL ->
          random.nextInt(6) == 0
              ? new BigDecimal("1000000.25")
              : BigDecimal.valueOf(random.nextInt(60) * 25L - 500, 2);
      case DOUBLE -> (random.nextInt(40) - 12) / 2.0;
      case TEXT -> {
        List<String> texts = column == KIND ? KINDS : REGIONS;
        yield texts.get(random.nextInt(texts.size()));
      }
      case BOOLEAN -> random.nextBoolean();
      case DATE -> LocalDate.of(2025, 12, 29).plusDays(random.nextInt(70));
      // 16:00 UTC is midnight in Shanghai
      case TIME ->
          LocalDateTime.of(2025, 12, 31, 15, 0)
              .plusDays(random.nextInt(40))
              .plusSeconds(random.nextInt(36_000) / 900 * 900)
              .plusNanos(random.nextInt(2) * 500_000_000L);
    };
  }

  /** Values as a list of rows in SQL. */
  static String values(Data data) {
    StringJoiner rows = new StringJoiner(",\n");
    for (List<@Nullable Object> row : data.rows()) {
      StringJoiner values = new StringJoiner(", ", "(", ")");
      for (Object value : row) {
        values.add(
            value == null
                ? "NULL"
                : value instanceof Number || value instanceof Boolean
                    ? value.toString()
                    : "'" + value.toString().replace("'", "''").replace("T", " ") + "'");
      }
      rows.add(values.toString());
    }
    return rows.toString();
  }

  /** A CSV file with a header line. */
  static String csv(Data data) {
    StringBuilder text = new StringBuilder();
    text.append(String.join(",", data.columns().stream().map(Column::name).toList())).append('\n');
    for (List<@Nullable Object> row : data.rows()) {
      StringJoiner values = new StringJoiner(",", "", "\n");
      for (Object value : row) {
        values.add(value == null ? "" : value.toString().replace("T", " "));
      }
      text.append(values);
    }
    return text.toString();
  }
}
