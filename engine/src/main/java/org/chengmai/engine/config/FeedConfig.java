package org.chengmai.engine.config;

/**
 * A Kafka topic of someone else that carries observations as JSON.
 *
 * @param name names the feed in receipts and dead letters
 */
public record FeedConfig(String name, String bootstrapServers, String topic) {}
