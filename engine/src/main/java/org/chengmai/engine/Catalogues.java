package org.chengmai.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.chengmai.dashboards.BoardIndicator;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.server.IndicatorCard;
import org.chengmai.engine.sql.ViewFile;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.ShippedCatalogue;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorGroup;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.region.City;
import org.chengmai.indicators.yaml.Problem;
import org.chengmai.indicators.yaml.YamlFolder;
import org.chengmai.indicators.yaml.YamlProblems;
import org.jspecify.annotations.Nullable;

/**
 * Reads the city, the view files and the definitions that a configuration names, and shows
 * definitions to pages and boards.
 */
public final class Catalogues {
  private Catalogues() {}

  public static City city(Path file) {
    return City.read(file.getFileName().toString(), read(file));
  }

  /** The view files of all folders, in order of their names. */
  public static List<ViewFile> views(Path base, List<String> folders) {
    List<ViewFile> views = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> files = Files.list(base.resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".sql"))
            .sorted()
            .map(ViewFile::read)
            .forEach(views::add);
      } catch (IOException e) {
        throw absent(base.resolve(folder), e);
      }
    }
    return views;
  }

  /** The definitions of all folders, or the shipped ones when none is named: file to text. */
  public static Map<String, String> definitions(Path base, List<String> folders) {
    return folders.isEmpty() ? ShippedDefinitions.files() : read(base, folders);
  }

  /**
   * The catalogue of the sources: that of all folders; the shipped one when neither such folders
   * nor definitions are named; null when definitions are, but no catalogue.
   *
   * @param problems gets what is wrong with it
   */
  public static @Nullable DataCatalogue sources(
      Path base, List<String> folders, List<String> definitions, List<Problem> problems) {
    if (!folders.isEmpty()) {
      return DataCatalogue.load(read(base, folders), problems);
    }
    return definitions.isEmpty() ? DataCatalogue.load(ShippedCatalogue.files(), problems) : null;
  }

  /**
   * What a configuration's sources promise; empty when its definitions come without a catalogue.
   */
  static DataCatalogue sources(Path base, EngineConfig config) {
    List<Problem> problems = new ArrayList<>();
    DataCatalogue sources = sources(base, config.catalog(), config.definitions(), problems);
    YamlProblems.throwIfAny(problems);
    return sources == null ? DataCatalogue.load(Map.of()) : sources;
  }

  /** What a configuration computes; INVALID_DEFINITION with all problems of all files. */
  static IndicatorCatalogue indicators(
      Path base, EngineConfig config, City city, @Nullable SqlChecker checker) {
    List<Problem> problems = new ArrayList<>();
    DataCatalogue sources = sources(base, config.catalog(), config.definitions(), problems);
    YamlProblems.throwIfAny(problems);
    return IndicatorCatalogue.load(
        definitions(base, config.definitions()),
        city.regions(),
        sources,
        city.calendars(),
        checker);
  }

  private static Map<String, String> read(Path base, List<String> folders) {
    Map<String, String> files = new TreeMap<>();
    for (String folder : folders) {
      try {
        YamlFolder.read(base.resolve(folder))
            .forEach((name, text) -> files.put(Path.of(folder, name).toString(), text));
      } catch (IOException e) {
        throw absent(base.resolve(folder), e);
      }
    }
    return files;
  }

  /**
   * A view for each domain in the library {@code indicators}, with a column for each indicator that
   * is computed: {@code env_0001} holds CVS-ENV-0001.
   */
  static ViewFile domains(IndicatorCatalogue catalogue) {
    Map<String, Set<String>> codes = new TreeMap<>();
    catalogue.all().stream()
        .filter(IndicatorDefinition::isActive)
        .forEach(
            definition ->
                codes
                    .computeIfAbsent(
                        definition.domain().name().toLowerCase(Locale.ROOT), d -> new TreeSet<>())
                    .add(definition.code()));
    StringBuilder views = new StringBuilder();
    codes.forEach(
        (domain, indicators) -> {
          views.append("CREATE VIEW ").append(domain).append(" AS\nSELECT ts, region, grain");
          for (String code : indicators) {
            String column = code.substring(4).replace('-', '_').toLowerCase(Locale.ROOT);
            views.append(
                ",\n  MAX(CASE WHEN code = '%s' THEN val END) AS %s".formatted(code, column));
          }
          views.append("\nFROM vital_signs\nWHERE (dims IS NULL OR dims = '') AND code IN ('");
          views.append(String.join("', '", indicators));
          views.append("')\nGROUP BY ts, region, grain;\n");
        });
    return new ViewFile("indicators", "domains.sql", views.toString());
  }

  static IndicatorCard card(
      IndicatorDefinition definition, IndicatorCatalogue catalogue, Instant now) {
    var name = definition.metadata().name();
    var unit = definition.unit();
    LocalDate day = now.atZone(definition.period().zone()).toLocalDate();
    String sql =
        catalogue.groups(day).stream()
            .filter(group -> group.definitions().contains(definition))
            .findFirst()
            .map(group -> group.sql(start(definition, group, now), now))
            .orElse(null);
    return new IndicatorCard(
        definition.code(),
        definition.version(),
        new IndicatorCard.Name(name.zh(), name.en(), name.shortName()),
        definition.domain().name().toLowerCase(Locale.ROOT),
        new IndicatorCard.Unit(unit.code(), unit.display(), unit.decimals()),
        definition.grain().toString(),
        definition.direction().name().toLowerCase(Locale.ROOT),
        definition.definition().caliber(),
        sql,
        definition.thresholds().stream()
            .map(
                threshold -> new IndicatorCard.Threshold(threshold.grade().key(), threshold.when()))
            .toList());
  }

  private static Instant start(IndicatorDefinition definition, IndicatorGroup group, Instant now) {
    return definition.grain().previous(definition.grain().floor(now, group.zone()), group.zone());
  }

  /**
   * What Grafana's boards need; a grade with a condition other than one bound on the value has no
   * line there.
   */
  static BoardIndicator board(IndicatorDefinition definition) {
    List<BoardIndicator.Threshold> thresholds = new ArrayList<>();
    for (IndicatorDefinition.Threshold threshold : definition.thresholds()) {
      java.util.regex.Matcher bound =
          java.util.regex.Pattern.compile("value\\s*[<>]=?\\s*(-?[0-9.]+)")
              .matcher(threshold.when());
      if (bound.matches()
          && thresholds.stream().noneMatch(known -> known.grade() == threshold.grade())) {
        thresholds.add(
            new BoardIndicator.Threshold(threshold.grade(), Double.parseDouble(bound.group(1))));
      }
    }
    return new BoardIndicator(
        definition.code(),
        definition.metadata().name().zh(),
        definition.metadata().name().en(),
        definition.domain().name().toLowerCase(Locale.ROOT),
        definition.unit().display(),
        definition.unit().decimals(),
        definition.grain(),
        BoardIndicator.Direction.valueOf(definition.direction().name()),
        thresholds);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw absent(file, e);
    }
  }

  private static ChengmaiException absent(Path file, IOException cause) {
    return new ChengmaiException(
        ErrorCode.NOT_FOUND, "%s cannot be read: %s".formatted(file, cause.getMessage()), cause);
  }
}
