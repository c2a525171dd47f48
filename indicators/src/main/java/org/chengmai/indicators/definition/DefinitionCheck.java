package org.chengmai.indicators.definition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.definition.IndicatorCatalogue.Loaded;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.yaml.Problem;
import org.chengmai.indicators.yaml.RecordReader;
import org.chengmai.indicators.yaml.YamlProblems;
import org.jspecify.annotations.Nullable;

/**
 * Definitions with all that is found wrong in them: by the rules at once, by their SQL and by their
 * golden tests when asked. Not thread-safe.
 */
public final class DefinitionCheck {
  private final Regions regions;
  private final @Nullable DataCatalogue sources;
  private final Calendars calendars;
  private final List<YamlProblems> problems = new ArrayList<>();
  private final List<Loaded> loaded = new ArrayList<>();

  /** Definitions that are there already and are not checked anew. */
  private final List<IndicatorDefinition> others = new ArrayList<>();

  private DefinitionCheck(Regions regions, @Nullable DataCatalogue sources, Calendars calendars) {
    this.regions = regions;
    this.sources = sources;
    this.calendars = calendars;
  }

  /** As the other one, with the usual calendars. */
  public static DefinitionCheck of(
      Map<String, String> files, Regions regions, @Nullable DataCatalogue sources) {
    return of(files, regions, sources, Calendars.defaults());
  }

  /**
   * Reads definitions and applies the rules.
   *
   * @param files file name to YAML text, one definition a file
   * @param sources the tables that definitions read; null leaves the rules about them out
   * @param calendars what {@code period.calendar} means
   */
  public static DefinitionCheck of(
      Map<String, String> files,
      Regions regions,
      @Nullable DataCatalogue sources,
      Calendars calendars) {
    DefinitionCheck check = new DefinitionCheck(regions, sources, calendars);
    new TreeMap<>(files).forEach(check::read);
    IndicatorCatalogue.checkDuplicates(check.loaded);
    IndicatorCatalogue.checkInputs(check.loaded);
    IndicatorCatalogue.checkIndices(check.loaded);
    WeatherRules.check(check.loaded);
    return check;
  }

  private void read(String file, String yaml) {
    YamlProblems found = new YamlProblems(file, Refusal.MALFORMED.code());
    problems.add(found);
    IndicatorDefinition read =
        new RecordReader(found, name -> null).read(yaml, IndicatorDefinition.class);
    if (read != null) {
      IndicatorDefinition definition = WholeQuery.unwrap(read, new Loaded(read, found, yaml)::add);
      Loaded one = new Loaded(definition, found, yaml);
      loaded.add(one);
      DefinitionRules.check(definition, regions, calendars, one::add);
      if (sources != null) {
        SourceRules.check(definition, sources, one::add);
      }
    }
  }

  /**
   * Reads one more definition and applies the rules beside those of a catalogue, in place of one of
   * the same code and version.
   *
   * @param file named in problems
   * @param sources the tables that definitions read; null leaves the rules about them out
   */
  public static DefinitionCheck beside(
      IndicatorCatalogue catalogue, String file, String yaml, @Nullable DataCatalogue sources) {
    DefinitionCheck check =
        new DefinitionCheck(catalogue.regions(), sources, catalogue.calendars());
    check.read(file, yaml);
    for (Loaded draft : check.loaded) {
      catalogue.all().stream()
          .filter(
              d ->
                  !d.code().equals(draft.definition().code())
                      || d.version() != draft.definition().version())
          .forEach(check.others::add);
      List<Loaded> together = new ArrayList<>(List.of(draft));
      check.others.stream()
          .map(d -> new Loaded(d, new YamlProblems(d.code(), Refusal.MALFORMED.code()), ""))
          .forEach(together::add);
      IndicatorCatalogue.checkInputs(together);
      IndicatorCatalogue.checkIndices(together);
      WeatherRules.check(together);
    }
    return check;
  }

  /** See {@link IndicatorCatalogue#draft}. */
  static IndicatorDefinition draft(
      String file, String yaml, IndicatorCatalogue others, @Nullable SqlChecker checker) {
    DefinitionCheck check = beside(others, file, yaml, null);
    if (checker != null) {
      check.checkSql(checker, true);
    }
    YamlProblems.throwIfAny(check.problems());
    return check.loaded.get(0).definition();
  }

  /**
   * Checks the compiled SQL of those definitions that have no problem yet.
   *
   * @param withDrafts whether also of those that are not computed
   */
  public void checkSql(SqlChecker checker, boolean withDrafts) {
    for (Loaded one : loaded) {
      if (one.problems().isEmpty()
          && one.definition().definition().type().isQueried()
          && (withDrafts || one.definition().isActive())) {
        IndicatorCatalogue.checkSql(one, regions, checker);
      }
    }
  }

  /**
   * Runs the golden tests of those definitions that have no problem yet.
   *
   * @param engine runs SQL that names no table
   * @return how many tests ran
   */
  public int runTests(Function<String, Table> engine) {
    int count = 0;
    for (Loaded one : loaded) {
      List<GoldenTest> tests =
          one.problems().isEmpty() ? one.definition().tests() : List.<GoldenTest>of();
      // tests of several regions mostly share their rows, and so their SQL
      Map<String, Table> results = new HashMap<>();
      for (int i = 0; i < tests.size(); i++) {
        String path = "tests[" + i + "]";
        failure(one.definition(), tests.get(i), sql -> results.computeIfAbsent(sql, engine))
            .ifPresent(failure -> one.add(Refusal.FAILED_TEST, path, failure));
        count++;
      }
    }
    return count;
  }

  private Optional<String> failure(
      IndicatorDefinition definition, GoldenTest test, Function<String, Table> engine) {
    try {
      if (!definition.definition().type().isQueried()) {
        return test.failure(index(definition));
      }
      return test.failure(definition, regions, engine.apply(test.sql(definition, regions)));
    } catch (ChengmaiException e) {
      return Optional.of("does not run: " + e.getMessage());
    }
  }

  private IndicatorIndex index(IndicatorDefinition definition) {
    List<IndicatorDefinition> all = new ArrayList<>(others);
    loaded.forEach(one -> all.add(one.definition()));
    return IndicatorIndex.of(definition, IndicatorCatalogue.inputs(definition, all));
  }

  /** How many definitions could be read. */
  public int size() {
    return loaded.size();
  }

  /** All problems so far, by file. */
  public List<Problem> problems() {
    return problems.stream().flatMap(found -> found.all().stream()).toList();
  }

  /**
   * The definitions.
   *
   * @throws ChengmaiException INVALID_DEFINITION with every problem, one a line, if there is any
   */
  public IndicatorCatalogue catalogue() {
    YamlProblems.throwIfAny(problems());
    return new IndicatorCatalogue(loaded, regions, sources, calendars);
  }
}
