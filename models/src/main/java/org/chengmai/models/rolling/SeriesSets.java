package org.chengmai.models.rolling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.calendar.ChineseCalendar;
import org.chengmai.models.DayClass;
import org.chengmai.models.Slots;
import org.chengmai.models.forecast.GridSeries;
import org.chengmai.models.forecast.HorizonPlan;
import org.chengmai.models.forecast.Season;

/** The public series that forecasts are judged on, as their files hold them. */
final class SeriesSets {
  private static final List<Integer> HOUR_DAY_WEEK = List.of(1, 24, 168);

  private final Path folder;
  private final Function<LocalDate, DayClass> china;

  SeriesSets(Path folder) {
    this.folder = folder;
    ChineseCalendar calendar = ChineseCalendar.shipped();
    this.china = date -> calendar.isWorkday(date) ? DayClass.WORKDAY : DayClass.OFF;
  }

  static final List<String> NAMES =
      List.of("beijing-air", "hangzhou-metro", "ETTh1", "nyc_taxi", "road-speed");

  SeriesSet read(String name) {
    return switch (name) {
      case "beijing-air" -> air();
      case "hangzhou-metro" -> metro();
      case "ETTh1" -> power();
      case "nyc_taxi" -> taxi();
      case "road-speed" -> road();
      default ->
          throw new ChengmaiException(
              ErrorCode.NOT_FOUND, "no set of series '%s'; there are %s".formatted(name, NAMES));
    };
  }

  private SeriesSet air() {
    Table table =
        Table.read(
            folder.resolve("beijing-air/PRSA_Data_Dongsi.csv"),
            Duration.ofHours(1),
            (row, cells) ->
                LocalDateTime.of(
                    Integer.parseInt(cells[1]),
                    Integer.parseInt(cells[2]),
                    Integer.parseInt(cells[3]),
                    Integer.parseInt(cells[4]),
                    0));
    List<String> weather = List.of("TEMP", "PRES", "DEWP", "WSPM");
    List<GridSeries> series =
        List.of("PM2.5", "PM10", "SO2", "NO2", "CO", "O3", "TEMP", "PRES", "DEWP", "RAIN", "WSPM")
            .stream()
            .map(
                column ->
                    table.series(
                        column, weather.stream().filter(one -> !one.equals(column)).toList()))
            .toList();
    return new SeriesSet(
        "beijing-air",
        new HorizonPlan(Grain.of("PT1H"), china),
        Season.DAY,
        "air and weather follow the sun, not the week",
        HOUR_DAY_WEEK,
        2,
        false,
        series);
  }

  private SeriesSet metro() {
    Table table =
        Table.read(
            folder.resolve("hangzhou-metro/inflow_10min.csv"),
            Duration.ofMinutes(10),
            (row, cells) -> time(cells[0]));
    return new SeriesSet(
        "hangzhou-metro",
        new HorizonPlan(Grain.of("PT10M"), china),
        Season.WEEK,
        "working days differ from weekends",
        HOUR_DAY_WEEK,
        6,
        true,
        table.all());
  }

  private SeriesSet power() {
    Table table =
        Table.read(
            folder.resolve("power-transformer/ETTh1.csv"),
            Duration.ofHours(1),
            (row, cells) -> time(cells[0]));
    return new SeriesSet(
        "ETTh1",
        new HorizonPlan(Grain.of("PT1H"), china),
        Season.DAY,
        "a transformer's load and oil temperature repeat by the day",
        HOUR_DAY_WEEK,
        2,
        false,
        table.all());
  }

  private SeriesSet taxi() {
    Table table =
        Table.read(
            folder.resolve("nab/data/realKnownCause/nyc_taxi.csv"),
            Duration.ofMinutes(30),
            (row, cells) -> time(cells[0]));
    return new SeriesSet(
        "nyc_taxi",
        new HorizonPlan(Grain.of("PT30M"), DayClass::usual),
        Season.WEEK,
        "working days differ from weekends",
        HOUR_DAY_WEEK,
        2,
        false,
        List.of(table.series("value", List.of())));
  }

  private SeriesSet road() {
    Table table =
        Table.read(
            folder.resolve("road-speed/speed_5min.csv"),
            Duration.ofMinutes(5),
            (row, cells) -> LocalDateTime.of(2012, 3, 1, 0, 0).plusMinutes(5L * row));
    return new SeriesSet(
        "road-speed",
        new HorizonPlan(Grain.of("PT5M"), DayClass::usual),
        Season.DAY,
        "there are seven days only, so a week never repeats",
        List.of(1, 24),
        2,
        true,
        table.all());
  }

  private static LocalDateTime time(String text) {
    return LocalDateTime.parse(text.replace(' ', 'T'));
  }

  /** When a row's period starts, in local time. */
  private interface Times {
    LocalDateTime of(int row, String[] cells);
  }

  /** A file's columns on the even grid of its periods; what is no number is missing. */
  private record Table(List<String> columns, LocalDateTime start, List<double[]> values) {

    static Table read(Path file, Duration step, Times times) {
      List<String[]> rows = new ArrayList<>();
      try {
        for (String line : Files.readAllLines(file)) {
          rows.add(line.replace("\"", "").split(","));
        }
      } catch (IOException e) {
        throw new ChengmaiException(
            ErrorCode.NOT_FOUND, file + " cannot be read; name the data's folder with --data", e);
      }
      String[] header = rows.remove(0);
      LocalDateTime start = times.of(0, rows.get(0));
      LocalDateTime last = times.of(rows.size() - 1, rows.get(rows.size() - 1));
      int count = (int) Duration.between(start, last).dividedBy(step) + 1;
      List<double[]> values = new ArrayList<>();
      for (int column = 0; column < header.length; column++) {
        double[] numbers = new double[count];
        Arrays.fill(numbers, Double.NaN);
        values.add(numbers);
      }
      for (int row = 0; row < rows.size(); row++) {
        String[] cells = rows.get(row);
        int at = (int) Duration.between(start, times.of(row, cells)).dividedBy(step);
        for (int column = 0; column < Math.min(cells.length, header.length); column++) {
          values.get(column)[at] = number(cells[column]);
        }
      }
      return new Table(List.of(header), start, values);
    }

    private static double number(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }

    GridSeries series(String column, List<String> weather) {
      return new GridSeries(
          column,
          start.atZone(Slots.CHINA).toInstant(),
          values(column),
          weather.stream().map(this::values).toList());
    }

    private double[] values(String column) {
      return values.get(columns.indexOf(column));
    }

    /** All columns but those of time. */
    List<GridSeries> all() {
      return IntStream.range(0, columns.size())
          .mapToObj(columns::get)
          .filter(column -> !column.equals("ts") && !column.equals("date"))
          .map(column -> series(column, List.of()))
          .toList();
    }
  }
}
