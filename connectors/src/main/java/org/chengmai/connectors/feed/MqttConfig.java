package org.chengmai.connectors.feed;

import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Where the MQTT endpoint listens.
 *
 * @param port 0 means any free one
 */
public record MqttConfig(String host, int port) {
  public MqttConfig {
    if (host.isBlank() || port < 0 || port > 65_535) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION, "mqtt: host '%s', port %d".formatted(host, port));
    }
  }

  public static MqttConfig defaults() {
    return new MqttConfig("127.0.0.1", 1883);
  }
}
