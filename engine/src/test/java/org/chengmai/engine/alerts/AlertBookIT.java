package org.chengmai.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.chengmai.engine.RealServers;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
final class AlertBookIT {
  private static final Principal OPERATOR = new Principal("li", Role.OPERATOR);
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-01T08:00:00.123456Z"));

  private TestDatabase database;
  private AlertBook book;

  @BeforeEach
  void open() {
    database = new TestDatabase();
    book = AlertBook.open(database.dataSource(), CLOCK, new Random(1));
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }

  @Test
  void anAlertLivesFromFiringToClosedAndTheLogTellsEachStep() {
    book.append(
        List.of(Anomalies.sighting("630102", Status.PENDING, Grade.YELLOW, 1)),
        OffsetCommit.none());
    book.append(
        List.of(Anomalies.sighting("630102", Status.FIRING, Grade.YELLOW, 2)), OffsetCommit.none());
    book.append(
        List.of(Anomalies.sighting("630102", Status.FIRING, Grade.YELLOW, 3)), OffsetCommit.none());
    Alert firing = book.open().get(0);
    assertThat(firing.count()).isEqualTo(2);
    assertThat(firing.lastSeenAt()).isEqualTo(Anomalies.START.plusSeconds(240));
    Alert acknowledged = book.acknowledge(OPERATOR, firing.id(), firing.revision(), "派人去看");
    book.append(
        List.of(Anomalies.sighting("630102", Status.CLEARED, Grade.YELLOW, 4)),
        OffsetCommit.none());
    Alert resolved = book.get(firing.id());
    Alert closed = book.close(OPERATOR, firing.id(), resolved.revision(), null);

    assertThat(acknowledged.owner()).isEqualTo("li");
    assertThat(closed.state()).isEqualTo(AlertState.CLOSED);
    assertThat(closed.note()).isEqualTo("派人去看");
    assertThat(book.open()).isEmpty();
    assertThat(book.newest(10)).containsExactly(closed);
    assertThat(
            book.of(
                SeriesKey.of("CVS-ENV-0001", "630102"),
                Anomalies.START,
                Anomalies.START.plusSeconds(3600)))
        .containsExactly(closed);
    List<AlertEvent> log = book.after(0, 100);
    assertThat(log)
        .extracting(AlertEvent::type)
        .containsExactly(
            AlertEvent.Type.PENDING,
            AlertEvent.Type.FIRED,
            AlertEvent.Type.ACKNOWLEDGED,
            AlertEvent.Type.RESOLVED,
            AlertEvent.Type.CLOSED);
    assertThat(log)
        .extracting(AlertEvent::actor)
        .containsExactly("threshold", "threshold", "li", "threshold", "li");
    assertThat(log).extracting(AlertEvent::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(log.get(4).alert()).isEqualTo(closed);
    assertThat(log.get(4).at()).isEqualTo(CLOCK.instant());
    assertThat(book.head()).isEqualTo(5);
    assertThat(book.floor()).isEqualTo(1);
    assertThat(book.after(3, 1)).extracting(AlertEvent::seq).containsExactly(4L);
  }

  @Test
  void severestAndNewestAlertsComeFirst() {
    book.append(
        List.of(
            Anomalies.sighting("630102", Status.FIRING, Grade.YELLOW, 1),
            Anomalies.sighting("630103", Status.FIRING, Grade.RED, 2),
            Anomalies.sighting("630104", Status.FIRING, Grade.YELLOW, 3)),
        OffsetCommit.none());
    assertThat(book.open())
        .extracting(alert -> alert.latest().key().region())
        .containsExactly("630103", "630104", "630102");
  }

  @Test
  void theSameAnomaliesTwiceAreWrittenOnce() {
    List<Sighting> sightings =
        List.of(
            Anomalies.sighting("630102", Status.FIRING, Grade.YELLOW, 1),
            Anomalies.sighting("630102", Status.CLEARED, Grade.YELLOW, 2),
            Anomalies.sighting("630103", Status.PENDING, Grade.BLUE, 2));
    assertThat(book.append(sightings, OffsetCommit.none())).hasSize(3);
    assertThat(book.append(sightings, OffsetCommit.none())).isEmpty();
    List<Sighting> doubled = new ArrayList<>(sightings);
    doubled.addAll(sightings);
    assertThat(book.append(doubled, OffsetCommit.none())).isEmpty();
    assertThat(book.head()).isEqualTo(3);
  }

  @Test
  void manyWritersLeaveNoGapAndNoDouble() throws Exception {
    int writers = 8;
    int each = 25;
    ExecutorService pool = Executors.newFixedThreadPool(writers);
    try (var second = database.pool(4)) {
      AlertBook other = AlertBook.open(second, CLOCK, new Random(2));
      List<Callable<Void>> work = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        AlertBook mine = w % 2 == 0 ? book : other;
        String region = "63010" + w;
        Random random = new Random(w);
        work.add(
            () -> {
              for (int i = 0; i < each; i++) {
                Status status = i % 2 == 0 ? Status.FIRING : Status.CLEARED;
                boolean isUndone = random.nextInt(3) == 0;
                Sighting sighting = Anomalies.sighting(region, status, Grade.BLUE, i * 20);
                if (isUndone) {
                  assertThatThrownBy(
                          () ->
                              mine.append(
                                  List.of(sighting),
                                  handle -> {
                                    throw new IllegalArgumentException("undone");
                                  }))
                      .isInstanceOf(IllegalArgumentException.class);
                }
                assertThat(mine.append(List.of(sighting), OffsetCommit.none())).hasSize(1);
              }
              return null;
            });
      }
      for (Future<Void> one : pool.invokeAll(work)) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    List<AlertEvent> log = book.after(0, 10_000);
    assertThat(log)
        .extracting(AlertEvent::seq)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, writers * each).boxed().toList());
    assertThat(book.head()).isEqualTo(writers * each);
  }

  @Test
  void aFailedTransactionLeavesNoTraceAndNoGap() {
    book.append(
        List.of(Anomalies.sighting("630102", Status.FIRING, Grade.BLUE, 1)), OffsetCommit.none());
    assertThatThrownBy(
            () ->
                book.append(
                    List.of(Anomalies.sighting("630103", Status.FIRING, Grade.BLUE, 1)),
                    handle -> handle.execute("SELECT 1 / 0")))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    book.append(
        List.of(Anomalies.sighting("630104", Status.FIRING, Grade.BLUE, 1)), OffsetCommit.none());
    assertThat(book.after(0, 10)).extracting(AlertEvent::seq).containsExactly(1L, 2L);
    assertThat(book.open()).hasSize(2);
  }

  @Test
  void aConnectionKilledInMidTransactionLeavesNoTraceAndTheNextWriterGoesOn() {
    assertThatThrownBy(
            () ->
                book.append(
                    List.of(Anomalies.sighting("630102", Status.FIRING, Grade.BLUE, 1)),
                    handle -> {
                      int backend =
                          handle.createQuery("SELECT pg_backend_pid()").mapTo(Integer.class).one();
                      database.onServer("SELECT pg_terminate_backend(" + backend + ")");
                    }))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThat(book.head()).isZero();
    book.append(
        List.of(Anomalies.sighting("630102", Status.FIRING, Grade.BLUE, 1)), OffsetCommit.none());
    assertThat(book.after(0, 10)).extracting(AlertEvent::seq).containsExactly(1L);
  }

  @Test
  void ofManyWhoAcknowledgeAtOnceOneSucceeds() throws Exception {
    book.append(
        List.of(Anomalies.sighting("630102", Status.FIRING, Grade.RED, 1)), OffsetCommit.none());
    Alert alert = book.open().get(0);
    AtomicInteger conflicts = new AtomicInteger();
    List<Alert> won = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(6);
    try {
      List<Future<?>> all =
          IntStream.range(0, 6)
              .<Future<?>>mapToObj(
                  i ->
                      pool.submit(
                          () -> {
                            start.await();
                            try {
                              won.add(
                                  book.acknowledge(
                                      new Principal("p" + i, Role.OPERATOR), alert.id(), 1, null));
                            } catch (ChengmaiException e) {
                              assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                              conflicts.incrementAndGet();
                            }
                            return null;
                          }))
              .toList();
      start.countDown();
      for (Future<?> one : all) {
        one.get(30, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(won).hasSize(1);
    assertThat(conflicts).hasValue(5);
    assertThat(book.get(alert.id())).isEqualTo(won.get(0));
  }

  @Test
  void aViewerMayNotAcknowledgeAndAnUnknownAlertIsNotFound() {
    assertThatThrownBy(() -> book.acknowledge(new Principal("wang", Role.ANALYST), "x", 1, null))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
    assertThatThrownBy(() -> book.acknowledge(OPERATOR, "x", 1, null))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void theEpochStaysOverRestartsAndChangesWhenTheDataCameFromAnotherServer() throws Exception {
    UUID epoch = book.epoch();
    assertThat(AlertBook.open(database.dataSource(), CLOCK, new Random(2)).epoch())
        .isEqualTo(epoch);
    execute("UPDATE chengmai.alert_log_epoch SET server = 'another/1'");
    UUID restored = AlertBook.open(database.dataSource(), CLOCK, new Random(3)).epoch();
    assertThat(restored).isNotEqualTo(epoch);
    assertThat(AlertBook.open(database.dataSource(), CLOCK, new Random(4)).epoch())
        .isEqualTo(restored);
  }

  @Test
  void aDatabaseThatMayLoseCommitsIsRefusedByName() throws Exception {
    Durability.check(database.dataSource());
    database.onServer("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");
    try (var careless = database.pool(1)) {
      assertThatThrownBy(() -> AlertBook.open(careless, CLOCK, new Random(1)))
          .isInstanceOf(ChengmaiException.class)
          .hasMessageContaining("synchronous_commit = off")
          .hasMessageContaining("set synchronous_commit = on");
    }
  }

  @Test
  void theProjectionEqualsTheLogReplayed() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 120; i++) {
      String region = "63010" + random.nextInt(3);
      Status status = Status.values()[random.nextInt(3)];
      book.append(
          List.of(Anomalies.sighting(region, status, Grade.values()[random.nextInt(4)], i * 3)),
          OffsetCommit.none());
      for (Alert alert : book.open()) {
        if (alert.state() == AlertState.FIRING && random.nextInt(4) == 0) {
          book.acknowledge(OPERATOR, alert.id(), alert.revision(), null);
        }
      }
    }
    Map<String, Alert> replayed = new HashMap<>();
    book.after(0, 10_000).forEach(event -> replayed.put(event.alert().id(), event.alert()));
    List<Alert> projected = book.newest(1000);
    assertThat(projected).hasSameSizeAs(replayed.values());
    for (Alert alert : projected) {
      Alert logged = replayed.get(alert.id());
      assertThat(alert.state()).isEqualTo(logged.state());
      assertThat(alert.revision()).isEqualTo(logged.revision());
      assertThat(alert.grade()).isEqualTo(logged.grade());
      assertThat(alert.owner()).isEqualTo(logged.owner());
    }
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM chengmai.alert WHERE state <> upper(alert->>'state')")) {
      row.next();
      assertThat(row.getInt(1)).isZero();
    }
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
