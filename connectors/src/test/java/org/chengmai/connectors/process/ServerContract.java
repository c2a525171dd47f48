package org.chengmai.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every server that we start promises; the cases run in order on one server, because a start
 * is dear.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ServerContract<S extends Server> {
  static final Duration LIMIT = Duration.ofMinutes(4);

  private final List<ServerEvent> events = new CopyOnWriteArrayList<>();
  private Path data = Path.of("/");
  private @Nullable S server;

  abstract S create(Path data, Ports ports);

  /** Writes one more piece of data that must survive, with Chinese text in it. */
  abstract void write(S server, int number) throws Exception;

  /** How many pieces are there, each checked to be as written. */
  abstract int read(S server) throws Exception;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    data = Files.createDirectories(temporary.resolve("城脉 data"));
    server = create(data, ports());
    server().start(events::add);
    System.out.printf(
        "%s first start: %s%n", server().name(), events.get(events.size() - 1).english());
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.stop();
    }
  }

  final S server() {
    return Objects.requireNonNull(server);
  }

  @Test
  @Order(1)
  void startIsToldStepByStepInBothLanguages() {
    assertThat(server().state()).isEqualTo(ServerState.READY);
    assertThat(events)
        .extracting(ServerEvent::state)
        .endsWith(ServerState.STARTING, ServerState.READY);
    ServerEvent last = events.get(events.size() - 1);
    assertThat(last.detail()).isEqualTo(server().address());
    assertThat(last.english()).contains(server().name(), "ready", server().address());
    assertThat(last.chinese()).contains(server().name(), "就绪");
  }

  @Test
  @Order(2)
  void nothingListensBeyondLoopback() {
    long pid = server().pid().orElseThrow();
    assertThat(Listeners.of(pid))
        .isNotEmpty()
        .allMatch(address -> address.startsWith("127.0.0.1:"));
  }

  @Test
  @Order(3)
  void whatWasWrittenIsRead() throws Exception {
    write(server(), 1);
    awaitRead(1);
  }

  @Test
  @Order(4)
  void aKilledServerComesBackOnItsPortWithItsData() throws Exception {
    String address = server().address();
    long killed = server().pid().orElseThrow();
    long since = System.nanoTime();
    events.clear();
    ProcessHandle.of(killed).orElseThrow().destroyForcibly();
    Await.until(
        LIMIT,
        () -> events.stream().anyMatch(e -> e.state() == ServerState.RESTARTING) && isReady());
    System.out.printf(
        "%s after kill -9: %d ms%n",
        server().name(), Duration.ofNanos(System.nanoTime() - since).toMillis());
    assertThat(server().address()).isEqualTo(address);
    assertThat(server().pid().orElseThrow()).isNotEqualTo(killed);
    awaitRead(1);
    write(server(), 2);
    awaitRead(2);
  }

  @Test
  @Order(5)
  void aNextStartFindsPortAndData() throws Exception {
    String address = server().address();
    long pid = server().pid().orElseThrow();
    long since = System.nanoTime();
    server().stop();
    System.out.printf(
        "%s stop: %d ms%n",
        server().name(), Duration.ofNanos(System.nanoTime() - since).toMillis());
    assertThat(server().state()).isEqualTo(ServerState.STOPPED);
    assertThat(ProcessHandle.of(pid)).isEmpty();
    server = create(data, ports());
    events.clear();
    server().start(events::add);
    System.out.printf(
        "%s second start: %s%n", server().name(), events.get(events.size() - 1).english());
    assertThat(events)
        .extracting(ServerEvent::state)
        .containsExactly(ServerState.STARTING, ServerState.READY);
    assertThat(server().address()).isEqualTo(address);
    awaitRead(2);
  }

  private boolean isReady() {
    return !events.isEmpty() && events.get(events.size() - 1).state() == ServerState.READY;
  }

  private void awaitRead(int count) {
    Await.until(
        LIMIT,
        () -> {
          try {
            return read(server()) == count;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private Ports ports() {
    return new Ports(data.resolve("ports.properties"), Map.of());
  }
}
