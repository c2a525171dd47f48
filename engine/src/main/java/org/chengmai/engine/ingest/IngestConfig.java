package org.chengmai.engine.ingest;

import java.time.Duration;
import org.chengmai.connectors.feed.FeedLimits;
import org.chengmai.connectors.kafka.Topics;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * How observations are taken in.
 *
 * @param engineId names this engine among those that write to the same Kafka; an engine started
 *     with the same id replaces the one before
 * @param linger how long a group waits for more requests, at most 50 ms
 * @param groupRecords a group with so many records waits no longer
 * @param queueRecords more waiting records are refused with RESOURCES
 * @param queueBytes more waiting bytes are refused with RESOURCES
 * @param keyLife how long idempotency keys are remembered
 * @param maxKeys how many of them at most; beyond, the oldest hour is forgotten early
 * @param limits what a request may hold
 * @param topics where to write
 */
public record IngestConfig(
    String engineId,
    Duration linger,
    int groupRecords,
    int queueRecords,
    long queueBytes,
    Duration keyLife,
    int maxKeys,
    FeedLimits limits,
    IngestTopics topics) {
  public IngestConfig {
    if (engineId.isBlank()
        || linger.isNegative()
        || linger.toMillis() > 50
        || groupRecords < 1
        || queueRecords < groupRecords
        || queueBytes < 1 << 20
        || keyLife.toHours() < 1
        || maxKeys < 1000) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "ingest: engine_id '%s' not blank, linger %s 0 to 50 ms, group_records %d at least 1, queue_records %d not less, queue_bytes %d at least 1 MB, key_life %s at least 1 hour, max_keys %d at least 1000"
              .formatted(
                  engineId, linger, groupRecords, queueRecords, queueBytes, keyLife, maxKeys));
    }
  }

  /** The names of the topics; tests use their own. */
  public record IngestTopics(String observations, String observationKeys, String deadLetters) {
    public static IngestTopics defaults() {
      return new IngestTopics(Topics.OBSERVATIONS, Topics.OBSERVATION_KEYS, Topics.DEAD_LETTERS);
    }
  }

  public static IngestConfig defaults() {
    return new IngestConfig(
        "engine",
        Duration.ofMillis(10),
        5_000,
        200_000,
        64L << 20,
        Duration.ofHours(24),
        2_000_000,
        FeedLimits.defaults(),
        IngestTopics.defaults());
  }
}
