package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.RootAllocator;
import org.chengmai.engine.config.ServerConfig;
import org.chengmai.engine.config.UserConfig;
import org.chengmai.engine.sql.SmallEngine;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of requests for SQL that no client should send harm nobody else. {@code
 * -Dchengmai.seed=N} repeats a run, {@code -Dchengmai.inputs=N} sets its size.
 */
final class BadRequestsTest {
  private static final long SEED = Long.getLong("chengmai.seed", 20_261_130L);
  private static final int INPUTS = Integer.getInteger("chengmai.inputs", 10_000);
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final RootAllocator allocator = new RootAllocator();
  private SqlEngine engine;
  private int port;

  @BeforeEach
  void start() throws Exception {
    engine = SmallEngine.open(folder);
    Users users =
        new Users(
            List.of(
                new UserConfig("ana", Users.hash("secret"), Role.ANALYST),
                new UserConfig("vi", Users.hash("viewer"), Role.VIEWER)));
    port =
        new HttpFrontend(vertx, new ServerConfig("127.0.0.1", 0, 0, -1, -1), users)
            .mount(
                List.of(
                    new SqlRoutes(
                            engine,
                            allocator,
                            vertx.createSharedWorkerExecutor("sql", 8),
                            vertx.createSharedWorkerExecutor("looking", 2))
                        ::mount))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    engine.close();
    allocator.close();
  }

  @Test
  @Timeout(300)
  void othersGetTheirAnswersMeanwhileAndAfterwards() throws Exception {
    Random random = new Random(SEED);
    assertAnswers(0);
    long files = openFiles();
    long heap = heap();
    List<Socket> halfOpen = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      Socket socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      send(socket, BadRequests.next(random), random);
      if (random.nextInt(50) == 0) {
        // stays there, says nothing more and reads nothing
        halfOpen.add(socket);
      } else {
        if (random.nextInt(8) == 0) {
          assertStatuses(drained(socket), i);
        }
        socket.close();
      }
      if (i % 100 == 0) {
        assertAnswers(i);
      }
    }
    assertAnswers(INPUTS);
    for (Socket socket : halfOpen) {
      socket.close();
    }
    await(() -> engine.queries(SqlEngine.INTERNAL).isEmpty());
    await(() -> allocator.getAllocatedMemory() == 0);
    await(() -> openFiles() <= files);
    assertThat(heap() - heap).as("bytes of heap that stay").isLessThan(16L << 20);
    assertAnswers(INPUTS);
  }

  @Test
  void whatIsTooLargeIsRefusedAsSuchPackedOrNot() throws Exception {
    for (String headers : new String[] {"", "Content-Encoding: gzip\r\n"}) {
      byte[] body = headers.isEmpty() ? new byte[2 * BadRequests.LIMIT] : BadRequests.BOMB;
      assertThat(answer("POST /api/v1/sql HTTP/1.1", headers, body))
          .startsWith("HTTP/1.1 413 ")
          .contains("\"code\":\"too_large\"");
    }
  }

  @Test
  void whatCannotBeReadIsTheClientsFault() throws Exception {
    byte[] query = BadRequests.QUERY.getBytes(StandardCharsets.UTF_8);
    assertThat(answer("POST /api/v1/%sql HTTP/1.1", "", query))
        .startsWith("HTTP/1.1 400 ")
        .contains("path '/api/v1/%sql': ");
    assertThat(answer("POST /api/v1/sql?format=% HTTP/1.1", "", query))
        .startsWith("HTTP/1.1 400 ")
        .contains("unterminated escape sequence");
  }

  /** What the server sends until it has nothing more to say to an analyst's request. */
  private String answer(String line, String headers, byte[] body) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.write(
          "%s\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer secret\r\n%sContent-Length: %d\r\n\r\n"
              .formatted(line, headers, body.length)
              .getBytes(StandardCharsets.US_ASCII));
      bytes.write(body);
      send(socket, bytes.toByteArray(), new Random(SEED));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private static long openFiles() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private void assertAnswers(int after) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/api/v1/sql".formatted(port)))
                .header("Authorization", "Bearer secret")
                .POST(HttpRequest.BodyPublishers.ofString(BadRequests.QUERY))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).as("seed %d, after %d inputs", SEED, after).contains("[[\"城西\"]]");
  }

  /** A bad request is the client's fault, whatever it is. */
  private static void assertStatuses(String answer, int input) {
    Matcher status = STATUS.matcher(answer);
    while (status.find()) {
      assertThat(Integer.parseInt(status.group(1)))
          .as("seed %d, input %d: %s", SEED, input, answer)
          .isLessThan(500);
    }
  }

  /** At once, or in pieces. */
  private static void send(Socket socket, byte[] bytes, Random random) {
    try {
      int pieces = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
      for (int i = 0; i < pieces; i++) {
        int from = bytes.length * i / pieces;
        socket.getOutputStream().write(bytes, from, bytes.length * (i + 1) / pieces - from);
        socket.getOutputStream().flush();
      }
    } catch (IOException e) {
      // the server has had enough
    }
  }

  /** What comes until the end, or for a moment. */
  private static String drained(Socket socket) throws IOException {
    socket.setSoTimeout(20);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[65_536];
    try {
      InputStream in = socket.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        bytes.write(buffer, 0, count);
      }
    } catch (SocketTimeoutException | SocketException e) {
      // nothing more comes
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
