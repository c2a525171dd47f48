package org.chengmai.engine.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.models.DayClass;
import org.chengmai.models.DetectorConfig;
import org.chengmai.models.Detectors;
import org.chengmai.models.LinearForecast;
import org.chengmai.models.feedback.AlarmEvidence;
import org.chengmai.models.feedback.JudgedAlarm;
import org.chengmai.models.nab.NabLabels;
import org.chengmai.models.nab.NabSeries;
import org.jspecify.annotations.Nullable;

/**
 * The alarms that the detectors raise over real series, each with what it turned out to be: the
 * Numenta benchmark with its labels, and series of a metro, roads, air and a transformer with
 * faults put in. What lies in no labelled or injected window counts as false.
 */
public final class FeedbackAlarms {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final Duration RECENT = Duration.ofDays(7);
  private static final int MOST_ROWS = 6000;

  /** What goes wrong with a series, once each. */
  private enum Fault {
    SPIKE,
    SHIFT,
    LOSS,
    FROZEN
  }

  private final List<Alarm> alarms = new ArrayList<>();
  private int series;

  private FeedbackAlarms() {}

  /**
   * One alarm.
   *
   * @param series and {@code at}: of what and when, UTC
   * @param part of its series' rows that lie before it, 0 to 1
   * @param anomaly that it belongs to, null when false
   */
  record Alarm(
      JudgedAlarm judged,
      SeriesKey series,
      Instant at,
      Grade grade,
      double part,
      @Nullable String anomaly) {
    boolean isReal() {
      return anomaly != null;
    }
  }

  /** A series and the rows, first and last, of its anomalies. */
  private record Labelled(
      SeriesKey key, Grain grain, List<Instant> times, double[] values, List<int[]> windows) {}

  /** An episode of a detector. */
  private record Episode(Anomaly first, int row, Instant from, Instant to) {}

  List<Alarm> alarms() {
    return List.copyOf(alarms);
  }

  int series() {
    return series;
  }

  /** Runs the detectors over the data sets in a folder. */
  public static FeedbackAlarms of(Path data, long seed) {
    Random random = new Random(seed);
    FeedbackAlarms all = new FeedbackAlarms();
    NabLabels.read(data.resolve("nab"))
        .forEach(
            (name, windows) ->
                all.judge(List.of(nab(NabSeries.read(data.resolve("nab"), name), windows))));
    all.judge(columns(data, "hangzhou-metro/inflow_10min.csv", "PT10M", 0, 40, random));
    all.judge(columns(data, "road-speed/speed_5min.csv", "PT5M", -1, 40, random));
    all.judge(columns(data, "power-transformer/ETTh1.csv", "PT1H", 0, 7, random));
    all.judge(air(data, random));
    return all;
  }

  private static Labelled nab(NabSeries series, List<NabLabels.Window> windows) {
    List<Instant> times =
        series.times().stream().map(time -> time.atZone(CHINA).toInstant()).toList();
    List<int[]> rows = new ArrayList<>();
    for (NabLabels.Window window : windows) {
      int first = -1;
      int last = -1;
      for (int row = 0; row < times.size(); row++) {
        LocalDateTime time = series.times().get(row);
        if (!time.isBefore(window.start()) && !time.isAfter(window.end())) {
          first = first < 0 ? row : first;
          last = row;
        }
      }
      rows.add(new int[] {first, last});
    }
    int slash = series.name().indexOf('/');
    long step = Math.max(60, series.step().toSeconds());
    Grain grain = Grain.of(step % 3600 == 0 ? "PT1H" : step >= 1800 ? "PT30M" : "PT5M");
    return new Labelled(
        SeriesKey.of(series.name().substring(0, slash), series.name().substring(slash + 1)),
        grain,
        times,
        series.values(),
        rows);
  }

  /** Columns of a file of regular steps; without a time column it begins on a Thursday. */
  private static List<Labelled> columns(
      Path data, String file, String grain, int timeColumn, int most, Random random) {
    List<String[]> lines = lines(data.resolve(file));
    String[] names = lines.get(0);
    int first = timeColumn + 1;
    Duration step = Duration.parse(grain);
    Instant start = Instant.parse("2012-02-29T16:00:00Z");
    List<Instant> times = new ArrayList<>();
    int rows = Math.min(MOST_ROWS, lines.size() - 1);
    for (int row = 0; row < rows; row++) {
      times.add(
          timeColumn < 0
              ? start.plus(step.multipliedBy(row))
              : LocalDateTime.parse(lines.get(row + 1)[timeColumn].replace(' ', 'T'))
                  .atZone(CHINA)
                  .toInstant());
    }
    List<Labelled> found = new ArrayList<>();
    for (int column = first; column < Math.min(names.length, first + most); column++) {
      double[] values = new double[rows];
      for (int row = 0; row < rows; row++) {
        values[row] = Double.parseDouble(lines.get(row + 1)[column]);
      }
      String code = file.substring(0, file.indexOf('/'));
      found.add(faulty(SeriesKey.of(code, names[column]), Grain.of(grain), times, values, random));
    }
    return found;
  }

  private static List<Labelled> air(Path data, Random random) {
    List<String[]> lines = lines(data.resolve("beijing-air/PRSA_Data_Dongsi.csv"));
    List<Labelled> found = new ArrayList<>();
    for (int column = 5; column <= 10; column++) {
      List<Instant> times = new ArrayList<>();
      List<Double> values = new ArrayList<>();
      for (String[] line : lines.subList(1, MOST_ROWS)) {
        if (!line[column].equals("NA")) {
          values.add(Double.valueOf(line[column]));
          times.add(
              LocalDate.of(
                      Integer.parseInt(line[1]),
                      Integer.parseInt(line[2]),
                      Integer.parseInt(line[3]))
                  .atTime(Integer.parseInt(line[4]), 0)
                  .atZone(CHINA)
                  .toInstant());
        }
      }
      found.add(
          faulty(
              SeriesKey.of("beijing-air", lines.get(0)[column].replace("\"", "")),
              Grain.of("PT1H"),
              times,
              values.stream().mapToDouble(Double::doubleValue).toArray(),
              random));
    }
    return found;
  }

  private static List<String[]> lines(Path file) {
    try {
      return Files.readAllLines(file).stream().map(line -> line.split(",")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The series with faults put in, one of each kind, in any order, in equal stretches after the
   * first fifth: a spike, a shift of the level, a loss of signal and a frozen value, of 24 to 48
   * rows (a spike of two), 3 to 6 times the usual step.
   */
  private static Labelled faulty(
      SeriesKey key, Grain grain, List<Instant> times, double[] values, Random random) {
    double[] changed = values.clone();
    List<int[]> windows = new ArrayList<>();
    double spread = spread(values);
    int from = values.length / 5;
    // what is learnt from earlier alarms is judged on later ones: both shall know every kind
    List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
    Collections.shuffle(faults, random);
    int stretch = (values.length - from) / faults.size();
    for (Fault fault : faults) {
      int length = fault == Fault.SPIKE ? 2 : 24 + random.nextInt(25);
      int at = from + windows.size() * stretch + random.nextInt(Math.max(1, stretch - 2 * length));
      double size = (3 + 3 * random.nextDouble()) * spread * (random.nextBoolean() ? 1 : -1);
      for (int row = at; row < Math.min(values.length, at + length); row++) {
        changed[row] =
            switch (fault) {
              case LOSS -> values[row] * 0.1;
              case FROZEN -> values[at];
              case SPIKE, SHIFT -> values[row] + size;
            };
      }
      windows.add(new int[] {at, Math.min(values.length - 1, at + length + 6)});
    }
    return new Labelled(key, grain, times, changed, windows);
  }

  /** 1.4826 times the median size of a step over 24 rows: how far values usually lie apart. */
  private static double spread(double[] values) {
    double[] steps = new double[values.length - 24];
    for (int row = 0; row < steps.length; row++) {
      steps[row] = Math.abs(values[row + 24] - values[row]);
    }
    java.util.Arrays.sort(steps);
    return Math.max(1e-6, 1.4826 * steps[steps.length / 2]);
  }

  /** Runs the detectors over series that lie beside each other in time. */
  private void judge(List<Labelled> set) {
    List<List<Episode>> episodes = new ArrayList<>();
    for (Labelled one : set) {
      series++;
      List<Episode> ofSeries = new ArrayList<>();
      DetectorConfig config =
          DetectorConfig.defaults(one.grain()).withForecast(LinearForecast.slotMean());
      for (Detector<?> detector : Detectors.of(config, DayClass::usual)) {
        ofSeries.addAll(episodes(detector, one));
      }
      episodes.add(ofSeries);
    }
    for (int i = 0; i < set.size(); i++) {
      for (Episode episode : episodes.get(i)) {
        alarms.add(alarm(set.get(i), episode, episodes, i));
      }
    }
  }

  private static Alarm alarm(Labelled series, Episode episode, List<List<Episode>> all, int index) {
    int recent = 0;
    Duration since = RECENT;
    int agreeing = 0;
    for (Episode other : all.get(index)) {
      Duration before = Duration.between(other.from(), episode.from());
      if (!before.isNegative() && other != episode && before.compareTo(RECENT) < 0) {
        recent++;
        since = before.compareTo(since) < 0 ? before : since;
      }
      agreeing += isDifferent(other, episode) && isOpen(other, episode.from()) ? 1 : 0;
    }
    int neighbours = 0;
    for (int i = 0; i < all.size(); i++) {
      if (i != index && all.get(i).stream().anyMatch(one -> isOpen(one, episode.from()))) {
        neighbours++;
      }
    }
    Function<LocalDate, DayClass> dayClass = DayClass::usual;
    AlarmEvidence evidence =
        new AlarmEvidence(
            episode.first(),
            dayClass.apply(LocalDate.ofInstant(episode.from(), CHINA)),
            recent,
            since,
            agreeing,
            neighbours,
            Trust.COMPLETE);
    String anomaly = null;
    for (int[] window : series.windows()) {
      if (episode.row() >= window[0] && episode.row() <= window[1]) {
        anomaly = series.key() + "#" + window[0];
      }
    }
    return new Alarm(
        new JudgedAlarm(evidence.features(), anomaly != null),
        series.key(),
        episode.from(),
        episode.first().grade(),
        (double) episode.row() / series.values().length,
        anomaly);
  }

  private static boolean isDifferent(Episode one, Episode other) {
    return !one.first().detector().equals(other.first().detector());
  }

  private static boolean isOpen(Episode episode, Instant at) {
    return !at.isBefore(episode.from()) && at.isBefore(episode.to());
  }

  private static <S> List<Episode> episodes(Detector<S> detector, Labelled series) {
    List<Episode> episodes = new ArrayList<>();
    S state = detector.initial(series.key());
    Anomaly open = null;
    int openedAt = 0;
    for (int row = 0; row < series.values().length; row++) {
      Instant at = series.times().get(row);
      IndicatorPoint point =
          new IndicatorPoint(
              series.key(),
              1,
              at,
              series.grain(),
              series.values()[row],
              null,
              null,
              1,
              Trust.COMPLETE,
              1,
              at,
              "");
      Detector.Step<S> step = detector.next(state, new DetectorEvent.Point(point));
      state = step.state();
      for (Anomaly anomaly : step.anomalies()) {
        if (anomaly.status() == Anomaly.Status.FIRING && open == null) {
          open = anomaly;
          openedAt = row;
        } else if (anomaly.status() == Anomaly.Status.CLEARED && open != null) {
          episodes.add(new Episode(open, openedAt, open.periodStart(), at));
          open = null;
        }
      }
    }
    if (open != null) {
      episodes.add(
          new Episode(
              open, openedAt, open.periodStart(), series.times().get(series.times().size() - 1)));
    }
    return episodes;
  }
}
