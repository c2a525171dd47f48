package org.chengmai.engine.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.chengmai.engine.Catalogues;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.pipeline.TribuoTrainer;
import org.chengmai.engine.server.LineageRoutes.Failing;
import org.chengmai.engine.server.LineageRoutes.Of;
import org.chengmai.engine.shell.TextTable;
import org.chengmai.engine.sql.TableChecker;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.lineage.Lineages;
import org.chengmai.indicators.region.City;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.yaml.Problem;
import org.chengmai.indicators.yaml.YamlProblems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what an indicator is computed from, or what depends on a column. */
@Command(
    name = "lineage",
    description = {
      "Tell which columns an indicator is computed from, or what fails when a column, table or library goes.",
      "By the catalogue of the sources; no server is needed. A running engine tells the same through its views: GET /api/v1/lineage."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "docs/indicators/lineage.md describes what is told."})
final class LineageCommand implements Runnable {
  @Parameters(
      paramLabel = "WHAT",
      description = "A code, as CVS-ENV-0001; or library[.table[.column]], as topic_env.air.val.")
  private String what = "";

  @Mixin private DefinitionFolders folders = new DefinitionFolders();

  @Option(names = "--json", description = "One JSON object, as the routes answer.")
  private boolean isJson;

  @Override
  public void run() {
    System.out.print(output());
  }

  String output() {
    Path file = folders.file();
    Path base = folders.base();
    EngineConfig config = file == null ? null : EngineConfig.read(file, System::getenv);
    List<String> definitionFolders = folders.definitions(config);
    List<Problem> problems = new ArrayList<>();
    DataCatalogue sources =
        Catalogues.sources(base, folders.catalog(config), definitionFolders, problems);
    YamlProblems.throwIfAny(problems);
    if (sources == null) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "no catalogue describes what these definitions read; name its folder with --catalog");
    }
    City city = config == null ? null : Catalogues.city(base.resolve(config.city()));
    IndicatorCatalogue catalogue =
        IndicatorCatalogue.load(
            Catalogues.definitions(base, definitionFolders),
            city == null ? Regions.xining() : city.regions(),
            sources,
            city == null ? Calendars.defaults() : city.calendars(),
            null);
    Lineages lineages = new Lineages(catalogue, TableChecker.of(sources).origins());
    Function<String, List<String>> models = TribuoTrainer.models(catalogue);
    if (catalogue.find(what).isPresent()) {
      Of of = Of.of(what, lineages, models, false);
      return isJson ? Json.write(of) + "\n" : text(catalogue.get(what), of);
    }
    String[] names = what.split("\\.", -1);
    if (names.length > 3 || what.startsWith("CVS-")) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "'%s' is neither an indicator's code nor library[.table[.column]]".formatted(what));
    }
    Failing failing =
        Failing.of(
            names[0],
            names.length > 1 ? names[1] : null,
            names.length > 2 ? names[2] : null,
            lineages,
            models);
    return isJson ? Json.write(failing) + "\n" : text(failing);
  }

  private static String text(IndicatorDefinition definition, Of of) {
    var name = definition.metadata().name();
    StringBuilder text =
        new StringBuilder("%s  %s  %s%n".formatted(of.code(), name.zh(), name.en()));
    if (!of.inputs().isEmpty()) {
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("column", "used for"));
      of.inputs()
          .forEach(
              input ->
                  lines.add(
                      List.of(
                          input.column().toString(),
                          input.use().stream()
                              .map(use -> use.name().toLowerCase(Locale.ROOT))
                              .collect(Collectors.joining(", ")))));
      text.append(TextTable.text(lines));
    }
    list(text, "computed from", of.from());
    list(text, "goes into", of.to());
    list(text, "models", of.models());
    return text.toString();
  }

  private static void list(StringBuilder text, String title, List<String> codes) {
    if (!codes.isEmpty()) {
      text.append(title).append(": ").append(String.join(", ", codes)).append('\n');
    }
  }

  private String text(Failing failing) {
    StringBuilder text = new StringBuilder();
    if (failing.breaks().isEmpty()) {
      text.append("no indicator depends on %s%n".formatted(what));
    } else {
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("indicator", "name", "models", "because"));
      failing
          .breaks()
          .forEach(
              entry ->
                  lines.add(
                      List.of(
                          entry.indicator().code(),
                          entry.indicator().name().zh(),
                          String.join(", ", entry.models()),
                          String.join(" → ", entry.indicator().because()))));
      text.append(TextTable.text(lines));
    }
    failing
        .unknown()
        .forEach((code, reason) -> text.append("unknown: %s: %s%n".formatted(code, reason)));
    return text.toString();
  }
}
