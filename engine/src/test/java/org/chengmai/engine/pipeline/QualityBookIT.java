package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.quality.Finding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class QualityBookIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private static TestDatabase database;
  private static QualityBook book;

  @BeforeAll
  static void open() {
    database = new TestDatabase();
    book = new QualityBook(database.dataSource(), InstantSource.fixed(START));
  }

  @AfterAll
  static void close() {
    if (database != null) {
      database.close();
    }
  }

  private static Instant hour(int hour) {
    return START.plus(Duration.ofHours(hour));
  }

  private static Finding finding(SeriesKey key, int hour, String rule, int rows) {
    return new Finding(
        new Finding.Row(key, hour(hour)),
        rule,
        false,
        1.5,
        1,
        IntStream.range(0, rows).mapToObj(i -> new Finding.Row(key, hour(hour - i))).toList(),
        Reasons.of("突变", "a jump"));
  }

  @Test
  void aPeriodsFindingsTakeThePlaceOfThoseBefore() {
    SeriesKey east = new SeriesKey("A", "630102", new TreeMap<>(Map.of("kind", "pm25")));
    SeriesKey west = SeriesKey.of("A", "630103");
    book.keep(
        Set.of("A"),
        hour(0),
        hour(2),
        List.of(finding(east, 0, "jump", 1), finding(west, 1, "range", 2)));
    book.keep(Set.of("A"), hour(1), hour(2), List.of(finding(west, 1, "jump", 1)));
    List<QualityBook.Kept> kept = book.find("A", null, hour(0), hour(2));
    assertThat(kept).extracting(QualityBook.Kept::key).containsExactly(east, west);
    assertThat(kept).extracting(QualityBook.Kept::rule).containsExactly("jump", "jump");
    assertThat(kept.get(0).measured()).isEqualTo(1.5);
    assertThat(kept.get(0).detail())
        .isEqualTo(
            new QualityBook.Detail(
                List.of(new QualityBook.Row("A/630102/kind=pm25", hour(0))),
                1,
                Reasons.of("突变", "a jump")));
    assertThat(book.find("A", "630103", hour(0), hour(2))).hasSize(1);
    assertThat(book.find("A", null, hour(0), hour(1))).hasSize(1);
    assertThat(book.find("B", null, hour(0), hour(2))).isEmpty();
  }

  @Test
  void ofManyFailingRowsTheNewestAreKept() {
    book.keep(
        Set.of("C"),
        hour(0),
        hour(1),
        List.of(finding(SeriesKey.of("C", "630102"), 0, "digits", 300)));
    QualityBook.Detail detail = book.find("C", null, hour(0), hour(1)).get(0).detail();
    assertThat(detail.count()).isEqualTo(300);
    assertThat(detail.rows()).hasSize(200);
  }

  @Test
  void afterNinetyDaysFindingsAreForgotten() {
    SeriesKey key = SeriesKey.of("D", "630102");
    book.keep(
        Set.of("D"),
        hour(0),
        hour(2),
        List.of(finding(key, 0, "jump", 1), finding(key, 1, "jump", 1)));
    Instant later = hour(1).plus(Duration.ofDays(90));
    QualityBook next = new QualityBook(database.dataSource(), InstantSource.fixed(later));
    next.keep(Set.of("D"), hour(2000), hour(2001), List.of());
    assertThat(next.find("D", null, hour(0), hour(2)))
        .extracting(QualityBook.Kept::periodStart)
        .containsExactly(hour(1));
    next.keep(Set.of("D"), hour(-10), hour(0), List.of(finding(key, -5, "jump", 1)));
    assertThat(next.find("D", null, hour(-10), hour(0))).isEmpty();
  }
}
