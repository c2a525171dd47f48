package org.chengmai.connectors.druid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.chengmai.connectors.pushdown.OpenStatements;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that break off, from a server that only pretends to be Druid. */
final class DruidAnswerTest {
  private static final Schema SHAPE =
      new Schema(List.of(Field.nullable("n", new ArrowType.Int(64, true))));
  private static final String HEADER = "[\"n\"]\n[\"BIGINT\"]\n";

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private BufferAllocator memory;
  private HttpServer server;

  /** What the server does with its first, second … query; the last for all that follow. */
  private interface Reply {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void allocate() throws IOException {
    memory = new RootAllocator(16L << 20);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
  }

  @AfterEach
  void release() {
    server.stop(0);
    threads.shutdownNow();
    memory.close();
  }

  private DruidSource source(Reply... replies) {
    server.createContext(
        "/druid/v2/sql",
        exchange -> {
          if (exchange.getRequestMethod().equals("DELETE")) {
            requests.add("DELETE");
            exchange.sendResponseHeaders(202, -1);
            cancelled.countDown();
          } else {
            long before = requests.stream().filter("POST"::equals).count();
            requests.add("POST");
            exchange.getRequestBody().readAllBytes();
            replies[(int) Math.min(before, replies.length - 1)].to(exchange);
          }
          exchange.close();
        });
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new DruidSource("lib", new DruidClient(address, address), List.of());
  }

  private static Reply complete(String body) {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().close();
    };
  }

  private long rows(DruidSource source) throws IOException {
    long rows = 0;
    try (ArrowReader reader = source.read("SELECT n", SHAPE, memory, new OpenStatements())) {
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
      }
    }
    return rows;
  }

  @Test
  void anEmptyLineEndsACompleteAnswer() throws IOException {
    assertThat(rows(source(complete(HEADER + "[1]\n[null]\n\n")))).isEqualTo(2);
    assertThat(requests).containsExactly("POST");
  }

  @Test
  void anAnswerThatEndsBetweenRowsIsAnError() {
    DruidSource source = source(complete(HEADER + "[1]\n[2]\n"));
    assertThatThrownBy(() -> rows(source))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXTERNAL))
        .hasMessageContaining("source lib")
        .hasMessageContaining("broke off");
    assertThat(requests).filteredOn("POST"::equals).as("one new attempt").hasSize(2);
  }

  @Test
  void anAnswerThatEndsInARowIsAnError() {
    DruidSource source = source(complete(HEADER + "[1]\n[2"));
    assertThatThrownBy(() -> rows(source)).hasMessageContaining("broke off");
  }

  @Test
  void anAnswerWithAnErrorInItsMiddleIsAnError() {
    DruidSource source = source(complete(HEADER + "[1]\n{\"error\":\"Query timed out\"}\n\n"));
    assertThatThrownBy(() -> rows(source)).hasMessageContaining("source lib");
  }

  @Test
  void aRowOfAnotherLengthIsAnError() {
    DruidSource source = source(complete(HEADER + "[1, 2]\n\n"));
    assertThatThrownBy(() -> rows(source)).hasMessageContaining("too long");
  }

  @Test
  void aConnectionLostBeforeTheFirstRowIsTakenAnew() throws IOException {
    DruidSource source = source(exchange -> {}, complete(HEADER + "[7]\n\n"));
    assertThat(rows(source)).isEqualTo(1);
  }

  @Test
  void anAnswerThatBreaksOffAfterABatchIsNotAskedAgain() {
    DruidSource source = source(complete(HEADER + "[1]\n".repeat(50_000)));
    assertThatThrownBy(() -> rows(source)).hasMessageContaining("broke off");
    assertThat(requests).filteredOn("POST"::equals).hasSize(1);
  }

  @Test
  void cancellingDeletesTheQueryInDruid() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    DruidSource source =
        source(
            exchange -> {
              asked.countDown();
              try {
                cancelled.await(20, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    OpenStatements query = new OpenStatements();
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(
            () -> source.read("SELECT n", SHAPE, memory, query).bytesRead(), threads);
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    query.cancel();
    assertThat(reading)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(requests).contains("DELETE");
  }
}
