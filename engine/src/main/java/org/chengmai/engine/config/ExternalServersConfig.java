package org.chengmai.engine.config;

import org.jspecify.annotations.Nullable;

/**
 * Addresses of servers that others run. What is absent is started by the engine itself.
 *
 * @param postgresUrl JDBC address of the engine's own database
 * @param kafka bootstrap servers
 * @param druidBroker base address of a broker or router
 * @param druidCoordinator base address of the coordinator and overlord
 */
public record ExternalServersConfig(
    @Nullable String postgresUrl,
    @Nullable String postgresUser,
    @Nullable String postgresPassword,
    @Nullable String kafka,
    int kafkaPartitions,
    int kafkaReplicas,
    @Nullable String druidBroker,
    @Nullable String druidCoordinator) {
  public static ExternalServersConfig defaults() {
    return new ExternalServersConfig(null, null, null, null, 1, 1, null, null);
  }

  public ExternalServersConfig {
    if ((druidBroker == null) != (druidCoordinator == null)) {
      throw new IllegalArgumentException("druid_broker and druid_coordinator go together");
    }
  }

  @Override
  public String toString() {
    return "ExternalServersConfig[postgresUrl=%s, kafka=%s, druidBroker=%s]"
        .formatted(postgresUrl, kafka, druidBroker);
  }
}
