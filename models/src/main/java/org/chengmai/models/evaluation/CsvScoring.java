package org.chengmai.models.evaluation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.models.DayClass;
import org.jspecify.annotations.Nullable;

/**
 * Scores a series from CSV as it comes: a line in, a line out, and nothing is known of later lines.
 * The columns of the answer are {@code time,value,score,alarm,expected,low,high}; time and value as
 * they were read, alarm 1 where an alarm begins.
 *
 * <p>The first {@value #FIRST} rows tell how often rows come; until then the answer is 0, and the
 * scorer sees them as soon as it is made. A period that should have had a row is told to the scorer
 * as missing. A row of the same time as the one before, or of an earlier one, is passed over: its
 * score is empty.
 */
public final class CsvScoring {
  private static final int FIRST = 24;
  private static final int MOST_MISSING = 10_000;
  private static final Set<String> BLANKS = Set.of("", "na", "nan", "null", "none", "-", "n/a");

  private final RowScorer.Kind kind;
  private final Function<LocalDate, DayClass> dayClass;
  private final Columns columns;
  private @Nullable Grain grain;
  private @Nullable RowScorer scorer;
  private final List<Row> held = new ArrayList<>();
  private @Nullable Instant last;
  private long lines;
  private long rows;
  private long alarms;
  private long passedOver;
  private long missing;

  private record Row(Instant time, double value) {}

  /**
   * What became of the lines.
   *
   * @param rows with a time, whether they have a value or not
   * @param passedOver rows of the same time as the one before, or of an earlier one
   * @param missing periods without a row or a value
   */
  public record Summary(long rows, long alarms, long passedOver, long missing, String grain) {}

  /**
   * @param time name or number, from 1, of the column of times
   * @param value the same of the values
   * @param grain null to tell it from the first rows
   */
  public CsvScoring(
      RowScorer.Kind kind,
      Function<LocalDate, DayClass> dayClass,
      String time,
      String value,
      @Nullable Grain grain) {
    this.kind = kind;
    this.dayClass = dayClass;
    this.columns = new Columns(time, value);
    this.grain = grain;
    if (grain != null) {
      scorer = kind.of(grain, dayClass).get();
    }
  }

  /** Scores until the input ends; INVALID_INPUT with the line's number when one cannot be read. */
  public Summary run(BufferedReader in, Writer out) throws IOException {
    out.write("time,value,score,alarm,expected,low,high\n");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      lines++;
      try {
        String answer = line.isBlank() ? "" : answer(line);
        out.write(answer);
      } catch (IllegalArgumentException e) {
        throw new ChengmaiException(
            ErrorCode.INVALID_INPUT, "line %d: %s".formatted(lines, e.getMessage()), e);
      }
      // Who waits for the answer before the next line gets it.
      if (!in.ready()) {
        out.flush();
      }
    }
    out.flush();
    if (rows == 0) {
      throw new ChengmaiException(ErrorCode.INVALID_INPUT, "there are no rows to score");
    }
    return new Summary(
        rows, alarms, passedOver, missing, String.valueOf(grain == null ? step() : grain));
  }

  /** The line of the answer, empty for a heading. */
  private String answer(String line) {
    List<String> cells = columns.split(line);
    if (columns.isHeading(cells)) {
      return "";
    }
    String timeText = columns.time(cells);
    String valueText = columns.value(cells);
    Instant time = LooseTime.parse(timeText);
    double value = value(valueText);
    rows++;
    if (last != null && !time.isAfter(last)) {
      passedOver++;
      return "%s,%s,,0,,,\n".formatted(timeText, valueText);
    }
    double alarm = judge(time, value);
    last = time;
    alarms += alarm > 0 ? 1 : 0;
    RowScorer now = scorer;
    Band band = now == null || Double.isNaN(value) ? null : now.expected();
    double score = now == null ? 0 : Math.max(alarm, now.strangeness());
    return "%s,%s,%s,%d,%s\n"
        .formatted(
            timeText,
            valueText,
            number(score),
            alarm > 0 ? 1 : 0,
            band == null
                ? ",,"
                : number(band.expected()) + "," + number(band.low()) + "," + number(band.high()));
  }

  private double judge(Instant time, double value) {
    Grain known = grain;
    if (known == null) {
      held.add(new Row(time, value));
      if (held.size() < FIRST) {
        return 0;
      }
      grain = step();
      scorer = kind.of(grain, dayClass).get();
      double newest = 0;
      last = null;
      for (Row row : held) {
        newest = feed(scorer, grain, row.time(), row.value());
        last = row.time();
      }
      held.clear();
      return newest;
    }
    return feed(java.util.Objects.requireNonNull(scorer), known, time, value);
  }

  private double feed(RowScorer judge, Grain known, Instant time, double value) {
    double strangest = 0;
    Duration step = known.typical();
    if (last != null) {
      Instant nextTime = last.plus(step);
      // A row that is half a period late is late, not missing.
      Instant until = time.minus(step.dividedBy(2));
      for (int count = 0; nextTime.isBefore(until) && count < MOST_MISSING; count++) {
        strangest = Math.max(strangest, judge.missing(nextTime));
        missing++;
        nextTime = nextTime.plus(step);
      }
    }
    if (Double.isNaN(value)) {
      missing++;
      return Math.max(strangest, judge.missing(time));
    }
    return Math.max(strangest, judge.next(time, value));
  }

  private Grain step() {
    List<Duration> steps = new ArrayList<>();
    for (int i = 1; i < held.size(); i++) {
      steps.add(Duration.between(held.get(i - 1).time(), held.get(i).time()));
    }
    return Cadence.nearest(Cadence.usual(steps));
  }

  private static double value(String text) {
    if (BLANKS.contains(text.toLowerCase(Locale.ROOT))) {
      return Double.NaN;
    }
    try {
      double value = Double.parseDouble(text);
      if (Double.isInfinite(value)) {
        throw new IllegalArgumentException("value '%s' is not finite".formatted(text));
      }
      return value;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("value '%s' is no number".formatted(text), e);
    }
  }

  private static String number(double value) {
    return value == 0 ? "0" : Double.toString(value);
  }

  /** Which cells of a line hold time and value. */
  private static final class Columns {
    private final String time;
    private final String value;
    private char separator;
    private int timeAt = -1;
    private int valueAt = -1;

    Columns(String time, String value) {
      this.time = time;
      this.value = value;
    }

    /** Whether these are the first line's cells and no row; finds the columns in them. */
    boolean isHeading(List<String> cells) {
      if (timeAt >= 0) {
        return false;
      }
      timeAt = find(cells, time);
      valueAt = find(cells, value);
      try {
        LooseTime.parse(cells.get(timeAt));
        return false;
      } catch (IllegalArgumentException e) {
        return true;
      }
    }

    String time(List<String> cells) {
      return cell(cells, timeAt);
    }

    String value(List<String> cells) {
      return cell(cells, valueAt);
    }

    private String cell(List<String> cells, int at) {
      if (at >= cells.size()) {
        throw new IllegalArgumentException(
            "%d columns, but column %d is needed".formatted(cells.size(), at + 1));
      }
      return cells.get(at);
    }

    /** By number, else by name: a first line without names has values that could pass for one. */
    private static int find(List<String> cells, String name) {
      if (name.matches("\\d{1,4}")
          && Integer.parseInt(name) >= 1
          && Integer.parseInt(name) <= cells.size()) {
        return Integer.parseInt(name) - 1;
      }
      for (int at = 0; at < cells.size(); at++) {
        if (cells.get(at).equalsIgnoreCase(name.strip())) {
          return at;
        }
      }
      throw new IllegalArgumentException(
          "no column '%s'; there are %s".formatted(name, String.join(", ", cells)));
    }

    /** The commonest of those in use, outside of quotes. */
    private static char separator(String line) {
      char most = ',';
      for (char candidate : new char[] {';', '\t'}) {
        long now = line.chars().filter(c -> c == candidate).count();
        char best = most;
        most = now > line.chars().filter(c -> c == best).count() ? candidate : most;
      }
      return most;
    }

    List<String> split(String line) {
      String text = line.startsWith("\uFEFF") ? line.substring(1) : line;
      if (separator == 0) {
        separator = separator(text.replaceAll("\"[^\"]*\"", ""));
      }
      List<String> cells = new ArrayList<>();
      StringBuilder cell = new StringBuilder();
      boolean isQuoted = false;
      for (int at = 0; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"') {
          isQuoted = !isQuoted;
        } else if (c == separator && !isQuoted) {
          cells.add(cell.toString().strip());
          cell.setLength(0);
        } else {
          cell.append(c);
        }
      }
      cells.add(cell.toString().strip());
      return cells;
    }
  }
}
