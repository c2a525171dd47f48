package org.chengmai.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.chengmai.connectors.feed.FeedLimits;
import org.chengmai.connectors.feed.ObservationParser;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Series;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every way in for observations keeps, whoever sends. */
public abstract class FeedContract {
  protected static final String SERIES = "air.pm25.630102";

  protected final RecordingIntake intake = new RecordingIntake();
  protected final ObservationParser parser =
      new ObservationParser(
          FeedLimits.defaults(),
          id ->
              id.equals(SERIES) ? new Series(SERIES, "air.pm25", "630102", "ug/m3", 0, 2000) : null,
          InstantSource.system());

  /** Starts the feed with this class's parser and intake, and a sender. */
  protected abstract void open() throws Exception;

  /** Stops both. */
  protected abstract void stop() throws Exception;

  /**
   * Sends JSON as a proper sender does, again and again until it is acknowledged; completes then.
   */
  protected abstract CompletableFuture<?> send(String json);

  @BeforeEach
  void openFeed() throws Exception {
    open();
  }

  @AfterEach
  void stopFeed() throws Exception {
    intake.open();
    stop();
  }

  @Test
  void rowsReachTheIntakeInTheirOrder() throws Exception {
    for (int n = 0; n < 20; n++) {
      acknowledged(send("[" + row(2 * n) + "," + row(2 * n + 1) + "]"));
    }
    assertThat(intake.values()).hasSize(40).isSorted();
  }

  @Test
  void theSenderIsAnsweredOnlyAfterTheIntakeHasStored() throws Exception {
    intake.hold();
    CompletableFuture<?> answer = send(row(1));
    await("the intake has it", () -> intake.submissions().size() == 1);
    assertThat(answer).isNotDone();
    intake.open();
    acknowledged(answer);
  }

  @Test
  void whatTheIntakeRefusesIsNotAcknowledgedAndComesAgain() throws Exception {
    intake.refuse(new ChengmaiException(ErrorCode.UNAVAILABLE, "Kafka is away"));
    acknowledged(send(row(7)));
    assertThat(intake.values()).containsExactly(7.0);
  }

  @Test
  void aBadRowDisturbsNoOtherAndIsHandedOverWithItsReason() throws Exception {
    acknowledged(
        send("[" + row(1) + ",{\"series\":\"nobody\",\"time\":1,\"value\":1}," + row(2) + "]"));
    assertThat(intake.values()).containsExactly(1.0, 2.0);
    assertThat(intake.submissions().get(0).batch().bad()).hasSize(1);
    assertThat(intake.submissions().get(0).batch().bad().get(0).reason())
        .isEqualTo("series 'nobody' is not registered");
  }

  @Test
  void rubbishIsHandedOverAsABadRow() throws Exception {
    send("rubbish, not JSON");
    await("the intake has it", () -> intake.submissions().size() == 1);
    assertThat(intake.submissions().get(0).batch().observations()).isEmpty();
    assertThat(intake.submissions().get(0).batch().bad()).hasSize(1);
    acknowledged(send(row(3)));
    assertThat(intake.values()).containsExactly(3.0);
  }

  @Test
  void aBatchCarriesASenderAndAKey() throws Exception {
    acknowledged(send(row(1)));
    List<RecordingIntake.Submission> submissions = intake.submissions();
    assertThat(submissions.get(0).sender()).isNotBlank();
    assertThat(submissions.get(0).key()).isNotBlank();
  }

  protected static String row(int value) {
    return "{\"series\":\"%s\",\"time\":%d,\"value\":%d}"
        .formatted(SERIES, System.currentTimeMillis(), value);
  }

  protected static void acknowledged(CompletableFuture<?> answer) throws Exception {
    answer.get(60, TimeUnit.SECONDS);
  }

  protected static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not within a minute: %s", what).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
