package org.chengmai.engine.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.engine.Catalogues;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.LibraryConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.region.City;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads a configuration and everything that it names, and reports all problems at once. */
@Command(
    name = "check",
    description =
        "Validate a configuration, its city, definitions and libraries; report all problems at once.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, description = "The configuration file.")
  private Path file = Path.of("chengmai.yaml");

  @Option(
      names = "--dir",
      defaultValue = "data",
      description = "Data folder of the engine, for the JDBC drivers in it; default ./data.")
  private Path folder = Path.of("data");

  @Option(names = "--offline", description = "Do not connect to the libraries.")
  private boolean offline;

  @Override
  public Integer call() throws IOException {
    EngineConfig config = EngineConfig.read(file, System::getenv);
    Path base = Home.folderOf(file);
    List<String> problems = new ArrayList<>();
    try {
      City city = Catalogues.city(base.resolve(config.city()));
      IndicatorCatalogue catalogue = Catalogues.definitions(base, config.definitions(), city, null);
      System.out.println(
          "city %s, %d definitions".formatted(city.name().zh(), catalogue.all().size()));
    } catch (ChengmaiException e) {
      problems.add(e.getMessage());
    }
    try {
      System.out.println("%d view files".formatted(Catalogues.views(base, config.views()).size()));
    } catch (ChengmaiException e) {
      problems.add(e.getMessage());
    }
    Path work = Files.createTempDirectory("chengmai-check");
    for (LibraryConfig library : config.libraries()) {
      try (Source source =
          library.open(base, work, folder.resolve("drivers"), config.limits().duckdbMemory())) {
        if (!offline) {
          source.check();
        }
        System.out.println("library %s%s".formatted(library.name(), offline ? "" : " answers"));
      } catch (ChengmaiException e) {
        problems.add("library %s: %s".formatted(library.name(), e.getMessage()));
      }
    }
    FileTree.delete(work);
    problems.forEach(System.err::println);
    System.out.println(problems.isEmpty() ? "no problems" : problems.size() + " problems");
    return problems.isEmpty() ? 0 : 1;
  }
}
