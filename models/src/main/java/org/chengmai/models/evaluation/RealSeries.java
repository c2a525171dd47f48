package org.chengmai.models.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.models.DayClass;

/**
 * Real series that nobody tuned on: air, metro, roads, transformers, and the benchmark's artificial
 * ones. Times without a zone are taken as local times of China, whose calendar classes the days of
 * Chinese series; others know the days of the week alone.
 */
public final class RealSeries {
  /** A year of hours: longer series are cut to their newest rows. */
  private static final int MOST_ROWS = 8_760;

  /** Of sets with many alike series so many are taken, evenly spread. */
  private static final int MOST_SERIES = 16;

  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  private RealSeries() {}

  /** All that the folder of data has; EXTERNAL with the file's name when one cannot be read. */
  public static List<TimedSeries> all(Path folder) {
    List<TimedSeries> all = new ArrayList<>();
    all.addAll(air(folder));
    all.addAll(metro(folder));
    all.addAll(roads(folder));
    all.addAll(transformers(folder));
    all.addAll(quiet(folder));
    all.addAll(artificial(folder));
    return List.copyOf(all);
  }

  /** The benchmark's files without an anomaly. */
  public static List<TimedSeries> quiet(Path folder) {
    return benchmark(folder, "artificialNoAnomaly", "no-anomaly");
  }

  /** The benchmark's artificial files up to the anomaly that they have already. */
  private static List<TimedSeries> artificial(Path folder) {
    return benchmark(folder, "artificialWithAnomaly", "artificial").stream()
        .map(RealSeries::beforeItsAnomaly)
        .toList();
  }

  private static TimedSeries beforeItsAnomaly(TimedSeries series) {
    // All six have their only anomaly from about row 2,780 of 4,032 on.
    int end = 2_700;
    return new TimedSeries(
        series.set(),
        series.name(),
        series.grain(),
        series.dayClass(),
        series.times().subList(0, end),
        Arrays.copyOf(series.values(), end));
  }

  private static List<TimedSeries> air(Path folder) {
    List<String[]> lines = lines(folder.resolve("beijing-air/PRSA_Data_Dongsi.csv"));
    List<LocalDateTime> times =
        lines.stream()
            .skip(1)
            .map(
                cells ->
                    LocalDateTime.of(
                        Integer.parseInt(cells[1]),
                        Integer.parseInt(cells[2]),
                        Integer.parseInt(cells[3]),
                        Integer.parseInt(cells[4]),
                        0))
            .toList();
    List<TimedSeries> series = new ArrayList<>();
    for (int column = 5; column <= 13; column++) {
      // Air pressure is left out: its seconds column of weather says the same as temperature.
      if (column != 12) {
        series.add(series("air", lines, column, "PT1H", chinese(), times));
      }
    }
    return series;
  }

  private static List<TimedSeries> metro(Path folder) {
    List<String[]> lines = lines(folder.resolve("hangzhou-metro/inflow_10min.csv"));
    return some(1, lines.get(0).length).stream()
        .map(column -> series("metro", lines, column, "PT10M", chinese(), times(lines)))
        .toList();
  }

  private static List<TimedSeries> roads(Path folder) {
    List<String[]> lines = lines(folder.resolve("road-speed/speed_5min.csv"));
    LocalDateTime start = LocalDateTime.of(2012, 3, 1, 0, 0);
    List<LocalDateTime> times =
        Stream.iterate(start, time -> time.plusMinutes(5)).limit(lines.size() - 1L).toList();
    return some(0, lines.get(0).length).stream()
        .map(column -> series("road", lines, column, "PT5M", DayClass::usual, times))
        .toList();
  }

  private static List<TimedSeries> transformers(Path folder) {
    List<String[]> lines = lines(folder.resolve("power-transformer/ETTh1.csv"));
    List<TimedSeries> series = new ArrayList<>();
    for (int column = 1; column < lines.get(0).length; column++) {
      series.add(series("transformer", lines, column, "PT1H", chinese(), times(lines)));
    }
    return series;
  }

  private static List<TimedSeries> benchmark(Path folder, String category, String set) {
    Path files = folder.resolve("nab/data").resolve(category);
    try (Stream<Path> paths = Files.list(files)) {
      List<TimedSeries> all = new ArrayList<>();
      for (Path file : paths.sorted().toList()) {
        List<String[]> lines = lines(file);
        TimedSeries series = series(set, lines, 1, "PT5M", DayClass::usual, times(lines));
        all.add(
            new TimedSeries(
                set,
                file.getFileName().toString(),
                series.grain(),
                series.dayClass(),
                series.times(),
                series.values()));
      }
      return all;
    } catch (IOException e) {
      throw unreadable(files, e);
    }
  }

  private static List<Integer> some(int first, int end) {
    List<Integer> columns = new ArrayList<>();
    for (int i = 0; i < MOST_SERIES; i++) {
      columns.add(first + i * (end - first) / MOST_SERIES);
    }
    return columns;
  }

  /** A column on a grid without holes: a period without a row, or with a blank, has no value. */
  private static TimedSeries series(
      String set,
      List<String[]> lines,
      int column,
      String grain,
      Function<LocalDate, DayClass> dayClass,
      List<LocalDateTime> times) {
    TreeMap<Instant, Double> values = new TreeMap<>();
    int first = Math.max(0, times.size() - MOST_ROWS);
    for (int row = first; row < times.size(); row++) {
      String cell = lines.get(row + 1)[column];
      values.put(
          times.get(row).atZone(CHINA).toInstant(),
          cell.equals("NA") || cell.isBlank() ? Double.NaN : Double.parseDouble(cell));
    }
    Grain of = Grain.of(grain);
    List<Instant> grid = new ArrayList<>();
    for (Instant time = values.firstKey();
        !time.isAfter(values.lastKey());
        time = of.end(time, CHINA)) {
      grid.add(time);
    }
    double[] row = grid.stream().mapToDouble(at -> values.getOrDefault(at, Double.NaN)).toArray();
    return new TimedSeries(set, lines.get(0)[column], of, dayClass, grid, row);
  }

  private static Function<LocalDate, DayClass> chinese() {
    ChineseCalendar calendar = ChineseCalendar.shipped();
    return date -> calendar.isWorkday(date) ? DayClass.WORKDAY : DayClass.OFF;
  }

  private static List<LocalDateTime> times(List<String[]> lines) {
    return lines.stream()
        .skip(1)
        .map(cells -> LocalDateTime.parse(cells[0].substring(0, 19).replace(' ', 'T')))
        .toList();
  }

  private static List<String[]> lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(line -> line.replace("\"", "").split(",", -1)).toList();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static ChengmaiException unreadable(Path file, IOException e) {
    return new ChengmaiException(ErrorCode.EXTERNAL, "cannot read the series " + file, e);
  }
}
