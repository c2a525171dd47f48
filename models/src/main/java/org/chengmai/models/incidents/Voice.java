package org.chengmai.models.incidents;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.SeriesKey;
import org.jspecify.annotations.Nullable;

/**
 * One series that is off for a while: its alarms that lie close together, whichever detector raised
 * them.
 *
 * @param onset when it left its band, at or before the first alarm
 */
record Voice(SeriesKey key, List<Alarm> alarms, Instant onset, @Nullable Residuals residuals) {
  private static final double OFF = 3;
  private static final double STILL_OFF = 2.5;

  /** How long before an alarm its series may have left its band. */
  private static final Duration REACH = Duration.ofHours(2);

  /** The voices of some alarms, by onset. */
  static List<Voice> of(List<Alarm> alarms, Map<SeriesKey, Residuals> residuals, Duration near) {
    Map<SeriesKey, List<List<Alarm>>> bySeries = new LinkedHashMap<>();
    alarms.stream()
        .sorted(Comparator.comparing(Alarm::start).thenComparing(Alarm::id))
        .forEach(
            alarm -> {
              List<List<Alarm>> runs =
                  bySeries.computeIfAbsent(alarm.key(), key -> new ArrayList<>());
              List<Alarm> last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
              if (last != null && goesOn(last, alarm, near)) {
                last.add(alarm);
              } else {
                runs.add(new ArrayList<>(List.of(alarm)));
              }
            });
    List<Voice> voices = new ArrayList<>();
    bySeries.forEach(
        (key, runs) -> {
          Residuals ofKey = residuals.get(key);
          runs.forEach(
              run -> voices.add(new Voice(key, run, leftBand(run.get(0).start(), ofKey), ofKey)));
        });
    voices.sort(Comparator.comparing(Voice::onset).thenComparing(voice -> voice.key().toString()));
    return voices;
  }

  private static boolean goesOn(List<Alarm> run, Alarm next, Duration near) {
    return run.stream()
        .anyMatch(one -> one.end() == null || !next.start().isAfter(one.end().plus(near)));
  }

  private static Instant leftBand(Instant start, @Nullable Residuals residuals) {
    if (residuals == null) {
      return start;
    }
    int first = residuals.cell(start.minus(REACH));
    int cell = residuals.cell(start);
    while (cell > first && Math.abs(residuals.at(cell)) < OFF) {
      cell--;
    }
    if (Math.abs(residuals.at(cell)) < OFF) {
      return start;
    }
    double side = Math.signum(residuals.at(cell));
    while (cell > first && side * residuals.at(cell - 1) >= STILL_OFF) {
      cell--;
    }
    return residuals.time(cell);
  }

  Duration period() {
    return alarms.get(0).period();
  }

  /** The same, known to have left its band at another time. */
  Voice from(Instant other) {
    return new Voice(key, alarms, other, residuals);
  }

  Grade grade() {
    return alarms.stream().map(Alarm::grade).max(Comparator.naturalOrder()).orElseThrow();
  }

  /** When its last alarm ended; null while one goes on. */
  @Nullable Instant end() {
    return alarms.stream().anyMatch(alarm -> alarm.end() == null)
        ? null
        : alarms.stream()
            .map(alarm -> Objects.requireNonNull(alarm.end()))
            .max(Comparator.naturalOrder())
            .orElseThrow();
  }

  /** How it moved with another while it was off; null where either has no residuals. */
  @Nullable Together with(Voice other, IncidentConfig config) {
    if (residuals == null || other.residuals == null) {
      return null;
    }
    int begin = residuals.cell(onset) - 1;
    int most = cells(config.longest());
    Instant last = end();
    int end = last == null ? begin + most : Math.min(begin + most, residuals.cell(last) + 1);
    return Together.of(
        residuals,
        other.residuals,
        Math.max(0, begin),
        Math.min(residuals.z().length, Math.max(begin + 3, end)),
        cells(config.farthest()));
  }

  private int cells(Duration length) {
    return (int) (length.toMillis() / Objects.requireNonNull(residuals).step().toMillis());
  }
}
