package org.chengmai.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.chengmai.connectors.kafka.KafkaFeed;
import org.chengmai.connectors.kafka.KafkaFeedConfig;
import org.chengmai.connectors.kafka.Topics;
import org.junit.jupiter.api.Test;

/**
 * Observations from a topic of someone's Kafka; a message counts as acknowledged when our offset is
 * behind it.
 */
class KafkaFeedIT extends FeedContract {
  private final String topic = "ingest_foreign_" + UUID.randomUUID().toString().substring(0, 8);
  private String kafka;
  private KafkaFeed feed;
  private KafkaProducer<byte[], byte[]> producer;
  private Admin admin;

  @Override
  protected void open() {
    kafka = IngestServers.property("chengmai.test.kafka");
    Topics.create(kafka, topic, 1, 1);
    admin = Admin.create(Map.of("bootstrap.servers", kafka));
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka,
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class));
    feed = feed();
    feed.start();
  }

  private KafkaFeed feed() {
    return new KafkaFeed(
        new KafkaFeedConfig(kafka, List.of(topic), topic, "department", Map.of()), parser, intake);
  }

  @Override
  protected void stop() {
    if (feed != null) {
      feed.close();
      producer.close();
      admin.close();
      Topics.delete(kafka, topic);
    }
  }

  @Override
  protected CompletableFuture<?> send(String json) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            long offset =
                producer
                    .send(new ProducerRecord<>(topic, json.getBytes(StandardCharsets.UTF_8)))
                    .get()
                    .offset();
            await("offset " + offset + " is committed", () -> committed() > offset);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private long committed() {
    try {
      OffsetAndMetadata own =
          admin
              .listConsumerGroupOffsets(topic)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition(topic, 0));
      return own == null ? 0 : own.offset();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aNewLifeGoesOnBehindWhatWasStored() throws Exception {
    acknowledged(send(row(1)));
    feed.close();
    CompletableFuture<?> later = send(row(2));
    feed = feed();
    feed.start();
    acknowledged(later);
    assertThat(intake.values()).containsExactly(1.0, 2.0);
    assertThat(intake.submissions())
        .extracting(RecordingIntake.Submission::key)
        .containsExactly(topic + "-0-0", topic + "-0-1");
  }
}
