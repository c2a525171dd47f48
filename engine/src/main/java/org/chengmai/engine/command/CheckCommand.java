package org.chengmai.engine.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.yaml.Problem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads definitions, catalogue and configuration, and reports all problems at once. */
@Command(
    name = "check",
    description = {
      "Validate indicator definitions against the catalogue of their sources and run their tests; report all problems at once.",
      "Without --config that is what is shipped, or the folders that are named; with it a configuration and all that it names."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Mixin private DefinitionFolders folders = new DefinitionFolders();

  @Option(
      names = "--live",
      description =
          "Connect to the configured libraries: compare the catalogue with their tables, compile views and definitions over these.")
  private boolean isLive;

  @Option(
      names = "--dir",
      defaultValue = "data",
      description = "Data folder of the engine, for the JDBC drivers in it; default ./data.")
  private Path folder = Path.of("data");

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean isJson;

  /** What {@code --json} prints. */
  record Report(int definitions, List<Problem> problems, double seconds) {}

  @Override
  public Integer call() throws IOException {
    if (isLive && folders.file() == null) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "--live asks the libraries of a configuration; name it with --config");
    }
    long start = System.nanoTime();
    Path work = Files.createTempDirectory("chengmai-check");
    Check.Result result;
    try {
      result = look(work);
    } finally {
      FileTree.delete(work);
    }
    tell(result, (System.nanoTime() - start) / 1e9);
    return result.problems().isEmpty() ? 0 : 1;
  }

  /** What is found; a folder or file that cannot be read is a problem too. */
  private Check.Result look(Path work) {
    Path file = folders.file();
    String named = file == null ? "" : file.toString();
    try {
      return file == null ? alone(work) : configured(file, work);
    } catch (ChengmaiException e) {
      return new Check.Result(0, Check.problems(named, "unreadable", "", e), List.of());
    }
  }

  private Check.Result alone(Path work) {
    Check check = check(work, null);
    check.alone(Regions.xining());
    return check.result();
  }

  private Check.Result configured(Path file, Path work) {
    EngineConfig config = EngineConfig.read(file, System::getenv);
    Check check = check(work, config);
    check.configured(config, file.toString(), folder.resolve("drivers"), isLive);
    return check.result();
  }

  private Check check(Path work, @Nullable EngineConfig config) {
    return new Check(
        work,
        Progress.onTerminal(),
        folders.base(),
        folders.definitions(config),
        folders.catalog(config));
  }

  private void tell(Check.Result result, double seconds) {
    result.seen().forEach(System.out::println);
    if (isJson) {
      System.out.println(
          Json.write(new Report(result.definitions(), result.problems(), round(seconds))));
      return;
    }
    result.problems().forEach(System.err::println);
    System.out.printf(
        Locale.ROOT,
        "%s in %.1f s%n",
        result.problems().isEmpty() ? "no problems" : result.problems().size() + " problems",
        seconds);
  }

  private static double round(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }
}
