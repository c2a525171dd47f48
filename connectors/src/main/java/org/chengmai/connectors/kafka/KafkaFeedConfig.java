package org.chengmai.connectors.kafka;

import java.util.List;
import java.util.Map;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Which topics of someone's Kafka hold observations.
 *
 * @param group the consumer group that keeps how far we have read
 * @param principal in whose name the observations are stored
 * @param settings more settings of the consumer, such as security
 */
public record KafkaFeedConfig(
    String bootstrapServers,
    List<String> topics,
    String group,
    String principal,
    Map<String, String> settings) {
  public KafkaFeedConfig {
    topics = List.copyOf(topics);
    settings = Map.copyOf(settings);
    if (bootstrapServers.isBlank() || topics.isEmpty() || group.isBlank() || principal.isBlank()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "kafka feed: bootstrap_servers '%s', topics %s, group '%s' and principal '%s' are needed"
              .formatted(bootstrapServers, topics, group, principal));
    }
  }
}
