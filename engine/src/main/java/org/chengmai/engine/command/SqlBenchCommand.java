package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.chengmai.engine.bench.SqlBenchmark;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures federated SQL over two PostgreSQL servers of its own, beside other engines. */
@Command(
    name = "sql",
    description =
        "City-Fed: TPC-H over two PostgreSQL servers, by Chengmai, by Calcite's enumerable engine and by Trino.",
    footer = {
      "",
      "The first run generates the data (about 3 GB at scale 1) and keeps them in --dir.",
      "--peer trino fetches Trino 476 (820 MB) and needs a Java 24 or newer, found in /usr/lib/jvm or /opt or named by CHENGMAI_TRINO_JAVA_HOME."
    },
    mixinStandardHelpOptions = true)
final class SqlBenchCommand implements Callable<Integer> {
  private enum Peer {
    TRINO
  }

  @ArgGroup(heading = "In place of the nine queries, one of:%n")
  private @Nullable SqlMeasure measure;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Timed rounds after three that warm up; default ${DEFAULT-VALUE}.")
  private int rounds = 5;

  @Option(
      names = "--scale",
      defaultValue = "1",
      description = "TPC-H's scale factor; default ${DEFAULT-VALUE}.")
  private double scale = 1;

  @Option(
      names = "--time",
      defaultValue = "PT1M",
      description = "How long the analysts work; default ${DEFAULT-VALUE}.")
  private Duration time = Duration.ofMinutes(1);

  @Option(
      names = "--rows",
      defaultValue = "50000000",
      description = "Rows of --spill; default ${DEFAULT-VALUE}.")
  private long rows = 50_000_000;

  @Option(names = "--peer", description = "Another engine to run beside: ${COMPLETION-CANDIDATES}.")
  private @Nullable Peer peer;

  @Option(names = "--no-enumerable", description = "Leave Calcite's enumerable engine out.")
  private boolean noEnumerable;

  @Option(
      names = "--query",
      description =
          "Only this query, such as Q2 or 'TPC-H Q5'; may be repeated. Also for --analysts.")
  private List<String> queries = List.of();

  @Option(names = "--explain", description = "Show our plan of each query.")
  private boolean explain;

  @Option(
      names = "--dir",
      description =
          "Folder of servers and data; default: chengmai-city-fed in the system's temporary folder.")
  private @Nullable Path folder;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Path data =
        folder == null
            ? Path.of(System.getProperty("java.io.tmpdir"), "chengmai-city-fed")
            : folder.toAbsolutePath();
    if (measure != null) {
      Object figures = measure.run(data, scale, rounds, time, rows, queries, System.err::println);
      System.out.println(figures(figures, !json));
      return 0;
    }
    SqlBenchmark.Result result =
        new SqlBenchmark(
                new SqlBenchmark.Settings(
                    rounds, scale, data, peer == Peer.TRINO, !noEnumerable, explain, queries),
                Home.path().resolve("peers"),
                System.err::println)
            .run();
    System.out.println(json ? figures(result, false) : table(result));
    return 0;
  }

  private static String figures(Object result, boolean isIndented) throws IOException {
    return Json.mapper()
        .copy()
        .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .configure(SerializationFeature.INDENT_OUTPUT, isIndented)
        .writeValueAsString(result);
  }

  private static String table(SqlBenchmark.Result result) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-10s %9s %9s %11s %9s %9s %6s %s%n"
            .formatted(
                "query",
                "ours ms",
                "trino ms",
                "enumerable",
                "planning",
                "MB moved",
                "floor",
                "equal"));
    for (SqlBenchmark.QueryFigures one : result.queries()) {
      text.append(
          "%-10s %9.0f %9s %11s %9.1f %9.1f %6s %s %s%n"
              .formatted(
                  one.name(),
                  one.oursMs(),
                  shown(one.trinoMs()),
                  shown(one.enumerableMs()),
                  one.planningMs(),
                  one.mbMoved(),
                  shown(one.cpuRatioToFloor()),
                  one.hashEqual(),
                  one.errors().isEmpty() ? "" : one.errors()));
    }
    text.append(
        "times faster, geometric mean: Trino %s, enumerable %s; peak memory %.0f MB, Trino %s MB%n"
            .formatted(
                shown(result.geomeanVsTrino()),
                shown(result.geomeanVsEnumerable()),
                result.rssMb(),
                shown(result.trinoRssMb())));
    return text.append(result.machine()).toString();
  }

  private static String shown(@Nullable Double figure) {
    return figure == null
        ? "-"
        : figure >= 20 ? "%.0f".formatted(figure) : "%.2f".formatted(figure);
  }
}
