package org.chengmai.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.connectors.http.JsonHttpConfig.JsonTable;
import org.chengmai.connectors.http.Paging.By;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JsonPagesTest {
  private static final int ROWS = 7;

  private final List<String> asked = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;

  /** What the server does with a request. */
  private interface Behaviour {
    void answer(HttpExchange exchange, Map<String, String> query) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
  }

  private URI serve(Behaviour behaviour) {
    server.createContext(
        "/rows",
        exchange -> {
          String query = exchange.getRequestURI().getQuery();
          asked.add(query == null ? "" : query);
          Map<String, String> values = new LinkedHashMap<>();
          if (query != null) {
            Arrays.stream(query.split("&"))
                .map(one -> one.split("="))
                .forEach(one -> values.put(one[0], one[1]));
          }
          try (exchange) {
            behaviour.answer(exchange, values);
          }
        });
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/rows");
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String rows(int from, int count) {
    return IntStream.range(from, Math.min(ROWS, from + count))
        .mapToObj(id -> "{\"id\":%d}".formatted(id))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static Paging by(By by, int size, @Nullable String next) {
    return new Paging(by, null, null, size, 1, next, 100);
  }

  private static List<Integer> read(URI address, Paging paging) throws IOException {
    return read(address, paging, Duration.ofSeconds(10), 1 << 20);
  }

  private static List<Integer> read(URI address, Paging paging, Duration timeout, long maxBytes)
      throws IOException {
    List<Integer> ids = new ArrayList<>();
    JsonTable table =
        new JsonTable(
            "t",
            address,
            "/data",
            Duration.ofMinutes(1),
            timeout,
            Map.of("X-Key", "k"),
            Map.of(),
            "UTC",
            paging,
            maxBytes);
    new JsonPages(table, HttpClient.newHttpClient())
        .read(rows -> rows.forEach(row -> ids.add(row.get("id").asInt())));
    return ids;
  }

  private static final List<Integer> ALL = IntStream.range(0, ROWS).boxed().toList();

  private static String data(String rows) {
    return "{\"data\":%s}".formatted(rows);
  }

  @Test
  void pagesAreCountedUntilOneIsShorter() throws IOException {
    URI address =
        serve(
            (exchange, query) ->
                send(exchange, 200, data(rows((Integer.parseInt(query.get("page")) - 1) * 3, 3))));
    assertThat(read(URI.create(address + "?kind=a"), by(By.PAGE, 3, null))).isEqualTo(ALL);
    assertThat(asked)
        .containsExactly("kind=a&page=1&size=3", "kind=a&page=2&size=3", "kind=a&page=3&size=3");
  }

  @Test
  void aServerThatGivesLessThanAskedIsReadToItsEnd() throws IOException {
    URI address =
        serve(
            (exchange, query) ->
                send(exchange, 200, data(rows(Integer.parseInt(query.get("offset")), 2))));
    assertThat(read(address, by(By.OFFSET, 500, null))).isEqualTo(ALL);
    assertThat(asked)
        .containsExactly(
            "offset=0&limit=500", "offset=2&limit=500", "offset=4&limit=500", "offset=6&limit=500");
  }

  @Test
  void noPageBehindTheLastIsTheEnd() throws IOException {
    URI address =
        serve(
            (exchange, query) -> {
              boolean isThere = query.get("page").equals("1");
              send(exchange, isThere ? 200 : 404, isThere ? data(rows(0, ROWS)) : "");
            });
    assertThat(read(address, by(By.PAGE, 0, null))).isEqualTo(ALL);
  }

  @Test
  void cursorsAreSentBack() throws IOException {
    URI address =
        serve(
            (exchange, query) -> {
              int from = Integer.parseInt(query.getOrDefault("cursor", "c:0").substring(2));
              String next = from + 4 < ROWS ? "\"c:%d\"".formatted(from + 4) : "null";
              send(exchange, 200, "{\"data\":%s,\"next\":%s}".formatted(rows(from, 4), next));
            });
    assertThat(read(address, by(By.CURSOR, 4, "/next"))).isEqualTo(ALL);
    assertThat(asked).containsExactly("size=4", "cursor=c:4&size=4");
  }

  @Test
  void addressesOfNextPagesAreFollowed() throws IOException {
    URI address =
        serve(
            (exchange, query) -> {
              int from = Integer.parseInt(query.getOrDefault("from", "0"));
              assertThat(exchange.getRequestHeaders().getFirst("X-Key")).isEqualTo("k");
              if (from + 5 < ROWS) {
                exchange
                    .getResponseHeaders()
                    .add("Link", "</rows?from=0>; rel=\"first\", </rows?from=5>; rel=\"next\"");
              }
              send(exchange, 200, data(rows(from, 5)));
            });
    assertThat(read(address, by(By.LINK, 0, null))).isEqualTo(ALL);
    assertThat(asked).containsExactly("", "from=5");
  }

  @Test
  void anotherServerIsNotAsked() {
    URI address =
        serve(
            (exchange, query) ->
                send(
                    exchange,
                    200,
                    "{\"data\":%s,\"next\":\"http://other.example/rows\"}".formatted(rows(0, 1))));
    assertThatThrownBy(() -> read(address, by(By.CURSOR, 0, "/next")))
        .hasMessageContaining("on another server: http://other.example/rows");
  }

  @Test
  void aServerThatKnowsNoPagesIsAnError() {
    URI address = serve((exchange, query) -> send(exchange, 200, data(rows(0, ROWS))));
    assertThatThrownBy(() -> read(address, by(By.PAGE, 3, null)))
        .hasMessageContaining("does the server know 'page'?");
  }

  @Test
  void tooManyPagesAndTooManyBytesAreErrors() {
    URI address =
        serve(
            (exchange, query) ->
                send(exchange, 200, "{\"data\":[{\"id\":%s}]}".formatted(query.get("page"))));
    assertThatThrownBy(() -> read(address, by(By.PAGE, 0, null)))
        .hasMessageContaining("more than 100 pages; see max_pages");
    assertThatThrownBy(() -> read(address, by(By.PAGE, 0, null), Duration.ofSeconds(10), 100))
        .hasMessageContaining("more than 100 bytes; see max_bytes");
  }

  @Test
  void aBusyServerIsAskedAgain() throws IOException {
    URI address =
        serve(
            (exchange, query) -> {
              switch (asked.size()) {
                case 1 -> {
                  exchange.getResponseHeaders().add("Retry-After", "0");
                  send(exchange, 429, "");
                }
                case 2 -> {
                  exchange
                      .getResponseHeaders()
                      .add(
                          "Retry-After",
                          ZonedDateTime.now(ZoneOffset.UTC)
                              .format(DateTimeFormatter.RFC_1123_DATE_TIME));
                  send(exchange, 503, "busy");
                }
                case 3 -> send(exchange, 503, "");
                default -> send(exchange, 200, data(rows(0, ROWS)));
              }
            });
    assertThat(read(address, Paging.defaults())).isEqualTo(ALL);
    assertThat(asked).hasSize(4);
  }

  @Test
  void aLongPauseIsNotWaitedFor() {
    URI address =
        serve(
            (exchange, query) -> {
              exchange.getResponseHeaders().add("Retry-After", "3600");
              send(exchange, 429, "");
            });
    assertThatThrownBy(() -> read(address, Paging.defaults()))
        .hasMessageContaining("answered 429 once and wants a pause of 3600 s");
  }

  @Test
  void aBodyThatStopsHalfWayIsGivenUp() {
    URI address =
        serve(
            (exchange, query) -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write("{\"data\":[".getBytes(StandardCharsets.UTF_8));
              exchange.getResponseBody().flush();
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertThatThrownBy(() -> read(address, Paging.defaults(), Duration.ofMillis(300), 1 << 20))
        .hasMessageContaining("took longer than PT0.3S");
  }

  @Test
  void whatIsNoJsonIsNamed() {
    URI address = serve((exchange, query) -> send(exchange, 200, "<html>"));
    assertThatThrownBy(() -> read(address, Paging.defaults()))
        .hasMessageContaining("is no JSON")
        .hasMessageContaining(address.toString());
  }
}
