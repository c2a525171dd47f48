package org.chengmai.connectors.process;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * The loopback ports of the servers of one data folder: configured ones as they are, the others
 * free ones that are remembered, so that a restart finds them again. Safe for several threads.
 */
public final class Ports {
  /**
   * Below the range from which Linux takes the ports of outgoing connections: one of those could
   * sit on a remembered port at the next start.
   */
  private static final int LOWEST = 20_000;

  private static final int HIGHEST = 32_000;

  private final Path file;
  private final Map<String, Integer> configured;
  private final Properties remembered = new Properties();
  private final Random random;

  /**
   * @param file where chosen ports are remembered
   * @param configured ports that must be these, by name such as {@code druid.broker}
   */
  public Ports(Path file, Map<String, Integer> configured) {
    this.file = file;
    this.configured = Map.copyOf(configured);
    this.random = new Random(file.toAbsolutePath().hashCode());
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        remembered.load(reader);
      } catch (IOException e) {
        throw new ChengmaiException(
            ErrorCode.RESOURCES, "cannot read %s: %s".formatted(file, e.getMessage()), e);
      }
    }
  }

  /**
   * The port of that name, free at this moment.
   *
   * @throws ChengmaiException CONFLICT when a configured port is taken; the message names the port
   *     and, where it can be told, the process
   */
  public synchronized int of(String name) {
    Integer wanted = configured.get(name);
    if (wanted != null) {
      if (!isFree(wanted)) {
        throw new ChengmaiException(
            ErrorCode.CONFLICT,
            "port %d, configured for %s, is taken by %s; stop that or configure another port"
                .formatted(
                    wanted, name, ProcessTable.listenerOn(wanted).orElse("another process")));
      }
      return wanted;
    }
    String known = remembered.getProperty(name);
    if (known != null && isFree(Integer.parseInt(known))) {
      return Integer.parseInt(known);
    }
    int port = choose();
    remembered.setProperty(name, Integer.toString(port));
    save();
    return port;
  }

  private int choose() {
    for (int i = 0; i < HIGHEST - LOWEST; i++) {
      int port = LOWEST + random.nextInt(HIGHEST - LOWEST);
      boolean isOurs =
          configured.containsValue(port) || remembered.containsValue(Integer.toString(port));
      if (!isOurs && isFree(port)) {
        return port;
      }
    }
    throw new ChengmaiException(
        ErrorCode.RESOURCES, "no free port between %d and %d".formatted(LOWEST, HIGHEST));
  }

  private void save() {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
        remembered.store(writer, "ports of this folder's servers");
      }
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, "cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
