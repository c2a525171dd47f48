package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.chengmai.engine.sql.RandomTables.Data;
import org.chengmai.engine.sql.RandomTables.Kind;

/**
 * Random queries in the SQL that we and PostgreSQL have in common; the same seed makes the same
 * query. Used for one query.
 */
final class RandomQueries {
  /**
   * A query.
   *
   * @param isOrdered whether the order of its rows is defined
   */
  record Query(String sql, boolean isOrdered) {}

  /** Three-valued logic: a predicate is true, false or unknown for each row of a relation. */
  record Partition(String from, String predicate) {}

  private record Field(String sql, Kind kind) {}

  private record Relation(String sql, List<Field> fields) {}

  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final int DEPTH = 3;

  private final List<Data> tables;
  private final Random random;
  private int aliases;

  RandomQueries(List<Data> tables, long seed) {
    this.tables = tables;
    // neighbouring seeds begin alike
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    random.nextInt();
  }

  Query query() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> finished(select(outputKinds()));
      case 3, 4 -> finished(aggregate());
      case 5 -> finished(groupingSets());
      case 6, 7 -> finished(setOperation());
      case 8 -> finished(windows());
      case 9 -> finished(common());
      case 10 -> finished(overSubQuery());
      default -> finished(distinct());
    };
  }

  Partition partition() {
    Relation from = from();
    return new Partition(from.sql, predicate(from.fields, DEPTH));
  }

  /** A query without its order. */
  private record Body(String sql, int columns) {}

  private Query finished(Body body) {
    if (random.nextInt(3) != 0) {
      return new Query(body.sql, false);
    }
    List<String> keys = new ArrayList<>();
    for (int i = 1; i <= body.columns; i++) {
      keys.add(i + one("", " ASC", " DESC") + one("", "", " NULLS FIRST", " NULLS LAST"));
    }
    java.util.Collections.shuffle(keys, random);
    String sql = body.sql + "\nORDER BY " + String.join(", ", keys);
    if (random.nextBoolean()) {
      sql += "\nLIMIT " + (1 + random.nextInt(12));
      if (random.nextInt(3) == 0) {
        sql += " OFFSET " + random.nextInt(4);
      }
    }
    return new Query(sql, true);
  }

  private List<Kind> outputKinds() {
    List<Kind> kinds = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      kinds.add(one(KINDS));
    }
    return kinds;
  }

  private Body select(List<Kind> kinds) {
    Relation from = from();
    List<String> outputs = new ArrayList<>();
    for (Kind kind : kinds) {
      String output =
          random.nextInt(12) == 0 && kind == Kind.INT
              ? scalarSubQuery(from.fields)
              : expression(kind, from.fields, DEPTH - 1);
      outputs.add(output + " AS o" + outputs.size());
    }
    return new Body(
        "SELECT %s\nFROM %s%s".formatted(String.join(", ", outputs), from.sql, where(from)),
        kinds.size());
  }

  private Body distinct() {
    Body body = select(outputKinds());
    return new Body("SELECT DISTINCT" + body.sql.substring("SELECT".length()), body.columns);
  }

  private String where(Relation from) {
    if (random.nextInt(4) == 0) {
      return "";
    }
    List<String> conditions = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      conditions.add(
          random.nextInt(4) == 0
              ? subQueryPredicate(from.fields)
              : predicate(from.fields, DEPTH - 1));
    }
    return "\nWHERE " + String.join(" AND ", conditions);
  }

  private Body aggregate() {
    Relation from = from();
    List<String> keys = new ArrayList<>();
    List<Field> groups = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Field key = random.nextInt(3) == 0 ? keyExpression(from.fields) : one(from.fields);
      groups.add(key);
      keys.add(key.sql);
    }
    List<String> outputs = new ArrayList<>(keys);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      outputs.add(aggregate(from.fields));
    }
    List<String> named = new ArrayList<>();
    for (String output : outputs) {
      named.add(output + " AS o" + named.size());
    }
    String sql = "SELECT %s\nFROM %s%s".formatted(String.join(", ", named), from.sql, where(from));
    if (!keys.isEmpty()) {
      sql += "\nGROUP BY " + String.join(", ", keys);
    }
    if (random.nextInt(4) == 0) {
      sql += "\nHAVING " + having(from.fields);
    }
    return new Body(sql, named.size());
  }

  /** A key that is no constant: PostgreSQL takes an integer constant for a column's number. */
  private Field keyExpression(List<Field> fields) {
    Field field = one(fields);
    return switch (field.kind) {
      case INT -> new Field("MOD(%s, 3)".formatted(field.sql), Kind.INT);
      case TIME ->
          new Field(
              "TIME_FLOOR(%s, '%s', '%s')"
                  .formatted(
                      field.sql, one("PT1H", "P1D", "P1W", "P1M"), one("Asia/Shanghai", "UTC")),
              Kind.TIME);
      case DATE ->
          new Field(
              "CAST(EXTRACT(%s FROM %s) AS INTEGER)"
                  .formatted(one("YEAR", "MONTH", "QUARTER"), field.sql),
              Kind.INT);
      case TEXT -> new Field("UPPER(%s)".formatted(field.sql), Kind.TEXT);
      default -> new Field("COALESCE(%s, %s)".formatted(field.sql, field.sql), field.kind);
    };
  }

  private String having(List<Field> fields) {
    return switch (random.nextInt(3)) {
      case 0 -> "COUNT(*) > " + random.nextInt(4);
      case 1 -> "SUM(%s) > %d".formatted(expression(Kind.INT, fields, 0), random.nextInt(20));
      default -> "MIN(%s) IS NOT NULL".formatted(one(fields(fields, Kind.TEXT)));
    };
  }

  private String aggregate(List<Field> fields) {
    String filter =
        random.nextInt(5) == 0 ? " FILTER (WHERE %s)".formatted(predicate(fields, 1)) : "";
    String distinct = random.nextInt(5) == 0 ? "DISTINCT " : "";
    Kind number = one(Kind.INT, Kind.DECIMAL, Kind.DOUBLE);
    return switch (random.nextInt(7)) {
          case 0 -> "COUNT(*)";
          case 1 -> "COUNT(%s%s)".formatted(distinct, expression(one(KINDS), fields, 1));
          case 2 -> "SUM(%s%s)".formatted(distinct, summand(number, fields));
          case 3 -> "AVG(%s%s)".formatted(distinct, summand(number, fields));
          case 4 -> "SUM(%s)".formatted(summand(number, fields));
          default ->
              "%s(%s)"
                  .formatted(
                      one("MIN", "MAX"),
                      expression(
                          one(Kind.INT, Kind.DECIMAL, Kind.DOUBLE, Kind.TEXT, Kind.DATE, Kind.TIME),
                          fields,
                          1));
        }
        + filter;
  }

  /** Sums of doubles are exact only where these are halves. */
  private String summand(Kind kind, List<Field> fields) {
    return kind == Kind.DOUBLE ? expression(kind, fields, 0) : expression(kind, fields, 1);
  }

  private Body groupingSets() {
    Relation from = from();
    Field one = one(from.fields);
    Field two = one(from.fields);
    if (one.sql.equals(two.sql)) {
      two = keyExpression(from.fields);
    }
    String sets =
        one(
            "ROLLUP (%s, %s)",
            "CUBE (%s, %s)",
            "GROUPING SETS ((%1$s), (%2$s))",
            "GROUPING SETS ((%1$s, %2$s), (%2$s), ())");
    return new Body(
        "SELECT %s AS o0, %s AS o1, %s AS o2, %s AS o3\nFROM %s%s\nGROUP BY %s"
            .formatted(
                one.sql,
                two.sql,
                aggregate(from.fields),
                random.nextBoolean() ? "COUNT(*)" : "GROUPING(%s)".formatted(one.sql),
                from.sql,
                where(from),
                sets.formatted(one.sql, two.sql)),
        4);
  }

  private Body setOperation() {
    List<Kind> kinds = outputKinds();
    Body left = select(kinds);
    Body right = select(kinds);
    String operator =
        one("UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL", "INTERSECT ALL");
    return new Body("(%s)\n%s\n(%s)".formatted(left.sql, operator, right.sql), kinds.size());
  }

  private Body windows() {
    Relation from = from();
    List<String> outputs = new ArrayList<>(ids(from));
    int ids = outputs.size();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      Field field = one(from.fields);
      String partition = random.nextInt(3) == 0 ? "" : "PARTITION BY " + one(from.fields).sql + " ";
      String total =
          "ORDER BY %s%s%s, %s"
              .formatted(
                  field.sql,
                  one("", " DESC"),
                  one("", " NULLS FIRST", " NULLS LAST"),
                  String.join(", ", ids(from)));
      String number = expression(one(Kind.INT, Kind.DECIMAL), from.fields, 1);
      outputs.add(
          switch (random.nextInt(9)) {
            case 0 -> "ROW_NUMBER() OVER (%s%s)".formatted(partition, total);
            case 1 ->
                "RANK() OVER (%sORDER BY %s%s)".formatted(partition, field.sql, one("", " DESC"));
            case 2 -> "DENSE_RANK() OVER (%sORDER BY %s)".formatted(partition, field.sql);
            case 3 -> "SUM(%s) OVER (%s)".formatted(number, partition.strip());
            case 4 -> "SUM(%s) OVER (%s%s)".formatted(number, partition, total);
            case 5 ->
                "MAX(%s) OVER (%s%s ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)"
                    .formatted(number, partition, total);
            case 6 -> "COUNT(*) OVER (%s)".formatted(partition.strip());
            case 7 ->
                "%s(%s) OVER (%s%s)"
                    .formatted(one("LAG", "LEAD"), one(from.fields).sql, partition, total);
            default ->
                "FIRST_VALUE(%s) OVER (%s%s)".formatted(one(from.fields).sql, partition, total);
          });
    }
    List<String> named = new ArrayList<>();
    for (String output : outputs) {
      named.add(output + " AS o" + named.size());
    }
    String sql = "SELECT %s\nFROM %s%s".formatted(String.join(", ", named), from.sql, where(from));
    return random.nextInt(3) == 0 && ids < named.size()
        ? new Body(
            "SELECT * FROM (%s) AS w\nWHERE o%d IS NOT NULL".formatted(sql, ids), named.size())
        : new Body(sql, named.size());
  }

  private static List<String> ids(Relation from) {
    return from.fields.stream().map(Field::sql).filter(sql -> sql.endsWith(".id")).toList();
  }

  private Body common() {
    Body left = select(List.of(Kind.TEXT, Kind.INT));
    Body right =
        random.nextInt(3) == 0
            ? new Body(
                "SELECT * FROM (VALUES ('abc', 1), ('城东区', -2), ('𠮷野', NULL)) AS v(o0, o1)", 2)
            : select(List.of(Kind.TEXT, Kind.INT));
    return new Body(
        "WITH c1 AS (%s), c2 AS (%s)\nSELECT c1.o0 AS p0, %s AS p1\nFROM c1 %s JOIN c2 ON c1.o0 = c2.o0"
            .formatted(
                left.sql,
                right.sql,
                one("c2.o1", "c1.o1 + c2.o1", "COALESCE(c2.o1, c1.o1)"),
                one("INNER", "LEFT", "FULL")),
        2);
  }

  private Body overSubQuery() {
    Body inner = random.nextBoolean() ? aggregate() : select(outputKinds());
    return random.nextBoolean()
        ? new Body(
            "SELECT COUNT(*) AS n, COUNT(s.o0) AS m, COUNT(DISTINCT s.o0) AS d\nFROM (%s) AS s"
                .formatted(inner.sql),
            3)
        : new Body(
            "SELECT s.*\nFROM (%s) AS s\nWHERE s.o0 %s"
                .formatted(inner.sql, one("IS NOT NULL", "IS NULL", "IS NOT DISTINCT FROM s.o0")),
            inner.columns);
  }

  // relations

  private Relation table() {
    Data data = one(tables);
    String alias = "t" + aliases++;
    return new Relation(
        data.name() + " AS " + alias,
        data.columns().stream()
            .map(column -> new Field(alias + "." + column.name(), column.kind()))
            .toList());
  }

  private Relation from() {
    Relation from = table();
    int joins = one(0, 0, 1, 1, 1, 2);
    for (int i = 0; i < joins; i++) {
      from = joined(from, table());
    }
    return from;
  }

  private Relation joined(Relation left, Relation right) {
    List<Field> fields = new ArrayList<>(left.fields);
    fields.addAll(right.fields);
    String type = one("INNER", "INNER", "LEFT", "LEFT", "RIGHT", "FULL");
    Kind kind = one(Kind.INT, Kind.INT, Kind.TEXT, Kind.TEXT, Kind.DATE);
    String condition =
        "%s = %s".formatted(one(fields(left.fields, kind)), one(fields(right.fields, kind)));
    if (!type.equals("FULL") && random.nextInt(3) == 0) {
      condition += " AND " + predicate(fields, 1);
    }
    return new Relation(
        "%s\n  %s JOIN %s ON %s".formatted(left.sql, type, right.sql, condition), fields);
  }

  // predicates

  private String predicate(List<Field> fields, int depth) {
    if (depth > 0) {
      switch (random.nextInt(6)) {
        case 0 -> {
          return "(%s AND %s)"
              .formatted(predicate(fields, depth - 1), predicate(fields, depth - 1));
        }
        case 1 -> {
          return "(%s OR %s)".formatted(predicate(fields, depth - 1), predicate(fields, depth - 1));
        }
        case 2 -> {
          return "NOT (%s)".formatted(predicate(fields, depth - 1));
        }
        case 3 -> {
          return "(%s) IS %s%s"
              .formatted(
                  predicate(fields, depth - 1), one("", "NOT "), one("TRUE", "FALSE", "NULL"));
        }
        default -> {}
      }
    }
    Kind kind =
        one(Kind.INT, Kind.DECIMAL, Kind.DOUBLE, Kind.TEXT, Kind.TEXT, Kind.DATE, Kind.TIME);
    Supplier<String> any = () -> expression(kind, fields, depth - 1);
    return switch (random.nextInt(kind == Kind.TEXT ? 9 : 7)) {
      case 0 -> "%s %s %s".formatted(any.get(), comparison(), literal(kind));
      case 1 -> "%s %s %s".formatted(any.get(), comparison(), any.get());
      case 2 ->
          "%s %sBETWEEN %s AND %s"
              .formatted(any.get(), one("", "", "NOT "), literal(kind), any.get());
      case 3 ->
          "%s %sIN (%s, %s, %s)"
              .formatted(
                  any.get(), one("", "", "NOT "), literal(kind), literal(kind), literal(kind));
      case 4 -> "%s IS %sNULL".formatted(any.get(), one("", "NOT "));
      case 5 -> "%s IS %sDISTINCT FROM %s".formatted(any.get(), one("", "NOT "), any.get());
      case 6 -> {
        List<String> flags = fields(fields, Kind.BOOLEAN);
        yield flags.isEmpty() ? any.get() + " <> " + literal(kind) : one(flags);
      }
      default ->
          "%s %sLIKE %s"
              .formatted(
                  any.get(),
                  one("", "NOT "),
                  one("'城%'", "'%区'", "'_b_'", "'a%'", "'%'", "'㐂_'", "'𠮷_'", "'%B%'", "'abc'"));
    };
  }

  private String comparison() {
    return one("=", "<>", "<", "<=", ">", ">=");
  }

  private String subQueryPredicate(List<Field> outer) {
    Relation inner = table();
    Kind kind = one(Kind.INT, Kind.TEXT, Kind.TEXT, Kind.DATE);
    String ours = one(fields(outer, kind));
    String theirs = one(fields(inner.fields, kind));
    String condition = predicate(inner.fields, 1);
    return switch (random.nextInt(5)) {
      case 0, 1 ->
          "%s %sIN (SELECT %s FROM %s WHERE %s)"
              .formatted(ours, one("", "NOT "), theirs, inner.sql, condition);
      case 2, 3 ->
          "%sEXISTS (SELECT 1 FROM %s WHERE %s = %s AND %s)"
              .formatted(one("", "NOT "), inner.sql, theirs, ours, condition);
      default ->
          "%s %s %s".formatted(expression(Kind.INT, outer, 0), comparison(), scalarSubQuery(outer));
    };
  }

  private String scalarSubQuery(List<Field> outer) {
    Relation inner = table();
    Kind kind = one(Kind.INT, Kind.TEXT);
    String correlation =
        random.nextInt(3) == 0
            ? ""
            : " WHERE %s = %s".formatted(one(fields(inner.fields, kind)), one(fields(outer, kind)));
    return "(SELECT %s(%s) FROM %s%s)"
        .formatted(
            one("COUNT", "MAX", "MIN", "SUM"),
            one(fields(inner.fields, Kind.INT)),
            inner.sql,
            correlation);
  }

  // expressions

  private String expression(Kind kind, List<Field> fields, int depth) {
    List<String> columns = fields(fields, kind);
    if (depth <= 0 || random.nextInt(3) == 0) {
      return columns.isEmpty() || random.nextInt(8) == 0 ? literal(kind) : one(columns);
    }
    Supplier<String> same = () -> expression(kind, fields, depth - 1);
    return switch (random.nextInt(8)) {
      case 0 ->
          "CASE WHEN %s THEN %s ELSE %s END"
              .formatted(predicate(fields, depth - 1), same.get(), same.get());
      case 1 -> "COALESCE(%s, %s)".formatted(same.get(), same.get());
      case 2 -> "NULLIF(%s, %s)".formatted(same.get(), same.get());
      default -> function(kind, fields, depth, same);
    };
  }

  private String function(Kind kind, List<Field> fields, int depth, Supplier<String> same) {
    return switch (kind) {
      case INT ->
          switch (random.nextInt(9)) {
            case 0 -> "(%s %s %s)".formatted(same.get(), one("+", "-", "*"), same.get());
            case 1 -> "(%s / NULLIF(%s, 0))".formatted(same.get(), same.get());
            case 2 -> "MOD(%s, NULLIF(%s, 0))".formatted(same.get(), same.get());
            case 3 -> "ABS(%s)".formatted(same.get());
            case 4 -> "CHAR_LENGTH(%s)".formatted(expression(Kind.TEXT, fields, depth - 1));
            case 5 ->
                "POSITION('%s' IN %s)"
                    .formatted(one("区", "b", "𠮷", "B"), expression(Kind.TEXT, fields, depth - 1));
            case 6 ->
                "CAST(EXTRACT(%s FROM %s) AS INTEGER)"
                    .formatted(
                        one("YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE"),
                        expression(Kind.TIME, fields, depth - 1));
            case 7 ->
                "CAST(EXTRACT(%s FROM %s) AS INTEGER)"
                    .formatted(
                        one("YEAR", "MONTH", "DAY", "DOW", "DOY", "WEEK"),
                        expression(Kind.DATE, fields, depth - 1));
            default -> "(- %s)".formatted(same.get());
          };
      case DECIMAL ->
          switch (random.nextInt(7)) {
            case 5 ->
                "ROUND(%s / NULLIF(%s, 0), 6)"
                    .formatted(same.get(), expression(one(Kind.INT, Kind.DECIMAL), fields, 0));
            case 0 -> "(%s %s %s)".formatted(same.get(), one("+", "-"), same.get());
            case 1 -> "(%s * %s)".formatted(same.get(), expression(Kind.INT, fields, 0));
            case 2 -> "ABS(%s)".formatted(same.get());
            case 3 -> "ROUND(%s, %s)".formatted(same.get(), one("0", "1"));
            case 4 -> "%s(%s)".formatted(one("FLOOR", "CEIL"), same.get());
            default -> "CAST(%s AS DECIMAL(15, 2))".formatted(expression(Kind.INT, fields, 0));
          };
      case DOUBLE ->
          switch (random.nextInt(7)) {
            case 0 -> "(%s %s %s)".formatted(same.get(), one("+", "-"), same.get());
            case 1 -> "(%s * 2)".formatted(same.get());
            case 2 -> "(%s / NULLIF(%s, 0))".formatted(same.get(), same.get());
            case 3 -> "SQRT(ABS(%s))".formatted(same.get());
            case 4 -> "POWER(%s, 2)".formatted(expression(kind, fields, 0));
            case 5 -> "%s(%s)".formatted(one("FLOOR", "CEIL", "ABS"), same.get());
            default ->
                "CAST(%s AS DOUBLE PRECISION)"
                    .formatted(expression(one(Kind.INT, Kind.DECIMAL), fields, depth - 1));
          };
      case TEXT ->
          switch (random.nextInt(10)) {
            case 0 -> "(%s || %s)".formatted(same.get(), same.get());
            case 1 -> "%s(%s)".formatted(one("UPPER", "LOWER"), same.get());
            case 2 ->
                "SUBSTRING(%s FROM %s FOR %s)"
                    .formatted(same.get(), one("1", "2"), one("0", "1", "3"));
            case 3 -> "TRIM(%s)".formatted(same.get());
            case 4 ->
                "TRIM(%s FROM %s)"
                    .formatted(one("BOTH 'a'", "LEADING '城'", "TRAILING '区'"), same.get());
            case 5 ->
                "REPLACE(%s, %s, %s)".formatted(same.get(), one("'b'", "'区'"), one("''", "'𠮷'"));
            case 6 -> "%s(%s, %s)".formatted(one("LEFT", "RIGHT"), same.get(), one("0", "1", "2"));
            case 7 -> "CAST(%s AS VARCHAR)".formatted(expression(Kind.INT, fields, depth - 1));
            case 8 -> "CAST(%s AS VARCHAR)".formatted(expression(Kind.DATE, fields, 0));
            default -> "SUBSTRING(%s FROM 2)".formatted(same.get());
          };
      case BOOLEAN -> "(%s)".formatted(predicate(fields, depth));
      case DATE ->
          switch (random.nextInt(2)) {
            case 0 -> "CAST(%s AS DATE)".formatted(expression(Kind.TIME, fields, depth - 1));
            default ->
                "CAST(%s + INTERVAL '%d' DAY AS DATE)".formatted(same.get(), 1 + random.nextInt(9));
          };
      case TIME ->
          switch (random.nextInt(4)) {
            case 3 ->
                "(%s %s %s * INTERVAL '%d' %s)"
                    .formatted(
                        same.get(),
                        one("+", "-"),
                        fields(fields, Kind.INT).stream().findFirst().orElse("3"),
                        1 + random.nextInt(3),
                        one("SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR"));
            case 0 ->
                "TIME_FLOOR(%s, '%s', '%s')"
                    .formatted(
                        same.get(),
                        one("PT15M", "PT1H", "P1D", "P1W", "P1M", "P1Y"),
                        one("Asia/Shanghai", "UTC"));
            case 1 ->
                "(%s %s INTERVAL '%d' %s)"
                    .formatted(
                        same.get(),
                        one("+", "-"),
                        1 + random.nextInt(50),
                        one("MINUTE", "HOUR", "DAY"));
            default -> "CAST(%s AS TIMESTAMP)".formatted(expression(Kind.DATE, fields, depth - 1));
          };
    };
  }

  private String literal(Kind kind) {
    return switch (kind) {
      case INT -> String.valueOf(random.nextInt(12) - 3);
      case DECIMAL -> one("0.00", "2.50", "-1.25", "1000000.25", "7.1");
      case DOUBLE -> "CAST(%s AS DOUBLE PRECISION)".formatted(one("0.5", "-2", "3.5", "0"));
      case TEXT -> one("'城东区'", "'𠮷野'", "'abc'", "'ABC'", "'O''Neil'", "'x\\y'", "'zz'");
      case BOOLEAN -> one("TRUE", "FALSE");
      case DATE -> one("DATE '2026-01-01'", "DATE '2026-01-31'", "DATE '2026-02-10'");
      case TIME -> one("TIMESTAMP '2025-12-31 16:00:00'", "TIMESTAMP '2026-01-10 23:59:59.5'");
    };
  }

  private static List<String> fields(List<Field> fields, Kind kind) {
    return fields.stream().filter(field -> field.kind == kind).map(Field::sql).toList();
  }

  @SafeVarargs
  private <T> T one(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
