package org.chengmai.engine.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.chengmai.connectors.feed.Receipt;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way into Kafka, already written as records. Filled by the sender's thread, then
 * owned by the gateway's.
 */
final class IngestRequest {
  /** Kafka takes a megabyte a message; a margin is left for its own fields. */
  private static final int MAX_RECORD = 900 << 10;

  /** A record with its key; of dead letters the key is given at sending. */
  record Line(byte[] key, byte[] value) {}

  final @Nullable String key;
  final CompletableFuture<Receipt> answer = new CompletableFuture<>();
  final List<Line> observations;
  final List<DeadLetter> deadLetters = new ArrayList<>();
  final List<String> errors = new ArrayList<>();
  final long marker;
  long queuedAt;
  int bytes;

  private IngestRequest(@Nullable String key, int observations, long marker) {
    this.key = key;
    this.observations = new ArrayList<>(observations);
    this.marker = marker;
  }

  static IngestRequest of(@Nullable String key, int observations) {
    return new IngestRequest(key, observations, 0);
  }

  static IngestRequest marker(long marker) {
    return new IngestRequest(null, 0, marker);
  }

  /** Adds an observation's record; false when it is too large for Kafka. */
  boolean add(byte[] recordKey, byte[] value) {
    if (value.length > MAX_RECORD) {
      return false;
    }
    observations.add(new Line(recordKey, value));
    bytes += value.length + recordKey.length;
    return true;
  }

  void reject(DeadLetter deadLetter) {
    deadLetters.add(deadLetter);
    bytes += deadLetter.raw().length;
    if (errors.size() < Receipt.MAX_ERRORS) {
      errors.add(deadLetter.reason());
    }
  }

  int records() {
    return observations.size() + deadLetters.size() + 1;
  }

  Receipt receipt() {
    return new Receipt(observations.size(), deadLetters.size(), false, errors);
  }
}
