package org.chengmai.engine.command;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.engine.bench.GeneratedDrafts;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.ShippedCatalogue;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.region.Regions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures {@code check} over many generated drafts. */
@Command(
    name = "check",
    description =
        "Seconds to check many drafts over the shipped catalogue, which are made up first.",
    mixinStandardHelpOptions = true)
final class CheckBenchCommand implements Callable<Integer> {
  @Option(
      names = "--drafts",
      defaultValue = "10000",
      description = "How many; default ${DEFAULT-VALUE}.")
  private int drafts = 10_000;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  /**
   * The figures.
   *
   * @param heapMegabytes the peaks of the heap's pools, added
   */
  record Figures(int drafts, int problems, double seconds, long heapMegabytes) {}

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("chengmai-drafts");
    try {
      Path written = Files.createDirectories(folder.resolve("definitions"));
      new GeneratedDrafts(DataCatalogue.load(ShippedCatalogue.files()), 7).write(written, drafts);
      long start = System.nanoTime();
      Check check =
          new Check(
              folder.resolve("work"),
              Progress.onTerminal(),
              Path.of(""),
              List.of(written.toString()),
              List.of());
      check.alone(Regions.xining());
      double seconds = Math.round((System.nanoTime() - start) / 1e8) / 10.0;
      Check.Result result = check.result();
      Figures figures =
          new Figures(result.definitions(), result.problems().size(), seconds, heap() >> 20);
      System.out.println(json ? Json.write(figures) : figures.toString());
      return result.problems().isEmpty() && result.definitions() == drafts ? 0 : 1;
    } finally {
      FileTree.delete(folder);
    }
  }

  private static long heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong((MemoryPoolMXBean pool) -> pool.getPeakUsage().getUsed())
        .sum();
  }
}
