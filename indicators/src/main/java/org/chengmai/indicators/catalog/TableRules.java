package org.chengmai.indicators.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.chengmai.indicators.catalog.CatalogLibrary.Column;
import org.chengmai.indicators.yaml.YamlLines;
import org.chengmai.indicators.yaml.YamlProblems;

/** Refuses rules over rows that the table cannot be asked about. */
final class TableRules {
  private static final Set<String> NUMBERS = Set.of("bigint", "integer", "smallint", "double");

  private TableRules() {}

  static void check(DataCatalogue.Entry entry, String path, YamlLines lines, YamlProblems found) {
    CatalogLibrary.Table table = entry.table();
    for (int i = 0; i < table.key().size(); i++) {
      column(entry, table.key().get(i), "%s.key[%d]".formatted(path, i), lines, found);
    }
    String time = table.time();
    if (time != null) {
      column(entry, time, path + ".time", lines, found);
      entry
          .column(time)
          .filter(column -> !column.type().equals("timestamp") && !column.type().equals("date"))
          .ifPresent(
              column ->
                  add(
                      found,
                      lines,
                      "rule-time",
                      path + ".time",
                      "column %s of %s is %s; name a date or a timestamp"
                          .formatted(time, entry.sqlName(), column.type())));
    }
    if (!table.rules().isEmpty() && table.key().isEmpty()) {
      add(
          found,
          lines,
          "rule-without-key",
          path + ".rules",
          "%s has rules, but no key to name failing rows by; write such as key: [id]"
              .formatted(entry.sqlName()));
    }
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < table.rules().size(); i++) {
      TableRule rule = table.rules().get(i);
      String place = "%s.rules[%d]".formatted(path, i);
      if (!ids.add(rule.id())) {
        add(
            found,
            lines,
            "duplicate-rule",
            place + ".id",
            "%s has a rule %s already; give each a name of its own"
                .formatted(entry.sqlName(), rule.id()));
      }
      check(entry, rule, place, lines, found);
    }
  }

  private static void check(
      DataCatalogue.Entry entry,
      TableRule rule,
      String place,
      YamlLines lines,
      YamlProblems found) {
    List<String> named = new ArrayList<>(rule.by());
    if (rule.column() != null) {
      named.add(rule.column());
      entry
          .column(rule.column())
          .filter(column -> !fits(rule, column))
          .ifPresent(
              column ->
                  add(
                      found,
                      lines,
                      "rule-type",
                      place + ".column",
                      "column %s of %s is %s, which cannot be checked for %s"
                          .formatted(column.name(), entry.sqlName(), column.type(), rule.check())));
    }
    named.forEach(name -> column(entry, name, place, lines, found));
    boolean needsTime =
        rule.check() == TableRule.Kind.CONSTANCY || rule.check() == TableRule.Kind.DIGITS;
    if (needsTime && entry.table().time() == null) {
      add(
          found,
          lines,
          "rule-without-time",
          place,
          "%s needs the order of the rows; name the table's time column".formatted(rule.check()));
    }
  }

  private static boolean fits(TableRule rule, Column column) {
    boolean isNumber = NUMBERS.contains(column.type()) || column.type().startsWith("decimal");
    return switch (rule.check()) {
      case RANGE, CONSTANCY, DIGITS -> isNumber;
      case CITIZEN_ID, CREDIT_CODE -> column.type().equals("varchar");
      case VALUES -> isNumber || column.type().equals("varchar");
      default -> true;
    };
  }

  private static void column(
      DataCatalogue.Entry entry, String name, String path, YamlLines lines, YamlProblems found) {
    if (entry.column(name).isEmpty()) {
      add(
          found,
          lines,
          "rule-column",
          path,
          "%s has no column %s; it has %s"
              .formatted(
                  entry.sqlName(),
                  name,
                  String.join(", ", entry.table().columns().stream().map(Column::name).toList())));
    }
  }

  private static void add(
      YamlProblems found, YamlLines lines, String code, String path, String message) {
    found.add(lines.line(path), code, path, message);
  }
}
