package org.chengmai.connectors.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker of our own (KRaft, one node, loopback). It survives the kill of any process, not
 * the loss of power.
 */
public final class KafkaServer extends ChildServer {
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Duration PROBE = Duration.ofSeconds(2);

  private final Path libraries;
  private final int port;
  private final int controllerPort;
  private final int heapMegabytes;
  private volatile @Nullable Admin admin;

  /**
   * @param data the engine's data folder; the server's own is {@code kafka} in it
   * @param libraries the library folder of the module {@code kafka-server}
   * @param ports asked for {@code kafka} and {@code kafka.controller}
   */
  public KafkaServer(Path data, Path libraries, Ports ports, int heapMegabytes) {
    super("kafka", data);
    this.libraries = libraries;
    this.port = ports.of("kafka");
    this.controllerPort = ports.of("kafka.controller");
    this.heapMegabytes = heapMegabytes;
  }

  /** The bootstrap servers. */
  @Override
  public String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  ChildCommand prepare(ServerListener listener, long since) throws IOException {
    Path properties = folder().resolve("server.properties");
    Files.writeString(properties, properties());
    return java(
        libraries,
        List.of(
            "-Xms64m",
            "-Xmx%dm".formatted(heapMegabytes),
            "-XX:MaxDirectMemorySize=64m",
            // Java keeps a native copy buffer per thread as large as its largest write unless told
            // otherwise.
            "-Djdk.nio.maxCachedBufferSize=262144"),
        "org.chengmai.kafkaserver.KafkaServerMain",
        List.of(properties.toString(), clusterId()),
        GRACE);
  }

  @Override
  boolean answers() {
    // An admin client that finds nobody fills our log with complaints: knock first, and drop it
    // when the broker is gone.
    if (!Probes.listens(port)) {
      ended();
      return false;
    }
    try {
      return admin().describeCluster().nodes().get(PROBE.toMillis(), TimeUnit.MILLISECONDS).size()
          == 1;
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  void ended() {
    Admin current = admin;
    if (current != null) {
      current.close(Duration.ZERO);
      admin = null;
    }
  }

  /** One client for all probes: each new one costs threads, metrics and a page of log. */
  private Admin admin() {
    Admin current = admin;
    if (current == null) {
      current =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                  address(),
                  AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  (int) PROBE.toMillis(),
                  AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                  (int) PROBE.toMillis(),
                  AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                  200));
      admin = current;
    }
    return current;
  }

  private String clusterId() throws IOException {
    Path file = folder().resolve("cluster.id");
    if (!Files.exists(file)) {
      UUID random = UUID.randomUUID();
      byte[] bytes =
          ByteBuffer.allocate(16)
              .putLong(random.getMostSignificantBits())
              .putLong(random.getLeastSignificantBits())
              .array();
      Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
    return Files.readString(file).strip();
  }

  private String properties() {
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        controller.listener.names=CONTROLLER
        inter.broker.listener.name=PLAINTEXT
        log.dirs=%3$s
        num.partitions=1
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=1
        group.initial.rebalance.delay.ms=0
        # a restarted broker may register only when the session of the killed one is over
        broker.session.timeout.ms=4000
        broker.heartbeat.interval.ms=1000
        num.io.threads=4
        num.network.threads=2
        num.recovery.threads.per.data.dir=2
        # the default would take 128 MB of the heap as soon as one topic is compacted
        log.cleaner.dedupe.buffer.size=16777216
        """
        .formatted(port, controllerPort, escape(folder().resolve("log")));
  }

  /**
   * A path as a value of a properties file: Latin-1 with escapes, so that any folder's name
   * survives.
   */
  static String escape(Path path) {
    StringBuilder escaped = new StringBuilder();
    path.toString()
        .chars()
        .forEach(
            c -> {
              if (c == '\\') {
                escaped.append("\\\\");
              } else if (c < 0x80) {
                escaped.append((char) c);
              } else {
                escaped.append("\\u%04x".formatted(c));
              }
            });
    return escaped.toString();
  }
}
