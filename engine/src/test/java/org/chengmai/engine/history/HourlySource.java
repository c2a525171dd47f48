package org.chengmai.engine.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.QueryRunner;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/**
 * Answers the SQL of hourly indicators: each hour has the input 1 for a sum, its hour of the day in
 * UTC for a maximum; no row at 05:00. Remembers what it was asked.
 */
final class HourlySource implements QueryRunner {
  private static final Pattern RANGE =
      Pattern.compile("ts >= TIMESTAMP '([^']+)'\\s+AND ts < TIMESTAMP '([^']+)'");

  final List<String> asked = new ArrayList<>();
  Runnable meanwhile = () -> {};
  int failuresAhead;

  @Override
  public Table query(Principal principal, String sql) {
    Matcher range = RANGE.matcher(sql);
    if (!range.find()) {
      throw new IllegalArgumentException(sql);
    }
    asked.add(
        (sql.contains("SUM(val)") ? "sum " : "max ") + range.group(1) + " to " + range.group(2));
    meanwhile.run();
    if (failuresAhead > 0) {
      failuresAhead--;
      throw new IllegalStateException("the source is down");
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Instant to = time(range.group(2));
    for (Instant at = time(range.group(1)); at.isBefore(to); at = at.plus(Duration.ofHours(1))) {
      int hour = (int) (at.getEpochSecond() / 3600 % 24);
      if (hour != 5) {
        rows.add(Arrays.asList(at, "630102", sql.contains("SUM(val)") ? 1.0 : 1.0 * hour, 1L));
      }
    }
    return new Table(
        List.of(
            new Table.Column("period_start", "TIMESTAMP"),
            new Table.Column("region_code", "VARCHAR"),
            new Table.Column("a_0", "DOUBLE"),
            new Table.Column("n_0", "BIGINT")),
        rows);
  }

  private static Instant time(String text) {
    return Instant.parse(text.replace(' ', 'T') + "Z");
  }
}
