package org.chengmai.connectors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** The names and settings of our topics; docs/architecture.md states their contents. */
public final class Topics {
  public static final String OBSERVATIONS = "observations";
  public static final String OBSERVATION_KEYS = "observation_keys";
  public static final String DEAD_LETTERS = "dead_letters";
  public static final String INDICATORS = "indicators";

  private Topics() {}

  /** Creates what is missing; existing topics are left as they are. */
  public static void create(String bootstrapServers, int partitions, int replicas) {
    List<NewTopic> wanted = new ArrayList<>();
    wanted.add(topic(OBSERVATIONS, partitions, replicas, "delete", Duration.ofDays(3)));
    wanted.add(topic(OBSERVATION_KEYS, 1, replicas, "compact,delete", Duration.ofHours(24)));
    wanted.add(topic(DEAD_LETTERS, 1, replicas, "delete", Duration.ofDays(7)));
    wanted.add(topic(INDICATORS, 1, replicas, "delete", Duration.ofDays(3)));
    create(bootstrapServers, wanted);
  }

  /** Creates one topic of another name with the settings of the observations, for measurements. */
  public static void create(String bootstrapServers, String name, int partitions, int replicas) {
    create(
        bootstrapServers,
        new ArrayList<>(List.of(topic(name, partitions, replicas, "delete", Duration.ofDays(3)))));
  }

  /** Deletes a topic. */
  public static void delete(String bootstrapServers, String name) {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      admin.deleteTopics(List.of(name)).all().get();
    } catch (ExecutionException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "topic %s cannot be deleted: %s".formatted(name, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "deleting a topic was interrupted", e);
    }
  }

  private static void create(String bootstrapServers, List<NewTopic> wanted) {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      Set<String> existing = admin.listTopics().names().get();
      wanted.removeIf(topic -> existing.contains(topic.name()));
      admin.createTopics(wanted).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new ChengmaiException(
            ErrorCode.EXTERNAL,
            "Kafka at %s: topics cannot be created: %s".formatted(bootstrapServers, e.getMessage()),
            e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "creating topics was interrupted", e);
    }
  }

  private static NewTopic topic(
      String name, int partitions, int replicas, String cleanup, Duration retention) {
    return new NewTopic(name, partitions, (short) replicas)
        .configs(
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                cleanup,
                TopicConfig.RETENTION_MS_CONFIG,
                String.valueOf(retention.toMillis()),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                "LogAppendTime"));
  }
}
