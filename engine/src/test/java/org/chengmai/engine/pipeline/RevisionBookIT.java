package org.chengmai.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.SeriesKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class RevisionBookIT {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant KEPT = START.plus(Duration.ofDays(40));

  private static TestDatabase database;
  private static RevisionBook book;

  @BeforeAll
  static void open() {
    database = new TestDatabase();
    book = new RevisionBook(database.dataSource());
  }

  @AfterAll
  static void close() {
    if (database != null) {
      database.close();
    }
  }

  private static Revisions.Entry entry(String code, int minute, String hash) {
    return new Revisions.Entry(
        SeriesKey.of(code, "630102"), START.plusSeconds(60L * minute), hash, KEPT);
  }

  @Test
  void otherInputsGetTheNextNumberAndTheSameAreLeftOut() {
    Revisions.Batch first = book.number(List.of(entry("A", 0, "x"), entry("A", 1, "x")));
    assertThat(first.revisions()).containsExactly(1, 1);
    book.confirm(first);
    Revisions.Batch second =
        book.number(List.of(entry("A", 0, "x"), entry("A", 1, "y"), entry("A", 2, "x")));
    assertThat(second.revisions()).containsExactly(0, 2, 1);
    book.confirm(second);
    assertThat(book.firstValues(Set.of("A", "B"), "missing"))
        .isEqualTo(Map.of(SeriesKey.of("A", "630102"), START));
  }

  @Test
  void anUnconfirmedNumberIsRepeatedForTheSameInputsOnly() {
    book.number(List.of(entry("C", 0, "x"), entry("C", 1, "x")));
    Revisions.Batch again = book.number(List.of(entry("C", 0, "x"), entry("C", 1, "y")));
    assertThat(again.revisions()).containsExactly(1, 2);
    book.confirm(again);
    assertThat(book.number(List.of(entry("C", 0, "x"), entry("C", 1, "y"))).revisions())
        .containsExactly(0, 0);
  }

  @Test
  void twoValuesForOnePeriodAreRefusedByName() {
    assertThatThrownBy(() -> book.number(List.of(entry("D", 0, "x"), entry("D", 0, "y"))))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("D/630102 has more than one value");
  }

  @Test
  void whatIsOverIsForgottenAndRememberedFromTheStore() {
    Revisions.Entry old =
        new Revisions.Entry(SeriesKey.of("E", "630102"), START, "x", START.plusSeconds(1));
    book.confirm(book.number(List.of(old)));
    assertThat(book.prune(START.plusSeconds(2))).isEqualTo(1);
    assertThat(book.prunedTo()).contains(START);
    book.remember(List.of(old), new int[] {4});
    assertThat(book.number(List.of(old)).revisions()).containsExactly(0);
    assertThat(book.number(List.of(entry("E", 0, "y"))).revisions()).containsExactly(5);
  }

  @Test
  void itDoesWhatTheBookInMemoryDoes() {
    MemoryRevisions memory = new MemoryRevisions();
    Random random = new Random(3);
    for (int round = 0; round < 60; round++) {
      List<Revisions.Entry> entries =
          IntStream.range(0, 30)
              .filter(i -> random.nextBoolean())
              .mapToObj(i -> entry("F", i, "h" + random.nextInt(3)))
              .toList();
      Revisions.Batch expected = memory.number(entries);
      Revisions.Batch actual = book.number(entries);
      assertThat(actual.revisions()).as("round %d", round).isEqualTo(expected.revisions());
      if (random.nextInt(3) > 0) {
        memory.confirm(expected);
        book.confirm(actual);
      }
    }
  }

  @Test
  void aHundredThousandPointsAreNumberedInSeconds() {
    List<Revisions.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      entries.add(entry("G" + i % 100, i / 100, "hash"));
    }
    long begin = System.nanoTime();
    for (int i = 0; i < entries.size(); i += 20_000) {
      book.confirm(book.number(entries.subList(i, i + 20_000)));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.getLogger("benchmark").log(System.Logger.Level.INFO, "100,000 revisions in " + took);
    assertThat(took).isLessThan(Duration.ofSeconds(60));
  }
}
