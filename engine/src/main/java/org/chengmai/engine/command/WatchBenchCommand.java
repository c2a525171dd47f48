package org.chengmai.engine.command;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.connectors.process.Ports;
import org.chengmai.engine.Database;
import org.chengmai.engine.ServerSet;
import org.chengmai.engine.bench.WatchBenchmark;
import org.chengmai.engine.config.ExternalServersConfig;
import org.chengmai.indicators.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the detectors inside the engine, on a Kafka and a PostgreSQL of its own. */
@Command(
    name = "watch",
    description =
        "Detectors inside the engine: time from a read point to its anomaly, saving, loading, heap.",
    mixinStandardHelpOptions = true)
final class WatchBenchCommand implements Callable<Integer> {
  @Option(
      names = "--series",
      defaultValue = "100000",
      description = "Series of the largest of three sizes; default ${DEFAULT-VALUE}.")
  private int series = 100_000;

  @Option(
      names = "--rate",
      defaultValue = "20000",
      description = "Points a second; default ${DEFAULT-VALUE}.")
  private int rate = 20_000;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "How long times are taken at each size; default ${DEFAULT-VALUE}.")
  private int seconds = 30;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("chengmai-bench");
    // nothing of it reaches Druid: the one named here is never called
    String none = "http://127.0.0.1:9";
    ExternalServersConfig external =
        new ExternalServersConfig(null, null, null, null, 1, 1, none, none);
    try (ServerSet servers =
        new ServerSet(
            external,
            folder,
            Home.path(),
            new Ports(folder.resolve("ports.properties"), Map.of()),
            false)) {
      servers.start(event -> System.out.println("  " + event.english()));
      try (HikariDataSource database =
          Database.open(
              servers.postgresUrl(), servers.postgresUser(), servers.postgresPassword())) {
        WatchBenchmark.Result result =
            new WatchBenchmark(
                    new WatchBenchmark.Settings(series, rate, seconds),
                    servers.kafka(),
                    database,
                    System.out::println)
                .run();
        System.out.println(json ? Json.write(result) : result.toString());
      }
      return 0;
    } finally {
      FileTree.delete(folder);
    }
  }
}
