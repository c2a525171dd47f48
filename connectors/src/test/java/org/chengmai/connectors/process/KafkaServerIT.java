package org.chengmai.connectors.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.chengmai.connectors.kafka.Topics;

final class KafkaServerIT extends ServerContract<KafkaServer> {
  @Override
  KafkaServer create(Path data, Ports ports) {
    return new KafkaServer(data, Libraries.kafka(), ports, 256);
  }

  /** In a transaction, and into a compacted topic too: both need room in the broker's heap. */
  @Override
  void write(KafkaServer server, int number) {
    Topics.create(server.address(), 1, 1);
    Map<String, Object> config =
        Map.of("bootstrap.servers", server.address(), "transactional.id", "test", "acks", "all");
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(Topics.OBSERVATIONS, "城脉", "值 " + number));
      producer.send(new ProducerRecord<>(Topics.OBSERVATION_KEYS, "key " + number, "{}"));
      producer.commitTransaction();
    }
  }

  @Override
  int read(KafkaServer server) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            server.address(),
            "isolation.level",
            "read_committed",
            "auto.offset.reset",
            "earliest");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition(Topics.OBSERVATIONS, 0)));
      consumer.seekToBeginning(consumer.assignment());
      return (int)
          StreamSupport.stream(consumer.poll(Duration.ofSeconds(2)).spliterator(), false)
              .filter(each -> each.key().equals("城脉") && each.value().startsWith("值 "))
              .count();
    }
  }
}
