package org.chengmai.engine.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.chengmai.connectors.kafka.CommittedRecords;
import org.chengmai.connectors.kafka.TransactionalWriter;

/**
 * Writes each group of requests as one Kafka transaction and, where a commit broke off, finds out
 * whether the group was stored. One life of one engine; one thread.
 */
final class GroupWriter implements AutoCloseable {
  private final IngestConfig config;
  private final InstantSource clock;
  private final TransactionalWriter writer;
  private final CommittedRecords deadLetterRecords;
  private final KeyLog keyLog;
  private final KeyLog.Sink keys;
  private final Timer commits;
  private final String life = UUID.randomUUID().toString();
  private long groupNumber;
  private long deadLetters;
  private int partitions = 1;

  /**
   * @param keys is told every key that others or we have stored
   */
  GroupWriter(
      IngestConfig config,
      InstantSource clock,
      MeterRegistry metrics,
      TransactionalWriter writer,
      CommittedRecords keyRecords,
      CommittedRecords deadLetterRecords,
      KeyLog.Sink keys) {
    this.config = config;
    this.clock = clock;
    this.writer = writer;
    this.deadLetterRecords = deadLetterRecords;
    this.keyLog = new KeyLog(keyRecords, config.engineId());
    this.keys = keys;
    this.commits = metrics.timer("chengmai.ingest.commit");
  }

  /** Takes over from an earlier life and reads the keys within the life of keys. */
  void open() {
    writer.open();
    keyLog.open(clock.instant().minus(config.keyLife()), keys);
    partitions = writer.partitions(config.topics().observations());
    deadLetters = lastDeadLetter();
    // Tells an earlier life that may still run that it was replaced.
    write(List.of());
  }

  /** Begins again after a failure; answers whether the last group was committed. */
  boolean reopen() {
    writer.open();
    keyLog.catchUp(keys);
    deadLetters = lastDeadLetter();
    return new KeyLog.Group(life, groupNumber).equals(keyLog.lastGroup());
  }

  /** Whether another life of this engine has written since. */
  boolean isReplaced() {
    keyLog.catchUp(keys);
    KeyLog.Group group = keyLog.lastGroup();
    return group != null && !group.life().equals(life);
  }

  /** Returns when the group is committed; after a failure that is open until {@link #reopen}. */
  void write(List<IngestRequest> group) {
    long start = System.nanoTime();
    IngestConfig.IngestTopics topics = config.topics();
    Instant now = clock.instant();
    long deadLetter = deadLetters;
    // Set before anything is sent: recovery asks for this number.
    groupNumber++;
    writer.begin();
    for (IngestRequest request : group) {
      for (IngestRequest.Line line : request.observations) {
        writer.send(topics.observations(), null, line.key(), line.value());
      }
      for (DeadLetter bad : request.deadLetters) {
        deadLetter++;
        writer.send(
            topics.deadLetters(),
            0,
            String.valueOf(deadLetter).getBytes(StandardCharsets.US_ASCII),
            bad.record());
      }
      if (request.key != null) {
        byte[] value =
            KeyLog.keyValue(request.observations.size(), request.deadLetters.size(), now);
        writer.send(topics.observationKeys(), 0, KeyLog.keyRecord(request.key), value);
      }
      for (int partition = 0; request.marker > 0 && partition < partitions; partition++) {
        byte[] value = CloseMarker.record(request.marker, config.engineId(), partition, now);
        writer.send(topics.observations(), partition, CloseMarker.KEY, value);
      }
    }
    writer.send(
        topics.observationKeys(),
        0,
        keyLog.groupRecord(),
        KeyLog.groupValue(new KeyLog.Group(life, groupNumber), now));
    writer.commit();
    deadLetters = deadLetter;
    commits.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
  }

  /** The number of the group that was written last. */
  long groupNumber() {
    return groupNumber;
  }

  /** How many partitions the observations have; the same from {@link #open} on. */
  int partitions() {
    return partitions;
  }

  @Override
  public void close() {
    writer.close();
  }

  private long lastDeadLetter() {
    long end = deadLetterRecords.end();
    long[] last = new long[1];
    // Behind the last record stand at most a few control records, unless it was the only one: look
    // further back then.
    for (long back = 10; last[0] == 0; back *= 10) {
      long from = Math.max(deadLetterRecords.begin(), end - back);
      deadLetterRecords.read(
          from, end, (offset, key, value) -> last[0] = DeadLetters.sequence(key));
      if (from == deadLetterRecords.begin()) {
        break;
      }
    }
    return last[0];
  }
}
