package org.chengmai.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chengmai.engine.ingest.IngestServers.SENDER;
import static org.chengmai.engine.ingest.IngestServers.batch;
import static org.chengmai.engine.ingest.IngestServers.observation;
import static org.chengmai.engine.ingest.IngestServers.receipt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.chengmai.connectors.feed.BadRecord;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.ObservationParser;
import org.chengmai.connectors.feed.Reading;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.connectors.feed.RowFormat;
import org.chengmai.engine.RealServers;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.Series;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealServers.class)
class ObservationGatewayIT {
  private IngestServers servers;

  @BeforeEach
  void open() {
    servers = new IngestServers();
  }

  @AfterEach
  void close() throws Exception {
    if (servers != null) {
      servers.close();
    }
  }

  @Test
  void aRecordHasTheAgreedForm() throws Exception {
    Observation one =
        new Observation(
            IngestServers.SERIES,
            Instant.ofEpochMilli(1767571200000L),
            35.25,
            Instant.ofEpochMilli(1767571200500L),
            "城\"1");
    receipt(servers.gateway("a").submit(SENDER, "k", batch(one)));
    assertThat(servers.stored())
        .containsExactly(
            "{\"v\":1,\"series\":\"air.pm25.630102\",\"measure\":\"air.pm25\",\"region\":\"630102\",\"time\":1767571200000,"
                + "\"value\":35.25,\"received\":1767571200500,\"id\":\"城\\\"1\"}");
    assertThat(Json.mapper().readTree(servers.stored().get(0)).get("id").asText())
        .isEqualTo("城\"1");
  }

  @Test
  void theSameBatchTwiceIsStoredOnceAndAnsweredWithTheFirstCount() {
    ObservationGateway gateway = servers.gateway("a");
    Batch batch = batch(observation(1), observation(2));
    CompletionStage<Receipt> first = gateway.submit(SENDER, "k", batch);
    CompletionStage<Receipt> inFlight = gateway.submit(SENDER, "k", batch);
    assertThat(receipt(first)).isEqualTo(new Receipt(2, 0, false, List.of()));
    assertThat(receipt(inFlight)).isEqualTo(new Receipt(2, 0, true, List.of()));
    assertThat(receipt(gateway.submit(SENDER, "k", batch(observation(3)))))
        .isEqualTo(new Receipt(2, 0, true, List.of()));
    assertThat(servers.stored()).hasSize(2);
  }

  @Test
  void theSameKeyOfAnotherSenderIsAnotherKey() {
    ObservationGateway gateway = servers.gateway("a");
    receipt(gateway.submit(SENDER, "k", batch(observation(1))));
    assertThat(
            receipt(
                    gateway.submit(
                        new Principal("others", Role.OPERATOR), "k", batch(observation(1))))
                .duplicate())
        .isFalse();
    receipt(gateway.submit(SENDER, null, batch(observation(1))));
    receipt(gateway.submit(SENDER, null, batch(observation(1))));
    assertThat(servers.stored()).hasSize(4);
  }

  @Test
  void keysAreReadBackAtStart() {
    ObservationGateway first = servers.gateway("a");
    for (int n = 0; n < 500; n++) {
      first.submit(SENDER, "k" + n, batch(observation(n)));
    }
    receipt(first.submit(SENDER, "last", batch(observation(1))));
    first.close();
    ObservationGateway second = servers.gateway("a");
    for (int n = 0; n < 500; n++) {
      assertThat(receipt(second.submit(SENDER, "k" + n, batch(observation(n)))).duplicate())
          .isTrue();
    }
    assertThat(servers.stored()).hasSize(501);
  }

  @Test
  void aBreakAfterTheCommitIsStillAnsweredWithTheReceipt() {
    AtomicInteger commits = new AtomicInteger();
    ObservationGateway gateway =
        servers.gateway(
            "a", settings -> breaking(settings, commits, producer -> producer.reallyCommit()));
    // The opening group was commit 1; commit 2 reaches the broker, but its answer is lost.
    assertThat(receipt(gateway.submit(SENDER, "k", batch(observation(1)))))
        .isEqualTo(new Receipt(1, 0, false, List.of()));
    assertThat(receipt(gateway.submit(SENDER, null, batch(observation(2)))).accepted())
        .isEqualTo(1);
    assertThat(receipt(gateway.submit(SENDER, "k", batch(observation(1)))).duplicate()).isTrue();
    assertThat(servers.stored()).hasSize(2);
  }

  @Test
  void aBreakBeforeTheCommitIsUnavailableInvisibleAndStoredOnceByTheRepetition() {
    AtomicInteger commits = new AtomicInteger();
    ObservationGateway gateway =
        servers.gateway("a", settings -> breaking(settings, commits, KafkaProducer::flush));
    assertThatThrownBy(() -> receipt(gateway.submit(SENDER, "k", batch(observation(1)))))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("not stored; repeat with the same key");
    assertThat(servers.stored()).isEmpty();
    assertThat(receipt(gateway.submit(SENDER, "k", batch(observation(1)))))
        .isEqualTo(new Receipt(1, 0, false, List.of()));
    assertThat(servers.stored()).hasSize(1);
  }

  @Test
  void anEngineThatDiedBetweenCommitAndAnswerKnowsTheKeyInItsNextLife() {
    CountDownLatch committed = new CountDownLatch(1);
    AtomicInteger commits = new AtomicInteger();
    ObservationGateway dying =
        servers.gateway(
            "a",
            settings -> {
              if (committed.getCount() == 0) {
                throw new KafkaException("this process is dead");
              }
              return breaking(
                  settings,
                  commits,
                  producer -> {
                    producer.reallyCommit();
                    committed.countDown();
                  });
            });
    dying.submit(SENDER, "k", batch(observation(1)));
    IngestServers.await("the commit", Duration.ofSeconds(20), () -> committed.getCount() == 0);
    ObservationGateway next = servers.gateway("a");
    assertThat(receipt(next.submit(SENDER, "k", batch(observation(1)))))
        .isEqualTo(new Receipt(1, 0, true, List.of()));
    assertThat(servers.stored()).hasSize(1);
  }

  @Test
  void anAbortedTransactionIsInvisible() {
    ObservationGateway gateway = servers.gateway("a");
    try (KafkaProducer<byte[], byte[]> other =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", servers.kafka,
                "transactional.id", servers.prefix + "aborting",
                "key.serializer", ByteArraySerializer.class,
                "value.serializer", ByteArraySerializer.class))) {
      other.initTransactions();
      other.beginTransaction();
      other.send(
          new ProducerRecord<>(
              servers.topics.observations(), "x".getBytes(StandardCharsets.UTF_8)));
      other.flush();
      receipt(gateway.submit(SENDER, "k", batch(observation(1))));
      other.abortTransaction();
    }
    assertThat(servers.stored()).hasSize(1).noneMatch("x"::equals);
  }

  @Test
  void anEngineThatWasReplacedSaysSo() {
    ObservationGateway old = servers.gateway("same");
    receipt(old.submit(SENDER, "k", batch(observation(1))));
    ObservationGateway fresh = servers.gateway("same");
    assertThatThrownBy(() -> receipt(old.submit(SENDER, "k2", batch(observation(2)))))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("another engine");
    assertThat(old.problem()).contains("another engine");
    assertThat(receipt(fresh.submit(SENDER, "k2", batch(observation(2)))).duplicate()).isFalse();
    assertThat(servers.stored()).hasSize(2);
  }

  @Test
  void aFullQueueIsRefused() {
    ObservationGateway gateway = servers.gateway("a");
    Observation[] many = new Observation[6_000];
    Arrays.fill(many, observation(1));
    List<CompletionStage<Receipt>> answers = new ArrayList<>();
    for (int n = 0; n < 40; n++) {
      answers.add(gateway.submit(SENDER, "k" + n, batch(many)));
    }
    int refused = 0;
    int accepted = 0;
    for (CompletionStage<Receipt> answer : answers) {
      try {
        accepted += receipt(answer).accepted();
      } catch (ChengmaiException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES);
        assertThat(e).hasMessageContaining("ingest queue full");
        refused++;
      }
    }
    assertThat(refused).isPositive();
    assertThat(servers.stored()).hasSize(accepted);
  }

  @Test
  void badRowsBecomeDeadLettersThatCanBeReplayedOnce() {
    ObservationGateway gateway = servers.gateway("a");
    ObservationParser parser =
        new ObservationParser(servers.config("a").limits(), servers.registry, servers.clock);
    DeadLetters letters = new DeadLetters(servers.deadLetters(), gateway, parser);
    assertThat(letters.count()).isZero();
    assertThat(letters.list(Long.MAX_VALUE, 10)).isEmpty();
    for (int n = 0; n < 3; n++) {
      String rows =
          "{\"series\":\"water.630103\",\"time\":%d,\"value\":%d}\nrubbish %d\n"
              .formatted(servers.clock.millis(), n, n);
      Batch batch =
          parser.parse("http", Reading.of(RowFormat.NDJSON), rows.getBytes(StandardCharsets.UTF_8));
      Receipt receipt = receipt(gateway.submit(SENDER, "bad" + n, batch));
      assertThat(receipt.rejected()).isEqualTo(2);
      assertThat(receipt.errors().get(0)).isEqualTo("series 'water.630103' is not registered");
    }
    assertThat(letters.count()).isEqualTo(6);
    List<DeadLetter> all = letters.list(Long.MAX_VALUE, 100);
    assertThat(all).hasSize(6);
    assertThat(new String(all.get(0).raw(), StandardCharsets.UTF_8)).isEqualTo("rubbish 2");
    assertThat(all.get(0).principal()).isEqualTo("sensors");
    assertThat(letters.list(all.get(1).id(), 2))
        .extracting(DeadLetter::id)
        .containsExactly(all.get(2).id(), all.get(3).id());

    Principal admin = new Principal("root", Role.ADMIN);
    servers.registry.register(
        List.of(new Series("water.630103", "water.pressure", "630103", "MPa", 0, 10)));
    List<Long> ids = all.stream().map(DeadLetter::id).toList();
    DeadLetters.Replay replay = letters.replay(admin, ids);
    assertThat(replay.stored()).hasSize(3);
    assertThat(replay.failed())
        .hasSize(3)
        .allMatch(failure -> failure.reason().contains("no valid JSON"));
    assertThat(letters.replay(admin, ids).stored()).hasSize(3);
    assertThat(servers.stored()).hasSize(3);
    assertThat(letters.list(Long.MAX_VALUE, 100)).filteredOn(DeadLetter::replayed).hasSize(3);
    assertThatThrownBy(() -> letters.replay(SENDER, ids)).hasMessageContaining("ADMIN");
    assertThat(letters.replay(admin, List.of(999_999L)).failed().get(0).reason())
        .contains("no dead letter");
  }

  @Test
  void anObservationOfASeriesThatNobodyRegisteredBecomesADeadLetter() {
    Observation stranger = new Observation("nobody", Instant.now(), 1, Instant.now(), null);
    Receipt receipt =
        receipt(servers.gateway("a").submit(SENDER, "k", batch(stranger, observation(1))));
    assertThat(receipt)
        .isEqualTo(new Receipt(1, 1, false, List.of("series 'nobody' is not registered")));
  }

  @Test
  void theRegistrySurvivesAndReplaces() {
    servers.registry.register(
        List.of(
            new Series("a", "m", "630100", "1", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
            new Series("a", "m2", "630100", "1", 0, 1)));
    SeriesRegistry again = new SeriesRegistry(servers.jdbi);
    again.load();
    assertThat(again.list()).isEqualTo(servers.registry.list()).hasSize(2);
    assertThat(again.find("a")).isEqualTo(new Series("a", "m2", "630100", "1", 0, 1));
  }

  @Test
  void anEmptyBatchAndAnEndlessKeyAreRefused() {
    ObservationGateway gateway = servers.gateway("a");
    assertThatThrownBy(() -> receipt(gateway.submit(SENDER, "k", batch())))
        .hasMessageContaining("no observation");
    assertThatThrownBy(
            () -> receipt(gateway.submit(SENDER, "k".repeat(201), batch(observation(1)))))
        .hasMessageContaining("201 characters");
    BadRecord bad = new BadRecord("reason", new byte[] {1}, 1, null);
    Batch onlyBad = new Batch("test", Reading.of(RowFormat.JSON), List.of(), List.of(bad));
    assertThat(receipt(gateway.submit(SENDER, "k", onlyBad)).rejected()).isEqualTo(1);
  }

  /** What a producer does instead of its second commit, before it breaks. */
  private interface SecondCommit {
    void run(BreakingProducer producer);
  }

  private static BreakingProducer breaking(
      Map<String, Object> settings, AtomicInteger commits, SecondCommit second) {
    return new BreakingProducer(settings, commits, second);
  }

  /** A real producer that loses its connection at the second commit of the test. */
  private static final class BreakingProducer extends KafkaProducer<byte[], byte[]> {
    private final AtomicInteger commits;
    private final SecondCommit second;

    BreakingProducer(Map<String, Object> settings, AtomicInteger commits, SecondCommit second) {
      super(settings);
      this.commits = commits;
      this.second = second;
    }

    @Override
    public void commitTransaction() {
      if (commits.incrementAndGet() == 2) {
        second.run(this);
        throw new KafkaException("the connection was lost");
      }
      super.commitTransaction();
    }

    void reallyCommit() {
      super.commitTransaction();
    }
  }
}
