package org.chengmai.engine.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.chengmai.engine.RealServers;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.Anomaly.Status;
import org.chengmai.indicators.Grade;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(RealServers.class)
final class AlertDispatcherIT {
  private TestDatabase database;
  private AlertBook book;
  private int minute;

  @BeforeEach
  void open() {
    database = new TestDatabase();
    book = AlertBook.open(database.dataSource(), InstantSource.system(), new Random(1));
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }

  private AlertDispatcher dispatcher() {
    AlertDispatcher dispatcher =
        new AlertDispatcher(
            book, database.dataSource(), Duration.ofMillis(5), Duration.ofMillis(40));
    book.onCommit(dispatcher::wake);
    return dispatcher;
  }

  private void write(int events) {
    for (int i = 0; i < events; i++, minute += 20) {
      Status status = minute % 40 == 0 ? Status.FIRING : Status.CLEARED;
      book.append(
          List.of(Anomalies.sighting("630102", status, Grade.BLUE, minute)), OffsetCommit.none());
    }
  }

  private static List<Long> take(BlockingQueue<Long> seen, int count) throws InterruptedException {
    List<Long> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Long seq = seen.poll(20, TimeUnit.SECONDS);
      assertThat(seq).as("event %d of %d", i + 1, count).isNotNull();
      taken.add(seq);
    }
    return taken;
  }

  @Test
  void aSinkThatHangsOrFailsHoldsUpNobodyAndMissesNothing() throws Exception {
    BlockingQueue<Long> good = new LinkedBlockingQueue<>();
    BlockingQueue<Long> failing = new LinkedBlockingQueue<>();
    BlockingQueue<Long> hanging = new LinkedBlockingQueue<>();
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    try (AlertDispatcher dispatcher = dispatcher()) {
      dispatcher.add(
          "hanging",
          events -> {
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            events.forEach(event -> hanging.add(event.seq()));
          });
      dispatcher.add(
          "failing",
          events -> {
            if (calls.incrementAndGet() % 3 != 0) {
              throw new IllegalStateException("not now");
            }
            events.forEach(event -> failing.add(event.seq()));
          });
      dispatcher.add("good", events -> events.forEach(event -> good.add(event.seq())));
      write(30);
      List<Long> all = LongStream.rangeClosed(1, 30).boxed().toList();
      assertThat(take(good, 30)).isEqualTo(all);
      assertThat(take(failing, 30)).isEqualTo(all);
      assertThat(hanging).isEmpty();
      release.countDown();
      assertThat(take(hanging, 30)).isEqualTo(all);
    }
  }

  @Test
  void afterARestartASinkGoesOnWhereItStoodAndANewOneStartsAtTheHead() throws Exception {
    BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
    try (AlertDispatcher dispatcher = dispatcher()) {
      dispatcher.add("sink", events -> events.forEach(event -> seen.add(event.seq())));
      write(3);
      assertThat(take(seen, 3)).containsExactly(1L, 2L, 3L);
    }
    write(4);
    BlockingQueue<Long> fresh = new LinkedBlockingQueue<>();
    try (AlertDispatcher dispatcher = dispatcher()) {
      dispatcher.add("sink", events -> events.stream().map(AlertEvent::seq).forEach(seen::add));
      dispatcher.add("new", events -> events.stream().map(AlertEvent::seq).forEach(fresh::add));
      assertThat(take(seen, 4)).containsExactly(4L, 5L, 6L, 7L);
      write(1);
      assertThat(take(seen, 1)).containsExactly(8L);
      assertThat(take(fresh, 1)).containsExactly(8L);
    }
  }
}
