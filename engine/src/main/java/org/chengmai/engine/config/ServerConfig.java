package org.chengmai.engine.config;

import org.chengmai.engine.tls.TlsConfig;
import org.jspecify.annotations.Nullable;

/**
 * Where the engine listens. Port 0 means a free one.
 *
 * @param host the address to bind, loopback unless configured
 * @param flightPort Arrow Flight SQL
 * @param postgresPort PostgreSQL's wire protocol; -1 switches it off
 * @param mqttPort MQTT; -1 switches the endpoint off
 * @param tls of Flight SQL and PostgreSQL's wire protocol; without it they speak in plain text
 */
public record ServerConfig(
    String host,
    int port,
    int flightPort,
    int postgresPort,
    int mqttPort,
    @Nullable TlsConfig tls) {
  /** Without TLS. */
  public ServerConfig(String host, int port, int flightPort, int postgresPort, int mqttPort) {
    this(host, port, flightPort, postgresPort, mqttPort, null);
  }

  public static ServerConfig defaults() {
    return new ServerConfig("127.0.0.1", 8080, 8815, 5433, 1883);
  }

  public ServerConfig {
    checkPort("port", port, 0);
    checkPort("flight_port", flightPort, 0);
    checkPort("postgres_port", postgresPort, -1);
    checkPort("mqtt_port", mqttPort, -1);
  }

  private static void checkPort(String key, int port, int least) {
    if (port < least || port > 65_535) {
      throw new IllegalArgumentException(
          "%s %d is not between %d and 65535".formatted(key, port, least));
    }
  }
}
