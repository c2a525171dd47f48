package org.chengmai.connectors.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Druid cluster of our own in one JVM: ZooKeeper, coordinator with overlord, historical, broker,
 * indexer; all on loopback.
 */
public final class DruidServer extends ChildServer {
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final Duration PROBE = Duration.ofSeconds(3);

  private final Path libraries;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final int heapMegabytes;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofMillis(500))
          .build();

  /**
   * @param data the engine's data folder; the cluster's own is {@code druid} in it, and its {@code
   *     druid.properties}, where there is one, overrides ours
   * @param libraries the library folder of the module {@code druid-server}
   * @param ports asked for {@code druid.zookeeper}, {@code .derby}, {@code .coordinator}, {@code
   *     .broker}, {@code .historical} and {@code .indexer}
   */
  public DruidServer(Path data, Path libraries, Ports ports, int heapMegabytes) {
    super("druid", data);
    this.libraries = libraries;
    this.heapMegabytes = heapMegabytes;
    // The order is that of the launcher's arguments.
    for (String name :
        List.of("zookeeper", "derby", "coordinator", "broker", "historical", "indexer")) {
      this.ports.put(name, ports.of("druid." + name));
    }
  }

  /** The broker, where SQL is asked. */
  public URI broker() {
    return uri("broker");
  }

  /** The coordinator, which is the overlord too: supervisors, tasks, segments. */
  public URI coordinator() {
    return uri("coordinator");
  }

  @Override
  public String address() {
    return broker().toString();
  }

  @Override
  ChildCommand prepare(ServerListener listener, long since) throws IOException {
    Path temporary = folder().resolve("tmp");
    Files.createDirectories(temporary);
    List<String> options =
        new ArrayList<>(
            List.of(
                "-Xms128m",
                "-Xmx%dm".formatted(heapMegabytes),
                "-XX:MaxDirectMemorySize=512m",
                "-Djava.io.tmpdir=" + temporary,
                "-Dderby.stream.error.file=" + folder().resolve("derby.log")));
    for (String exported : List.of("java.base/jdk.internal.ref", "java.base/jdk.internal.misc")) {
      options.add("--add-exports=" + exported + "=ALL-UNNAMED");
    }
    for (String opened :
        List.of(
            "java.base/java.nio",
            "java.base/sun.nio.ch",
            "java.base/jdk.internal.ref",
            "java.base/java.io",
            "java.base/java.lang",
            "jdk.management/com.sun.management.internal")) {
      options.add("--add-opens=" + opened + "=ALL-UNNAMED");
    }
    List<String> arguments = new ArrayList<>(List.of(folder().toString()));
    ports.values().forEach(port -> arguments.add(Integer.toString(port)));
    return java(libraries, options, "org.chengmai.druidserver.DruidServerMain", arguments, GRACE);
  }

  /**
   * Health of every role, an overlord that leads, then SQL on the broker: after a crash an overlord
   * sends others away for a while, to the leader that it was, and a broker may call itself healthy
   * while every SQL fails.
   */
  @Override
  boolean answers() {
    return List.of("coordinator", "historical", "broker", "indexer").stream()
            .allMatch(role -> isOk(HttpRequest.newBuilder(uri(role).resolve("/status/health"))))
        && isOk(HttpRequest.newBuilder(uri("coordinator").resolve("/druid/indexer/v1/supervisor")))
        && isOk(
            HttpRequest.newBuilder(broker().resolve("/druid/v2/sql"))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"query\":\"SELECT COUNT(*) FROM sys.servers\"}")));
  }

  private boolean isOk(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(PROBE).build(), HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private URI uri(String role) {
    return URI.create("http://127.0.0.1:" + ports.get(role));
  }
}
