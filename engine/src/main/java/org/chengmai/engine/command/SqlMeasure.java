package org.chengmai.engine.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.chengmai.engine.bench.AnalystsBenchmark;
import org.chengmai.engine.bench.CancelBenchmark;
import org.chengmai.engine.bench.CityBenchmark;
import org.chengmai.engine.bench.LookUpBenchmark;
import org.chengmai.engine.bench.PlanningBenchmark;
import org.chengmai.engine.bench.SpillBenchmark;
import picocli.CommandLine.Option;

/** What {@code bench sql} measures in place of the nine queries: one of these options. */
final class SqlMeasure {
  @Option(
      names = "--city",
      description =
          "Queries over real Druid, PostgreSQL and Parquet, on servers of their own, beside Calcite's enumerable; a query of Druid alone beside Druid.")
  private boolean isCity;

  @Option(
      names = "--planning",
      description = "How long planning the nine queries takes, new texts and known ones.")
  private boolean isPlanning;

  @Option(
      names = "--look-up",
      description = "What looking up one customer's orders costs beyond PostgreSQL itself.")
  private boolean isLookUp;

  @Option(
      names = "--cancel",
      description = "How long after a cancel the caller and the sources are free.")
  private boolean isCancel;

  @Option(
      names = "--analysts",
      paramLabel = "N",
      description =
          "So many analysts at once, for --time: waits and times beside one alone; nine short queries of ten, or those of --query.")
  private int analysts;

  @Option(
      names = "--spill",
      description = "A grouping of --rows with half as many groups, in 1 GB of memory.")
  private boolean isSpill;

  /**
   * @param rounds more rounds, more samples
   * @param rows of the grouping
   * @param only the queries that the analysts ask; the usual ones when empty
   */
  Object run(
      Path folder,
      double scale,
      int rounds,
      Duration time,
      long rows,
      List<String> only,
      Consumer<String> progress)
      throws Exception {
    if (isCity) {
      return CityBenchmark.run(Home.path(), rounds, progress);
    }
    if (isPlanning) {
      return PlanningBenchmark.run(folder, scale, rounds * 10, progress);
    }
    if (isLookUp) {
      return LookUpBenchmark.run(folder, scale, rounds, progress);
    }
    if (isCancel) {
      return CancelBenchmark.run(folder, scale, progress);
    }
    if (isSpill) {
      return SpillBenchmark.run(folder, rows, rows / 2, progress);
    }
    return AnalystsBenchmark.run(folder, scale, analysts, time, only, progress);
  }
}
