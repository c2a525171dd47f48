package org.chengmai.engine.command;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.chengmai.engine.shell.TextTable;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.models.DayClass;
import org.chengmai.models.evaluation.CsvScoring;
import org.chengmai.models.evaluation.DetectorSpeed;
import org.chengmai.models.evaluation.Peers;
import org.chengmai.models.evaluation.RowScorer;
import org.chengmai.models.evaluation.SuiteScorers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Scores anyone's series, or measures how fast and how small the scorers are. */
@Command(
    name = "detect",
    description =
        "Score a CSV series point by point; without --data, measure speed and memory of detection.",
    mixinStandardHelpOptions = true)
final class DetectBenchCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      description = "A CSV file, or - for standard input: a line in, a line out.")
  private @Nullable String data;

  @Option(
      names = "--time-column",
      defaultValue = "1",
      description = "Name, or number from 1, of the column of times; default ${DEFAULT-VALUE}.")
  private String time = "1";

  @Option(
      names = "--value-column",
      defaultValue = "2",
      description = "Name, or number from 1, of the column of values; default ${DEFAULT-VALUE}.")
  private String value = "2";

  @Option(
      names = "--out",
      defaultValue = "-",
      description =
          "File for time,value,score,alarm,expected,low,high; default - for standard output.")
  private String out = "-";

  @Option(
      names = "--grain",
      description = "Time between rows, such as PT15M; default: told from the first 24 rows.")
  private @Nullable String grain;

  @Option(
      names = "--chinese-calendar",
      description = "Class days by China's holidays and swapped workdays, not by weekday alone.")
  private boolean chinese;

  @Option(
      names = "--points",
      defaultValue = "400000",
      description = "Without --data: points judged for the rate; default ${DEFAULT-VALUE}.")
  private int points = 400_000;

  @Option(
      names = "--series",
      defaultValue = "100000",
      description = "Without --data: series alive at once; default ${DEFAULT-VALUE}.")
  private int series = 100_000;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  /**
   * The figures of speed and memory.
   *
   * @param timesFasterThanForest our rate over the random cut forest's, null without it
   */
  record Speed(
      String machine,
      String grain,
      long seed,
      DetectorSpeed.Figures suite,
      List<DetectorSpeed.Figures> peers,
      @Nullable Double timesFasterThanForest,
      DetectorSpeed.Crowd crowd) {}

  @Override
  public Integer call() throws IOException {
    if (data == null) {
      print(speed());
      return 0;
    }
    CsvScoring scoring =
        new CsvScoring(
            SuiteScorers.operating(),
            dayClass(),
            time,
            value,
            grain == null ? null : Grain.of(grain));
    try (BufferedReader in = reader(data);
        Writer answer = writer(out)) {
      CsvScoring.Summary summary = scoring.run(in, answer);
      System.err.printf(
          Locale.ROOT,
          "%d rows every %s, %d alarms, %d periods without a value, %d rows passed over (same time as the row before, or earlier)%n",
          summary.rows(),
          summary.grain(),
          summary.alarms(),
          summary.missing(),
          summary.passedOver());
      if (json) {
        System.out.println(MeasuredJson.write(summary));
      }
    } catch (NoSuchFileException e) {
      throw new ChengmaiException(ErrorCode.NOT_FOUND, "no file " + e.getMessage(), e);
    }
    return 0;
  }

  private Function<LocalDate, DayClass> dayClass() {
    if (!chinese) {
      return DayClass::usual;
    }
    ChineseCalendar calendar = ChineseCalendar.shipped();
    return date -> calendar.isWorkday(date) ? DayClass.WORKDAY : DayClass.OFF;
  }

  private static BufferedReader reader(String name) throws IOException {
    return name.equals("-")
        ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
        : Files.newBufferedReader(Path.of(name));
  }

  private static Writer writer(String name) throws IOException {
    return name.equals("-")
        ? new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)) {
          @Override
          public void close() throws IOException {
            // Standard output is not ours to close.
            flush();
          }
        }
        : Files.newBufferedWriter(Path.of(name));
  }

  private Speed speed() {
    long seed = 1;
    Grain measured = Grain.of(grain == null ? "PT15M" : grain);
    DetectorSpeed speed = new DetectorSpeed(measured, seed);
    RowScorer.Kind ours = SuiteScorers.operating();
    DetectorSpeed.Figures suite = speed.measure(ours, points);
    List<DetectorSpeed.Figures> peers = new ArrayList<>();
    Double times = null;
    for (var rival : Rivals.all().entrySet()) {
      boolean isForest = rival.getKey().equals(Rivals.FOREST);
      DetectorSpeed.Figures peer =
          speed.measure(
              Peers.raw(rival.getKey(), rival.getValue()), isForest ? points / 8 : points);
      peers.add(peer);
      times =
          isForest
              ? Double.valueOf(suite.pointsPerSecondPerCore() / peer.pointsPerSecondPerCore())
              : times;
    }
    return new Speed(
        "%d processors, Java %s"
            .formatted(Runtime.getRuntime().availableProcessors(), Runtime.version()),
        measured.toString(),
        seed,
        suite,
        peers,
        times,
        speed.crowd(ours, series));
  }

  private void print(Speed speed) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("scorer", "points/s/core", "p50 µs", "p99 µs", "bytes/series"));
    List<DetectorSpeed.Figures> all = new ArrayList<>(List.of(speed.suite()));
    all.addAll(speed.peers());
    for (DetectorSpeed.Figures one : all) {
      lines.add(
          List.of(
              one.scorer(),
              String.format(Locale.ROOT, "%,.0f", one.pointsPerSecondPerCore()),
              String.format(Locale.ROOT, "%.2f", one.p50Micros()),
              String.format(Locale.ROOT, "%.2f", one.p99Micros()),
              String.format(Locale.ROOT, "%,d", one.stateBytesPerSeries())));
    }
    TextTable.print(lines, System.out);
    List<List<String>> growth = new ArrayList<>();
    growth.add(List.of("series", "points each", "CPU s", "ns/point"));
    for (DetectorSpeed.Growth one : speed.suite().growth()) {
      growth.add(
          List.of(
              "" + one.series(),
              "" + one.points(),
              String.format(Locale.ROOT, "%.3f", one.cpuSeconds()),
              String.format(Locale.ROOT, "%.0f", one.nanosPerPoint())));
    }
    System.out.println();
    TextTable.print(growth, System.out);
    DetectorSpeed.Crowd crowd = speed.crowd();
    System.out.printf(
        Locale.ROOT,
        "%n%,d of %,d series alive in %,d MB of heap (limit %,d MB; CHENGMAI_HEAP sets it)%n",
        crowd.alive(),
        crowd.asked(),
        crowd.heapMegabytes(),
        crowd.heapLimitMegabytes());
    if (speed.timesFasterThanForest() != null) {
      System.out.printf(
          Locale.ROOT,
          "%.1f times as fast as the random cut forest in the same run%n",
          speed.timesFasterThanForest());
    }
    if (json) {
      System.out.println(MeasuredJson.write(speed));
    }
  }
}
