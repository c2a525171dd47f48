package org.chengmai.engine.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.engine.Engine;
import org.chengmai.engine.EngineOptions;
import org.chengmai.engine.bench.IngestBenchmark;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.engine.config.ServerConfig;
import org.chengmai.indicators.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures ingestion from HTTP to rows visible in Druid, beside Druid fed by Kafka alone, on
 * servers of its own.
 */
@Command(
    name = "ingest",
    description =
        "Observations per second from HTTP to rows visible in Druid, beside Druid fed by Kafka alone.",
    mixinStandardHelpOptions = true)
final class IngestBenchCommand implements Callable<Integer> {
  @Option(
      names = "--observations",
      defaultValue = "1000000",
      description = "How many to send; default ${DEFAULT-VALUE}.")
  private int observations = 1_000_000;

  @Option(
      names = "--rows",
      defaultValue = "1000",
      description = "Rows of one request; default ${DEFAULT-VALUE}.")
  private int rows = 1_000;

  @Option(
      names = "--connections",
      defaultValue = "8",
      description = "Requests at once; default ${DEFAULT-VALUE}.")
  private int connections = 8;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("chengmai-bench");
    EngineConfig defaults = EngineConfig.defaults();
    EngineConfig config =
        new EngineConfig(
            "city.yaml",
            new ServerConfig("127.0.0.1", 0, 0, -1),
            defaults.servers(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of("none"),
            List.of(),
            defaults.limits(),
            defaults.execution(),
            defaults.trino(),
            defaults.history(),
            defaults.grafana());
    Path base = Files.createDirectories(folder.resolve("base"));
    Files.createDirectories(base.resolve("none"));
    Files.copy(Home.path().resolve("examples/demo/city.yaml"), base.resolve("city.yaml"));
    try (Engine engine =
        new Engine(config, EngineOptions.of(Home.path(), folder, base, System.out::println))) {
      engine.start();
      IngestBenchmark.Settings usual = IngestBenchmark.Settings.defaults();
      var figures =
          new IngestBenchmark(
                  new IngestBenchmark.Settings(observations, rows, connections, usual.series()),
                  engine.address(),
                  engine.ownToken(),
                  engine.ingestion().registry(),
                  engine.ingestion().druid(),
                  engine.servers().kafka(),
                  "observations")
              .run();
      System.out.println(json ? Json.write(figures) : figures.toString());
      return 0;
    } finally {
      FileTree.delete(folder);
    }
  }
}
