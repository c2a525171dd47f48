package org.chengmai.indicators.definition;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.calendar.PeriodCalendar;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition.Type;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.yaml.YamlLines;
import org.chengmai.indicators.yaml.YamlProblems;
import org.jspecify.annotations.Nullable;

/** All definitions of a city, read and checked together. Immutable. */
public final class IndicatorCatalogue {
  private final List<IndicatorDefinition> definitions;
  private final Map<String, String> texts = new HashMap<>();
  private final Regions regions;
  private final @Nullable DataCatalogue sources;
  private final Calendars calendars;

  IndicatorCatalogue(
      List<Loaded> loaded, Regions regions, @Nullable DataCatalogue sources, Calendars calendars) {
    loaded.forEach(one -> texts.put(identity(one.definition()), one.yaml()));
    this.definitions =
        loaded.stream()
            .map(Loaded::definition)
            .sorted(
                Comparator.comparing(IndicatorDefinition::code)
                    .thenComparing(IndicatorDefinition::version))
            .toList();
    this.regions = regions;
    this.sources = sources;
    this.calendars = calendars;
  }

  /** A definition with the file that it stands in. */
  record Loaded(IndicatorDefinition definition, YamlProblems problems, String yaml) {
    void add(Refusal refusal, String path, String message) {
      problems.add(YamlLines.of(yaml).line(path), refusal.code(), path, message);
    }
  }

  /**
   * Reads and checks definitions.
   *
   * @param files file name to YAML text, one definition a file
   * @param checker checks the compiled SQL of computed definitions against the tables; null leaves
   *     that out
   * @throws ChengmaiException INVALID_DEFINITION with every problem of every file, one a line
   */
  public static IndicatorCatalogue load(
      Map<String, String> files, Regions regions, @Nullable SqlChecker checker) {
    return load(files, regions, null, Calendars.defaults(), checker);
  }

  /**
   * The same.
   *
   * @param sources the tables that definitions read; null leaves the rules about them out
   * @param calendars what {@code period.calendar} means
   */
  public static IndicatorCatalogue load(
      Map<String, String> files,
      Regions regions,
      @Nullable DataCatalogue sources,
      Calendars calendars,
      @Nullable SqlChecker checker) {
    DefinitionCheck check = DefinitionCheck.of(files, regions, sources, calendars);
    if (checker != null) {
      check.checkSql(checker, false);
    }
    return check.catalogue();
  }

  /**
   * Reads one more definition and checks it beside those of this catalogue, whatever its lifecycle;
   * the catalogue stays as it is.
   *
   * @param file named in problems
   * @throws ChengmaiException INVALID_DEFINITION with every problem, one a line
   */
  public IndicatorDefinition draft(String file, String yaml, @Nullable SqlChecker checker) {
    return DefinitionCheck.draft(file, yaml, this, checker);
  }

  static void checkDuplicates(List<Loaded> loaded) {
    Map<String, Loaded> seen = new HashMap<>();
    for (Loaded one : loaded) {
      String identity = identity(one.definition());
      if (seen.putIfAbsent(identity, one) != null) {
        one.add(Refusal.DUPLICATE_CODE, "metadata.code", identity + " is defined twice");
      }
    }
  }

  private static String identity(IndicatorDefinition definition) {
    return definition.code() + " version " + definition.version();
  }

  static void checkInputs(List<Loaded> loaded) {
    Map<String, List<String>> inputs = new HashMap<>();
    loaded.forEach(
        l ->
            inputs
                .computeIfAbsent(l.definition().code(), c -> new ArrayList<>())
                .addAll(l.definition().definition().indicators()));
    for (Loaded one : loaded) {
      List<String> given = one.definition().definition().inputs();
      for (int i = 0; i < given.size(); i++) {
        String path = "definition.inputs[" + i + "]";
        if (given.get(i).startsWith(Formula.INDICATOR)) {
          String input = given.get(i).substring(Formula.INDICATOR.length());
          List<String> way = way(input, one.definition().code(), inputs, new ArrayList<>());
          if (!inputs.containsKey(input)) {
            one.add(Refusal.UNKNOWN_INDICATOR, path, "no definition of " + input);
          } else if (!way.isEmpty()) {
            one.add(
                Refusal.INPUT_CYCLE,
                path,
                "a cycle: %s -> %s".formatted(one.definition().code(), String.join(" -> ", way)));
          }
        }
      }
    }
  }

  /**
   * The codes from {@code at} to {@code goal} along inputs, both included; empty when there is no
   * way.
   */
  private static List<String> way(
      String at, String goal, Map<String, List<String>> inputs, List<String> seen) {
    if (at.equals(goal)) {
      return List.of(goal);
    }
    if (seen.contains(at)) {
      return List.of();
    }
    seen.add(at);
    for (String next : inputs.getOrDefault(at, List.of())) {
      List<String> rest = way(next, goal, inputs, seen);
      if (!rest.isEmpty()) {
        List<String> all = new ArrayList<>(List.of(at));
        all.addAll(rest);
        return all;
      }
    }
    return List.of();
  }

  static void checkIndices(List<Loaded> loaded) {
    List<IndicatorDefinition> all = loaded.stream().map(Loaded::definition).toList();
    for (Loaded one : loaded) {
      if (one.definition().definition().type() == Type.COMPOSITE && one.problems().isEmpty()) {
        try {
          IndicatorIndex.of(one.definition(), inputs(one.definition(), all));
        } catch (ChengmaiException e) {
          one.add(Refusal.INVALID_INDEX, "definition.inputs", String.valueOf(e.getMessage()));
        }
      }
    }
  }

  static void checkSql(Loaded one, Regions regions, SqlChecker checker) {
    IndicatorGroup group = IndicatorGroup.of(one.definition(), regions);
    Instant day = Instant.parse("2026-01-01T00:00:00Z");
    try {
      checker.check(group.sql(day, day.plusSeconds(1)));
    } catch (ChengmaiException e) {
      one.add(Refusal.INVALID_SQL, "definition", String.valueOf(e.getMessage()));
    }
  }

  /** Every definition, by code and version, drafts included. */
  public List<IndicatorDefinition> all() {
    return definitions;
  }

  /** The YAML text of a definition of this catalogue. */
  public String yaml(IndicatorDefinition definition) {
    return texts.getOrDefault(identity(definition), "");
  }

  public Regions regions() {
    return regions;
  }

  /** What periods count by in the city. */
  public Calendars calendars() {
    return calendars;
  }

  /** Which of an indicator's periods count. */
  public PeriodCalendar calendar(IndicatorDefinition definition) {
    return calendars.of(definition.period().calendar());
  }

  /** The newest version of a code that is computed, or the newest of all when none is. */
  public Optional<IndicatorDefinition> find(String code) {
    List<IndicatorDefinition> versions =
        definitions.stream().filter(d -> d.code().equals(code)).toList();
    return versions.stream()
        .filter(IndicatorDefinition::isActive)
        .reduce((a, b) -> b)
        .or(() -> versions.stream().reduce((a, b) -> b));
  }

  /** As {@link #find}; NOT_FOUND when there is none. */
  public IndicatorDefinition get(String code) {
    return find(code)
        .orElseThrow(
            () -> new ChengmaiException(ErrorCode.NOT_FOUND, "no indicator '%s'".formatted(code)));
  }

  /** A stated version of a code. */
  public Optional<IndicatorDefinition> find(String code, int version) {
    return definitions.stream()
        .filter(d -> d.code().equals(code) && d.version() == version)
        .findFirst();
  }

  /** What is computed on a day: of each code the newest version in force. */
  public List<IndicatorDefinition> active(LocalDate date) {
    SortedMap<String, IndicatorDefinition> newest = new TreeMap<>();
    for (IndicatorDefinition definition : definitions) {
      if (definition.isActive() && definition.metadata().effective().includes(date)) {
        newest.put(definition.code(), definition);
      }
    }
    return List.copyOf(newest.values());
  }

  /** The newest version of a code that is in force on a day. */
  public Optional<IndicatorDefinition> active(String code, LocalDate date) {
    return definitions.stream()
        .filter(d -> d.code().equals(code) && d.isActive())
        .filter(d -> d.metadata().effective().includes(date))
        .reduce((a, b) -> b);
  }

  /** The same, by domain. */
  public Map<Domain, List<IndicatorDefinition>> byDomain(LocalDate date) {
    Map<Domain, List<IndicatorDefinition>> domains = new TreeMap<>();
    active(date).forEach(d -> domains.computeIfAbsent(d.domain(), k -> new ArrayList<>()).add(d));
    return domains;
  }

  /**
   * The composite ones, each after those that it reads; without those of which some input is not in
   * force on the day.
   */
  public List<IndicatorIndex> indices(LocalDate date) {
    List<IndicatorDefinition> active = active(date);
    Map<String, IndicatorIndex> indices = new LinkedHashMap<>();
    for (IndicatorDefinition definition : active) {
      addIndex(definition, active, indices);
    }
    return List.copyOf(indices.values());
  }

  /** A composite definition, of any lifecycle, over the inputs that are in force on a day. */
  public IndicatorIndex index(IndicatorDefinition composite, LocalDate date) {
    return IndicatorIndex.of(composite, inputs(composite, active(date)));
  }

  private static void addIndex(
      IndicatorDefinition definition,
      List<IndicatorDefinition> active,
      Map<String, IndicatorIndex> indices) {
    if (definition.definition().type() == Type.COMPOSITE
        && !indices.containsKey(definition.code())) {
      List<IndicatorDefinition> inputs = inputs(definition, active);
      inputs.forEach(input -> addIndex(input, active, indices));
      if (inputs.size() == Set.copyOf(definition.definition().indicators()).size()) {
        indices.put(definition.code(), IndicatorIndex.of(definition, inputs));
      }
    }
  }

  static List<IndicatorDefinition> inputs(
      IndicatorDefinition definition, Collection<IndicatorDefinition> among) {
    List<String> codes = definition.definition().indicators();
    return among.stream().filter(d -> codes.contains(d.code())).toList();
  }

  /** Those with an SQL of their own, in groups that one SQL computes. */
  public List<IndicatorGroup> groups(LocalDate date) {
    return groups(active(date));
  }

  /**
   * Definitions, of any lifecycle, in groups that one SQL computes; composite ones are left out.
   */
  public List<IndicatorGroup> groups(Collection<IndicatorDefinition> chosen) {
    Map<IndicatorGroup.Key, List<IndicatorDefinition>> groups = new LinkedHashMap<>();
    chosen.stream()
        .filter(d -> d.definition().type().isQueried())
        .forEach(
            d -> groups.computeIfAbsent(IndicatorGroup.Key.of(d), k -> new ArrayList<>()).add(d));
    List<IndicatorGroup> result = new ArrayList<>();
    groups.forEach(
        (key, members) -> result.add(new IndicatorGroup(key, members, regions, tables(members))));
    return result;
  }

  /** The tables that some definitions read. */
  private Set<DataCatalogue.Entry> tables(List<IndicatorDefinition> members) {
    Set<DataCatalogue.Entry> tables = new LinkedHashSet<>();
    if (sources != null) {
      for (IndicatorDefinition member : members) {
        tables.addAll(SourceRules.tables(member, sources));
      }
    }
    return tables;
  }
}
