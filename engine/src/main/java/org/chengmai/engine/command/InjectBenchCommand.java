package org.chengmai.engine.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.chengmai.engine.demo.QuietCity;
import org.chengmai.engine.shell.TextTable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.models.evaluation.FaultReport;
import org.chengmai.models.evaluation.FaultSuite;
import org.chengmai.models.evaluation.QuietReport;
import org.chengmai.models.evaluation.RealSeries;
import org.chengmai.models.evaluation.RowScorer;
import org.chengmai.models.evaluation.SuiteScorers;
import org.chengmai.models.evaluation.TimedSeries;
import org.chengmai.models.rcf.RandomCutForestAlarms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Puts faults into real series and counts what is found, and counts false alarms where nothing is
 * wrong; docs/models.md says what the faults are.
 */
@Command(
    name = "inject",
    description =
        "Faults put into real series: how many are found, how soon; and false alarms where nothing is wrong.",
    mixinStandardHelpOptions = true)
final class InjectBenchCommand implements Callable<Integer> {
  static final int REPEATS = 2;
  static final int WEEKS = 8;
  private static final List<String> DISTRICTS = List.of("630102", "630103", "630104");

  @Option(
      names = "--data",
      defaultValue = "../shared/data",
      description =
          "Folder with beijing-air, hangzhou-metro, road-speed, power-transformer and nab; default ${DEFAULT-VALUE}.")
  private Path data = Path.of("../shared/data");

  @Option(names = "--seed", defaultValue = "1", description = "Default ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--repeats",
      defaultValue = "" + REPEATS,
      description = "Faults of each kind in each series; default ${DEFAULT-VALUE}.")
  private int repeats = REPEATS;

  @Option(
      names = "--quiet-weeks",
      defaultValue = "" + WEEKS,
      description =
          "Weeks of the undisturbed demo city, about 100 series each; default ${DEFAULT-VALUE}.")
  private int weeks = WEEKS;

  @Option(
      names = "--peers",
      description =
          "Judge the peers too: each gets the threshold at which it alarms no more often than ours on the series without faults.")
  private boolean peers;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  /** The figures; {@code quiet} is over the city and the benchmark's files without an anomaly. */
  record Figures(
      long seed, int repeats, String setting, List<FaultReport> faults, QuietReport quiet) {}

  @Override
  public Integer call() {
    if (!Files.isDirectory(data.resolve("nab"))) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "%s has no nab/: name the data's folder with --data".formatted(data));
    }
    RowScorer.Kind ours = SuiteScorers.operating();
    System.out.printf("seed %d, setting %s%n%n", seed, ours.name());
    FaultSuite suite = new FaultSuite(RealSeries.all(data), seed, repeats);
    List<FaultReport> reports = new ArrayList<>();
    reports.add(suite.judge(ours));
    if (peers) {
      Rivals.all()
          .forEach((name, making) -> reports.addAll(suite.judge(name, making, reports.get(0))));
      if (Rivals.hasForest()) {
        reports.add(suite.judge(RandomCutForestAlarms.kind()));
      }
    }
    print(reports);
    QuietReport calm = QuietReport.of(quiet(data, seed, weeks), ours);
    System.out.printf(
        Locale.ROOT,
        "%nWhere nothing is wrong: %d false alarms in %.0f series-weeks (%d series), %.2f per 100; by set %s%n",
        calm.falseAlarms(),
        calm.seriesWeeks(),
        calm.series(),
        calm.falseAlarmsPer100SeriesWeeks(),
        calm.alarmsBySet());
    if (json) {
      System.out.println(
          MeasuredJson.write(new Figures(seed, repeats, ours.name(), reports, calm)));
    }
    return 0;
  }

  /** Series in which nothing is wrong: the demo city's and the benchmark's. */
  static List<TimedSeries> quiet(Path data, long seed, int weeks) {
    List<TimedSeries> quiet =
        new ArrayList<>(
            QuietCity.series(seed, DISTRICTS, weeks, ChineseCalendar.shipped()::isWorkday));
    quiet.addAll(RealSeries.quiet(data));
    return quiet;
  }

  private static void print(List<FaultReport> reports) {
    for (FaultReport report : reports) {
      List<List<String>> lines = new ArrayList<>();
      lines.add(
          List.of("fault", "events", "found", "recall", "by chance", "latency p50", "p90 (rows)"));
      for (FaultReport.Line line : report.types()) {
        lines.add(
            List.of(
                line.type(),
                "" + line.events(),
                "" + line.found(),
                share(line.recall()),
                share(line.chance()),
                number(line.medianLatencyRows()),
                number(line.p90LatencyRows())));
      }
      System.out.println(
          report.scorer()
              + (Double.isNaN(report.threshold())
                  ? ""
                  : String.format(Locale.ROOT, ", threshold %.3g", report.threshold())));
      TextTable.print(lines, System.out);
      System.out.printf(
          Locale.ROOT,
          "all: recall %.3f of %d, precision %.3f, median latency %.0f rows; %.1f alarms per 100 series-weeks without faults; by set %s%n%n",
          report.recall(),
          report.events(),
          report.precision(),
          report.medianLatencyRows(),
          report.undisturbedAlarmsPer100SeriesWeeks(),
          report.recallBySet());
    }
  }

  private static String share(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.0f", value);
  }
}
