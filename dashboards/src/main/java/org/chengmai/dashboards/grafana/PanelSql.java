package org.chengmai.dashboards.grafana;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.dashboards.BoardIndicator;

/**
 * The SQL behind the panels. Grafana asks for a column named {@code time} in ascending order;
 * revisions of one period come in order too, so the last row of a period is its newest.
 */
final class PanelSql {
  /**
   * Weeks that the band looks back: as many as make one odd week visible without letting the season
   * in.
   */
  private static final int BAND_WEEKS = 4;

  private PanelSql() {}

  /** Columns time, actual, and doubtful: the value again where its trust is less than complete. */
  static String history(BoardIndicator indicator) {
    return """
        SELECT ts AS "time", val AS "actual", CASE WHEN trust <> 'complete' THEN val END AS "doubtful"
        FROM indicators.vital_signs
        WHERE $__timeFilter(ts) AND %s
        ORDER BY ts, revision"""
        .formatted(series(indicator));
  }

  /** Columns time, low and high: what the same time of the week spanned in the weeks before. */
  static String band(BoardIndicator indicator) {
    return IntStream.rangeClosed(1, BAND_WEEKS)
        .map(week -> week * 7)
        .mapToObj(
            days ->
                """
                  SELECT ts + INTERVAL '%1$d' DAY AS ts, val FROM indicators.vital_signs
                  WHERE ts >= $__timeFrom - INTERVAL '%1$d' DAY AND ts <= $__timeTo - INTERVAL '%1$d' DAY AND %2$s"""
                    .formatted(days, series(indicator)))
        .collect(
            Collectors.joining(
                "\n  UNION ALL\n",
                "SELECT ts AS \"time\", MIN(val) AS \"low\", MAX(val) AS \"high\" FROM (\n",
                "\n) AS weeks GROUP BY ts ORDER BY ts"));
  }

  /** Whether periods of the indicator recur at the same time of the week. */
  static boolean hasBand(BoardIndicator indicator) {
    return indicator.grain().typical().compareTo(Duration.ofDays(7)) <= 0;
  }

  /** Columns time, actual and trust, as a table. */
  static String newest(BoardIndicator indicator) {
    return """
        SELECT ts AS "time", val AS "actual", trust AS "trust"
        FROM indicators.vital_signs
        WHERE $__timeFilter(ts) AND %s
        ORDER BY ts, revision"""
        .formatted(series(indicator));
  }

  private static String series(BoardIndicator indicator) {
    return String.join(
        " AND ",
        List.of(
            "code = '" + indicator.code() + "'",
            // sqlstring: Grafana quotes the reader's choice
            "region = ${region:sqlstring}",
            "grain = '" + indicator.grain() + "'",
            "(dims IS NULL OR dims = '')"));
  }
}
