package org.chengmai.connectors.process;

import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A server that we start and supervise. Safe for several threads; different servers may start at
 * the same time.
 *
 * <p>A child that dies is started again after a pause that grows, on the same ports. It never
 * outlives this JVM, even one that was killed.
 */
public interface Server extends AutoCloseable {
  /** A short name, such as {@code kafka}; also the name of its folder. */
  String name();

  /**
   * Starts the child and returns once its health gate answers a real query.
   *
   * @throws org.chengmai.indicators.ChengmaiException UNAVAILABLE when it does not get there; the
   *     message holds the end of its log
   */
  void start(ServerListener listener);

  ServerState state();

  /** The process id of the server itself (not of its guard) while it runs. */
  OptionalLong pid();

  /** Where clients connect: a JDBC address, Kafka's bootstrap servers, Druid's broker. */
  String address();

  /** The file that holds the child's output. */
  Path log();

  /** Stops the child in order, by force after a grace; does nothing when it is not running. */
  void stop();

  @Override
  default void close() {
    stop();
  }
}
