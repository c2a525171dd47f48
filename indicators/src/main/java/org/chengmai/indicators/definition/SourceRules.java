package org.chengmai.indicators.definition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.catalog.CatalogLibrary.Column;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.DataCatalogue.Entry;
import org.chengmai.indicators.definition.Formula.Ratio;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;

/**
 * What is refused in one definition when the catalogue of its sources is at hand. A definition
 * reads the tables that its {@code inputs} name by code and its {@code from} by name.
 */
final class SourceRules {
  private static final Pattern INPUT = Pattern.compile("catalog:([^/]+)(?:/([^.]+)(?:\\.(.+))?)?");
  private static final Pattern NAME = Pattern.compile("\\b(\\w+)\\.(\\w+)\\b");
  private static final Pattern PLAIN_SUM =
      Pattern.compile("\\s*SUM\\s*\\(\\s*\"?(\\w+)\"?\\s*\\)\\s*", Pattern.CASE_INSENSITIVE);
  private static final Set<String> SHARES = Set.of("%", "‰");
  private static final Duration YEAR = Duration.ofDays(365);

  private final IndicatorDefinition definition;
  private final DataCatalogue catalogue;
  private final DefinitionRules.Report report;
  private final Set<Entry> tables = new LinkedHashSet<>();

  private SourceRules(
      IndicatorDefinition definition, DataCatalogue catalogue, DefinitionRules.Report report) {
    this.definition = definition;
    this.catalogue = catalogue;
    this.report = report;
  }

  static void check(
      IndicatorDefinition definition, DataCatalogue catalogue, DefinitionRules.Report report) {
    SourceRules rules = new SourceRules(definition, catalogue, report);
    rules.checkInputs();
    rules.findTables();
    rules.checkGrain();
    rules.checkHistory();
    rules.checkUnits();
  }

  /** The tables of the catalogue that a definition names. */
  static Set<Entry> tables(IndicatorDefinition definition, DataCatalogue catalogue) {
    SourceRules rules = new SourceRules(definition, catalogue, (refusal, path, message) -> {});
    rules.checkInputs();
    rules.findTables();
    return rules.tables;
  }

  private void checkInputs() {
    List<String> inputs = definition.definition().inputs();
    for (int i = 0; i < inputs.size(); i++) {
      Matcher input = INPUT.matcher(inputs.get(i));
      if (input.matches()) {
        checkInput(
            "definition.inputs[" + i + "]",
            input.group(1),
            Optional.ofNullable(input.group(2)),
            Optional.ofNullable(input.group(3)));
      }
    }
  }

  private void checkInput(
      String path, String code, Optional<String> table, Optional<String> column) {
    Optional<Entry> found = catalogue.byCode(code);
    if (found.isEmpty()) {
      report.add(
          Refusal.UNKNOWN_CATALOGUE_CODE,
          path,
          "no table of the catalogue has the code %s; correct it, or describe the table in a file of the catalogue"
              .formatted(code));
      return;
    }
    Entry entry = found.get();
    tables.add(entry);
    if (table.isPresent() && !table.get().equalsIgnoreCase(entry.table().table())) {
      report.add(
          Refusal.UNKNOWN_CATALOGUE_TABLE,
          path,
          "the code %s is that of %s, not of a table %s; write catalog:%s/%s"
              .formatted(code, entry.sqlName(), table.get(), code, entry.table().table()));
    } else if (column.isPresent() && entry.column(column.get()).isEmpty()) {
      report.add(
          Refusal.UNKNOWN_CATALOGUE_COLUMN,
          path,
          "%s has no column %s; it has %s"
              .formatted(
                  entry.sqlName(),
                  column.get(),
                  entry.table().columns().stream()
                      .map(Column::name)
                      .collect(Collectors.joining(", "))));
    }
  }

  private void findTables() {
    String from = definition.definition().from();
    if (from != null) {
      NAME.matcher(from)
          .results()
          .forEach(name -> catalogue.byName(name.group()).ifPresent(tables::add));
    }
  }

  /** A slow table may be joined to a fast one, so the fastest counts. */
  private void checkGrain() {
    Optional<Entry> fastest =
        tables.stream().min(Comparator.comparing(entry -> entry.table().cycle()));
    if (definition.definition().type() != Type.SNAPSHOT
        && fastest.isPresent()
        && definition.grain().typical().compareTo(fastest.get().table().cycle()) < 0) {
      report.add(
          Refusal.GRAIN_FINER_THAN_SOURCE,
          "period.grain",
          "%s is finer than the update cycle %s of %s; write %s or coarser"
              .formatted(
                  definition.grain(),
                  fastest.get().table().updateCycle(),
                  fastest.get().sqlName(),
                  fastest.get().table().updateCycle()));
    }
  }

  private void checkHistory() {
    List<String> asking = new ArrayList<>();
    if (definition.compare().yoy()) {
      asking.add("compare.yoy");
    }
    for (int i = 0; i < definition.thresholds().size(); i++) {
      Threshold threshold = definition.thresholds().get(i);
      if (isOfYears(threshold.when())) {
        asking.add("thresholds[" + i + "].when");
      }
      if (threshold.clear() != null && isOfYears(threshold.clear())) {
        asking.add("thresholds[" + i + "].clear");
      }
    }
    for (Entry entry : tables) {
      if (entry.table().past().compareTo(YEAR) < 0) {
        for (String path : asking) {
          report.add(
              Refusal.HISTORY_SHORTER_THAN_A_YEAR,
              path,
              "%s declares a history of %s, so there is no value of a year ago; leave yoy out or have the history extended"
                  .formatted(entry.sqlName(), entry.table().history()));
        }
      }
    }
  }

  private static boolean isOfYears(String condition) {
    try {
      return Condition.parse(condition).comparisons().stream()
          .map(Condition.Comparison::measure)
          .anyMatch(
              m -> m instanceof Measure.Change change && change.base() == Measure.Change.Base.YOY);
    } catch (ChengmaiException e) {
      return false; // ThresholdRules says what is wrong with it
    }
  }

  private void checkUnits() {
    Ratio ratio = definition.definition().ratio();
    if (ratio == null || !SHARES.contains(definition.unit().code())) {
      return;
    }
    Optional<String> numerator = unit(ratio.num());
    Optional<String> denominator = unit(ratio.den());
    if (numerator.isPresent() && denominator.isPresent() && !numerator.equals(denominator)) {
      report.add(
          Refusal.UNIT_MISMATCH,
          "definition.ratio",
          "%s has the unit %s and %s the unit %s, so their quotient is no share in %s; correct unit, or convert one of them"
              .formatted(
                  ratio.num(),
                  numerator.get(),
                  ratio.den(),
                  denominator.get(),
                  definition.unit().code()));
    }
  }

  /** The unit of a plain sum; empty when no table states one, or several state different ones. */
  private Optional<String> unit(String aggregate) {
    Matcher sum = PLAIN_SUM.matcher(aggregate);
    if (!sum.matches()) {
      return Optional.empty();
    }
    List<String> units =
        tables.stream()
            .flatMap(entry -> entry.column(sum.group(1)).map(Column::unit).stream())
            .distinct()
            .toList();
    return units.size() == 1 ? Optional.of(units.get(0)) : Optional.empty();
  }
}
