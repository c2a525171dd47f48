package org.chengmai.engine.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.chengmai.engine.bench.ClientsBenchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what clients get by each protocol, on servers of its own. */
@Command(
    name = "clients",
    description =
        "What clients get by Flight SQL, PostgreSQL's protocol and HTTP: throughput beside a bare Flight server, time to the first row, memory of idle connections, many at once.",
    footer = {
      "",
      "The bare Flight server is asked twice: to run the same query, and for the same batches from memory."
    },
    mixinStandardHelpOptions = true)
final class ClientsBenchCommand implements Callable<Integer> {
  @Option(
      names = "--rounds",
      defaultValue = "9",
      description =
          "Readings of all rows by each server, after twenty that warm up; default ${DEFAULT-VALUE}.")
  private int rounds = 9;

  @Option(
      names = "--samples",
      defaultValue = "1000",
      description = "Look-ups of each kind, after 2,000 that warm up; default ${DEFAULT-VALUE}.")
  private int samples = 1000;

  @Option(
      names = "--idle",
      defaultValue = "500",
      description = "Idle connections of each protocol; default ${DEFAULT-VALUE}.")
  private int idle = 500;

  @Option(
      names = "--active",
      defaultValue = "32",
      description = "Connections of each protocol that ask at once; default ${DEFAULT-VALUE}.")
  private int active = 32;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "How long they ask; default ${DEFAULT-VALUE}.")
  private int seconds = 5;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ClientsBenchmark.Result result =
        ClientsBenchmark.run(
            Home.path(),
            new ClientsBenchmark.Settings(rounds, samples, idle, active, seconds),
            System.err::println);
    System.out.println(json ? MeasuredJson.write(result) : table(result));
    return 0;
  }

  private static String table(ClientsBenchmark.Result result) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-40s %10s %8s %9s %9s %9s %8s %8s %9s %9s%n"
            .formatted(
                "streamed from",
                "rows",
                "MB",
                "ours MB/s",
                "bare",
                "held",
                "to bare",
                "to held",
                "CPU ms",
                "of held"));
    for (ClientsBenchmark.Throughput one : result.throughput()) {
      text.append(
          "%-40s %10d %8.0f %9.0f %9.0f %9.0f %8.2f %8.2f %9.0f %9.0f%n"
              .formatted(
                  one.from(),
                  one.rows(),
                  one.mb(),
                  one.ours().mbPerSecond(),
                  one.bare().mbPerSecond(),
                  one.held().mbPerSecond(),
                  one.toBare(),
                  one.toHeld(),
                  one.ours().cpuMillis(),
                  one.held().cpuMillis()));
    }
    text.append("%n%-40s %10s %8s %10s%n".formatted("first row, ms", "p50", "p99", "max"));
    for (ClientsBenchmark.FirstRow one : result.firstRow()) {
      text.append(
          "%-40s %10.2f %8.2f %10.2f%n"
              .formatted(one.way(), one.millis().p50(), one.millis().p99(), one.millis().max()));
    }
    text.append("%n%-40s %10s %8s %10s%n".formatted("idle", "clients", "heap MB", "RSS MB"));
    for (ClientsBenchmark.Idle one : result.idle()) {
      text.append(
          "%-40s %10d %8.1f %10.1f%n"
              .formatted(one.way(), one.connections(), one.heapMb(), one.rssMb()));
    }
    text.append("%-51s %8.1f %10.1f%n".formatted("all", result.idleHeapMb(), result.idleRssMb()));
    text.append(
        "%n%-40s %10s %8s %10s %10s %6s%n"
            .formatted("active", "clients", "a second", "p50 ms", "p99 ms", "errors"));
    for (ClientsBenchmark.Active one : result.active()) {
      text.append(
          "%-40s %10d %8.0f %10.1f %10.1f %6d%n"
              .formatted(
                  one.way(),
                  one.clients(),
                  one.perSecond(),
                  one.millis().p50(),
                  one.millis().p99(),
                  one.errors()));
    }
    if (!result.errors().isEmpty()) {
      text.append(result.errors()).append(System.lineSeparator());
    }
    return text.append(result.machine()).toString();
  }
}
