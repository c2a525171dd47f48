package org.chengmai.engine.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.catalog.CatalogLibrary;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.yaml.Problem;

/** The catalogue beside the tables that the sources have. */
final class SourceComparison {
  /** What a type of the catalogue is called by sources, besides its own name. */
  private static final Map<String, Set<String>> ALSO =
      Map.of(
          "DOUBLE",
          Set.of("FLOAT", "REAL"),
          "TIMESTAMP",
          Set.of("TIMESTAMP_WITH_LOCAL_TIME_ZONE", "TIMESTAMP_TZ"));

  private SourceComparison() {}

  /**
   * What differs: missing tables and columns, other types. The digits of decimals and columns that
   * the catalogue does not name are not looked at.
   */
  static List<Problem> differences(DataCatalogue catalogue, SqlChecker sources) {
    List<Problem> problems = new ArrayList<>();
    for (DataCatalogue.Entry entry : catalogue.entries()) {
      try {
        List<Table.Column> columns =
            sources.check(
                "SELECT * FROM \"%s\".\"%s\""
                    .formatted(entry.library().library(), entry.table().table()));
        entry.table().columns().forEach(column -> compare(entry, column, columns, problems));
      } catch (ChengmaiException e) {
        boolean isThere = e.code().type() != ErrorCode.Type.USER;
        problems.add(
            problem(
                entry,
                isThere ? "unreadable-table" : "missing-table",
                "%s cannot be read: %s; correct the catalogue, or what the library holds"
                    .formatted(entry.sqlName(), e.getMessage())));
      }
    }
    return problems;
  }

  private static void compare(
      DataCatalogue.Entry entry,
      CatalogLibrary.Column declared,
      List<Table.Column> columns,
      List<Problem> problems) {
    Optional<Table.Column> found =
        columns.stream().filter(c -> c.name().equalsIgnoreCase(declared.name())).findFirst();
    if (found.isEmpty()) {
      problems.add(
          problem(
              entry,
              "missing-column",
              "the source's %s has no column %s; it has %s: correct the catalogue, or name the column so in a view"
                  .formatted(
                      entry.sqlName(),
                      declared.name(),
                      String.join(", ", columns.stream().map(Table.Column::name).toList()))));
      return;
    }
    String type = declared.type().replaceFirst("\\(.*", "").toUpperCase(Locale.ROOT);
    String seen = found.get().type();
    if (!seen.equals(type) && !ALSO.getOrDefault(type, Set.of()).contains(seen)) {
      problems.add(
          problem(
              entry,
              "other-type",
              "column %s of %s is %s in the source and %s in the catalogue; correct the catalogue, or cast in a view"
                  .formatted(
                      declared.name(),
                      entry.sqlName(),
                      seen.toLowerCase(Locale.ROOT),
                      declared.type())));
    }
  }

  private static Problem problem(DataCatalogue.Entry entry, String code, String message) {
    return new Problem(entry.file(), entry.line(), code, entry.table().table(), message);
  }
}
