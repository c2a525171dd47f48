package org.chengmai.models.evaluation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often a scorer alarms where nothing is wrong, from the first row on: the time in which it
 * still learns counts.
 *
 * @param alarmsBySet false alarms by set of series
 */
public record QuietReport(
    String scorer,
    int series,
    double seriesWeeks,
    int falseAlarms,
    double falseAlarmsPer100SeriesWeeks,
    Map<String, Integer> alarmsBySet) {

  public QuietReport {
    alarmsBySet = Map.copyOf(alarmsBySet);
  }

  /** Judges series that have no anomaly. */
  public static QuietReport of(List<TimedSeries> quiet, RowScorer.Kind kind) {
    Map<String, Integer> bySet = new TreeMap<>();
    double weeks = 0;
    int sum = 0;
    for (TimedSeries series : quiet) {
      int alarms = FaultReport.count(series.alarms(kind, series.values().length));
      bySet.merge(series.set(), alarms, Integer::sum);
      weeks += series.weeks(0, series.values().length);
      sum += alarms;
    }
    return new QuietReport(
        kind.name(), quiet.size(), weeks, sum, weeks == 0 ? 0 : 100 * sum / weeks, bySet);
  }
}
