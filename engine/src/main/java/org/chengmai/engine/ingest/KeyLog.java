package org.chengmai.engine.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.chengmai.connectors.kafka.CommittedRecords;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The topic of idempotency keys: what each batch stored, and which group of requests each engine
 * committed last. One thread.
 *
 * <p>Every transaction also writes one record {@code group/<engine>}; compaction keeps the last. By
 * it a writer that lost its connection in the middle of a commit learns whether the group was
 * committed, also when no request of the group had a key.
 */
final class KeyLog {
  private static final String GROUP = "group/";
  private static final String KEY = "key/";

  /** A committed group: which life of the engine wrote it, and its number in that life. */
  record Group(String life, long number) {}

  /** Takes a key that was read. */
  interface Sink {
    void put(String key, long stored, Instant at);
  }

  private final CommittedRecords records;
  private final String engineId;
  private long next;
  private @Nullable Group lastGroup;

  KeyLog(CommittedRecords records, String engineId) {
    this.records = records;
    this.engineId = engineId;
  }

  /** Reads what was written since {@code since}. */
  void open(Instant since, Sink keys) {
    next = records.at(since);
    catchUp(keys);
  }

  /** Reads what was committed since the last reading. */
  void catchUp(Sink keys) {
    long end = records.end();
    records.read(
        next,
        end,
        (offset, key, value) -> visit(new String(key, StandardCharsets.UTF_8), value, keys));
    next = Math.max(next, end);
  }

  /** The engine's group that was committed last, as far as read. */
  @Nullable Group lastGroup() {
    return lastGroup;
  }

  private void visit(String key, byte[] value, Sink keys) {
    JsonNode json;
    try {
      json = Json.mapper().readTree(value);
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "idempotency key '%s' has no JSON value".formatted(key), e);
    }
    if (key.equals(GROUP + engineId)) {
      lastGroup = new Group(json.path("life").asText(), json.path("n").asLong());
    } else if (key.startsWith(KEY)) {
      keys.put(
          key.substring(KEY.length()),
          stored(json.path("n").asInt(), json.path("rejected").asInt()),
          Instant.ofEpochMilli(json.path("at").asLong()));
    }
  }

  static byte[] keyRecord(String key) {
    return (KEY + key).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] keyValue(int accepted, int rejected, Instant at) {
    return "{\"n\":%d,\"at\":%d,\"rejected\":%d}"
        .formatted(accepted, at.toEpochMilli(), rejected)
        .getBytes(StandardCharsets.US_ASCII);
  }

  byte[] groupRecord() {
    return (GROUP + engineId).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] groupValue(Group group, Instant at) {
    return "{\"n\":%d,\"at\":%d,\"life\":\"%s\"}"
        .formatted(group.number(), at.toEpochMilli(), group.life())
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Both counts in one number, as the table of keys keeps them. */
  static long stored(int accepted, int rejected) {
    return (long) accepted << 32 | rejected;
  }
}
