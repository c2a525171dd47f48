package org.chengmai.engine.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.chengmai.engine.Engine;
import org.chengmai.engine.bench.BenchEngine;
import org.chengmai.engine.bench.IngestBenchmark;
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
    try (BenchEngine started =
        BenchEngine.start(
            Home.path(), BenchEngine.Contents.of(servers -> List.of()), System.out::println)) {
      Engine engine = started.engine();
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
    }
  }
}
