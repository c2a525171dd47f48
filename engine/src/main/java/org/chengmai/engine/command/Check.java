package org.chengmai.engine.command;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.connectors.Source;
import org.chengmai.engine.Catalogues;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.engine.sql.TableChecker;
import org.chengmai.engine.sql.ViewFile;
import org.chengmai.engine.tls.ServerCertificate;
import org.chengmai.engine.tls.TlsConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.definition.DefinitionCheck;
import org.chengmai.indicators.quality.TableCheck;
import org.chengmai.indicators.region.City;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.yaml.Problem;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code check}: definitions, the catalogue of their sources, a configuration with its
 * libraries. Not thread-safe.
 */
final class Check {
  private static final Pattern PLACED = Pattern.compile("(\\S+\\.(?:yaml|sql)):(\\d+): (.*)");

  private final Path work;
  private final Progress progress;
  private final Path base;
  private final List<String> folders;
  private final List<String> catalog;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private int definitions;

  /**
   * What a run found.
   *
   * @param definitions how many could be read
   * @param seen what was looked at, for people
   */
  record Result(int definitions, List<Problem> problems, List<String> seen) {}

  /**
   * @param work an empty folder
   * @param base the folder that paths start from
   * @param folders of definitions; the shipped ones when there is none
   * @param catalog folders of catalogue files
   */
  Check(Path work, Progress progress, Path base, List<String> folders, List<String> catalog) {
    this.work = work;
    this.progress = progress;
    this.base = base;
    this.folders = folders;
    this.catalog = catalog;
  }

  Result result() {
    return new Result(definitions, List.copyOf(problems), List.copyOf(seen));
  }

  /** Checks definitions by themselves, against the shipped catalogue when none is named. */
  void alone(Regions regions) {
    DataCatalogue sources = sources(List.of());
    definitions(regions, Calendars.defaults(), sources, checker(sources));
  }

  /**
   * Checks a configuration and all that it names.
   *
   * @param drivers folder of JDBC drivers
   * @param isLive whether libraries are asked
   */
  void configured(EngineConfig config, String file, Path drivers, boolean isLive) {
    List<ViewFile> views = new ArrayList<>();
    try {
      views.addAll(Catalogues.views(base, config.views()));
      seen.add("%d view files".formatted(views.size()));
    } catch (ChengmaiException e) {
      add(file, "unreadable", "views", e);
    }
    DataCatalogue sources = sources(folders);
    certificate(config, file);
    List<Source> libraries = new ArrayList<>();
    try {
      config.libraries().forEach(l -> open(l, config, file, drivers, isLive, libraries));
      SqlChecker checker = isLive ? live(file, libraries, views, sources) : checker(sources);
      City city = city(config, file);
      if (city != null) {
        definitions(city.regions(), city.calendars(), sources, checker);
      }
    } finally {
      libraries.forEach(Source::close);
    }
  }

  /**
   * @param ofOthers folders of definitions that the shipped catalogue does not describe
   */
  private @Nullable DataCatalogue sources(List<String> ofOthers) {
    DataCatalogue sources = Catalogues.sources(base, catalog, ofOthers, problems);
    seen.add(
        sources == null
            ? "no catalogue: what definitions read is checked by --live or when the engine starts"
            : "%d tables in the catalogue".formatted(sources.entries().size()));
    return sources;
  }

  private static @Nullable SqlChecker checker(@Nullable DataCatalogue sources) {
    return sources == null ? null : TableChecker.of(sources);
  }

  private void open(
      LibraryConfig library,
      EngineConfig config,
      String file,
      Path drivers,
      boolean isLive,
      List<Source> opened) {
    try {
      Source source = library.open(base, work, drivers, config.limits().duckdbMemory());
      opened.add(source);
      if (isLive) {
        source.check();
      }
      seen.add("library %s%s".formatted(library.name(), isLive ? " answers" : ""));
    } catch (ChengmaiException e) {
      add(file, "library", "libraries." + library.name(), e);
    }
  }

  private @Nullable SqlChecker live(
      String file, List<Source> libraries, List<ViewFile> views, @Nullable DataCatalogue sources) {
    try {
      SqlChecker checker = TableChecker.of(libraries, views);
      if (sources != null) {
        problems.addAll(SourceComparison.differences(sources, checker));
      }
      return checker;
    } catch (ChengmaiException e) {
      add(file, "invalid-view", "views", e);
      return checker(sources);
    }
  }

  private void certificate(EngineConfig config, String file) {
    TlsConfig tls = config.server().tls();
    if (tls == null) {
      return;
    }
    try {
      seen.add("certificate " + ServerCertificate.read(tls, base, Instant.now()));
    } catch (ChengmaiException e) {
      add(file, "unreadable", "server.tls", e);
    }
  }

  private @Nullable City city(EngineConfig config, String file) {
    try {
      City city = Catalogues.city(base.resolve(config.city()));
      seen.add("city " + city.name().zh());
      return city;
    } catch (ChengmaiException e) {
      add(file, "unreadable", "city", e);
      return null;
    }
  }

  private void definitions(
      Regions regions,
      Calendars calendars,
      @Nullable DataCatalogue sources,
      @Nullable SqlChecker checker) {
    progress.begin("definitions read");
    DefinitionCheck check =
        DefinitionCheck.of(Catalogues.definitions(base, folders), regions, sources, calendars);
    if (checker != null) {
      progress.begin("SQL of definitions checked");
      check.checkSql(
          sql -> {
            progress.step();
            return checker.check(sql);
          },
          true);
      if (sources != null) {
        problems.addAll(TableCheck.problems(sources, checker));
      }
    }
    progress.begin("tests run");
    int tests = runTests(check);
    progress.clear();
    definitions = check.size();
    problems.addAll(check.problems());
    seen.add("%,d definitions, %,d tests run".formatted(definitions, tests));
  }

  private int runTests(DefinitionCheck check) {
    try (SqlEngine engine =
        new SqlEngine(
            List.of(),
            List.of(),
            SqlLimits.defaults(),
            Execution.FEDERATED,
            work.resolve("spill"),
            InstantSource.system())) {
      return check.runTests(
          sql -> {
            progress.step();
            return engine.query(SqlEngine.INTERNAL, sql);
          });
    }
  }

  private void add(String file, String code, String path, ChengmaiException error) {
    problems.addAll(problems(file, code, path, error));
  }

  /**
   * What an error says, line by line.
   *
   * @param file for lines that do not begin with a file and a line of their own
   */
  static List<Problem> problems(String file, String code, String path, ChengmaiException error) {
    return String.valueOf(error.getMessage())
        .lines()
        .map(line -> problem(file, code, path, line))
        .toList();
  }

  private static Problem problem(String file, String code, String path, String line) {
    Matcher placed = PLACED.matcher(line);
    return placed.matches()
        ? new Problem(
            placed.group(1), Integer.parseInt(placed.group(2)), code, path, placed.group(3))
        : new Problem(file, 0, code, path, line);
  }
}
