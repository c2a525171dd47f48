package org.chengmai.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import org.chengmai.indicators.definition.Condition;
import org.chengmai.indicators.definition.Governance;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.IndicatorGroup;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.definition.Threshold;
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

  /** That of a configuration; INVALID_DEFINITION with all its problems. */
  static @Nullable DataCatalogue sources(Path base, EngineConfig config) {
    List<Problem> problems = new ArrayList<>();
    DataCatalogue sources = sources(base, config.catalog(), config.definitions(), problems);
    YamlProblems.throwIfAny(problems);
    return sources;
  }

  /** What a configuration computes; INVALID_DEFINITION with all problems of all files. */
  static IndicatorCatalogue indicators(
      Path base, EngineConfig config, City city, @Nullable SqlChecker checker) {
    return IndicatorCatalogue.load(
        definitions(base, config.definitions()),
        city.regions(),
        sources(base, config),
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

  /**
   * A card for each indicator that is computed, of the version in force or, before the first is,
   * the newest; those of a group with the group's SQL.
   */
  static List<IndicatorCard> cards(IndicatorCatalogue catalogue, Instant now) {
    Map<ZoneId, Map<String, IndicatorGroup>> groups = new HashMap<>();
    return catalogue.all().stream()
        .filter(IndicatorDefinition::isActive)
        .filter(definition -> definition.equals(shown(catalogue, definition, now)))
        .map(
            definition -> {
              IndicatorGroup group =
                  groups
                      .computeIfAbsent(
                          definition.period().zone(),
                          zone -> byMember(catalogue.groups(now.atZone(zone).toLocalDate())))
                      .get(definition.code() + definition.version());
              return card(
                  definition, group == null ? null : group.sql(start(definition, group, now), now));
            })
        .toList();
  }

  private static @Nullable IndicatorDefinition shown(
      IndicatorCatalogue catalogue, IndicatorDefinition definition, Instant now) {
    return catalogue
        .active(definition.code(), now.atZone(definition.period().zone()).toLocalDate())
        .or(() -> catalogue.find(definition.code()))
        .orElse(null);
  }

  private static Map<String, IndicatorGroup> byMember(List<IndicatorGroup> groups) {
    Map<String, IndicatorGroup> byMember = new HashMap<>();
    groups.forEach(
        group ->
            group
                .definitions()
                .forEach(member -> byMember.put(member.code() + member.version(), group)));
    return byMember;
  }

  private static IndicatorCard card(IndicatorDefinition definition, @Nullable String sql) {
    var name = definition.metadata().name();
    var unit = definition.unit();
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
        definition.thresholds().stream().map(Catalogues::threshold).toList(),
        governance(definition),
        definition.alert() == null
            ? null
            : new IndicatorCard.Alerting(definition.alert().route(), definition.alert().runbook()));
  }

  private static IndicatorCard.@Nullable Governance governance(IndicatorDefinition definition) {
    Governance stated = definition.governance();
    return stated == null
        ? null
        : new IndicatorCard.Governance(
            stated.ownerDept(),
            stated.steward(),
            stated.label(),
            stated.share(),
            stated.open(),
            stated.kMin(),
            stated.authority());
  }

  private static IndicatorCard.Threshold threshold(Threshold threshold) {
    Optional<Condition.Comparison> bound = threshold.condition().ofValueAlone();
    return new IndicatorCard.Threshold(
        threshold.grade().key(),
        threshold.when(),
        bound.map(Condition.Comparison::least).orElse(null),
        bound.map(Condition.Comparison::greatest).orElse(null));
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
    for (Threshold threshold : definition.thresholds()) {
      threshold
          .condition()
          .ofValueAlone()
          .filter(bound -> bound.least() == null || bound.greatest() == null)
          .filter(
              bound -> thresholds.stream().noneMatch(known -> known.grade() == threshold.grade()))
          .ifPresent(
              bound ->
                  thresholds.add(new BoardIndicator.Threshold(threshold.grade(), bound.low())));
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
