package org.chengmai.dashboards.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EventStreamTest {
  private LiveServer server = new LiveServer(LiveConfig.defaults());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aStreamBeginsWithTheOpenAlertsAndGoesOnInOrder() throws Exception {
    server.fire(2);
    try (Stream stream = new Stream(null, "")) {
      assertThat(stream.next().data.getString("type")).isEqualTo("welcome");
      Event reset = stream.next();
      assertThat(reset.data.getJsonArray("alerts")).hasSize(2);
      assertThat(reset.id).isEqualTo(epoch() + ":2");
      server.fire(100);
      for (long seq = 3; seq <= 102; seq++) {
        Event event = stream.next();
        assertThat(event.data.getLong("seq")).isEqualTo(seq);
        assertThat(event.id).isEqualTo(epoch() + ":" + seq);
      }
    }
  }

  @Test
  void aStreamResumesAfterTheLastEventId() throws Exception {
    server.fire(700);
    try (Stream stream = new Stream(epoch() + ":20", "")) {
      stream.next();
      for (long seq = 21; seq <= 700; seq++) {
        assertThat(stream.next().data.getLong("seq")).isEqualTo(seq);
      }
    }
    try (Stream stream = new Stream(null, "?lastEventId=" + epoch() + ":699")) {
      stream.next();
      assertThat(stream.next().data.getLong("seq")).isEqualTo(700);
    }
  }

  @Test
  void anUnknownLastEventIdStartsAnew() throws Exception {
    server.fire(5);
    for (String id : new String[] {"nonsense", "a:b", "other-epoch:3", epoch() + ":99"}) {
      try (Stream stream = new Stream(id, "")) {
        stream.next();
        assertThat(stream.next().data.getString("type")).isEqualTo("reset");
      }
    }
  }

  @Test
  void aStreamThatGoesAwayIsForgotten() throws Exception {
    try (Stream stream = new Stream(null, "")) {
      stream.next();
      assertThat(server.hub.counts().connected()).isEqualTo(1);
    }
    Await.until("the stream is forgotten", () -> server.hub.counts().connected() == 0);
  }

  @Test
  void oneStreamTooManyIsToldToComeBack() throws Exception {
    server.close();
    server =
        new LiveServer(
            new LiveConfig(1, Duration.ofSeconds(60), Duration.ofSeconds(10), 64, Set.of()));
    server.connect().next("welcome");
    try (Stream stream = new Stream(null, "")) {
      assertThat(stream.response.statusCode()).isEqualTo(503);
      assertThat(stream.lines.readLine()).contains("limit of 1 live connections");
    }
  }

  @Test
  void nobodyListensWithoutLogIn() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/api/v1/events".formatted(server.port)))
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(401);
  }

  private String epoch() {
    return server.log.epoch().toString();
  }

  private record Event(String id, JsonObject data) {}

  private final class Stream implements AutoCloseable {
    final HttpResponse<InputStream> response;
    final BufferedReader lines;

    Stream(String lastEventId, String query) throws IOException, InterruptedException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:%d/api/v1/events%s".formatted(server.port, query)))
              .header("Authorization", "Bearer viewer");
      if (lastEventId != null) {
        request.header("Last-Event-ID", lastEventId);
      }
      response =
          HttpClient.newHttpClient()
              .send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    Event next() throws IOException {
      String id = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          lines.readLine();
          return new Event(id, new JsonObject(line.substring(6)));
        }
      }
      throw new AssertionError("the stream ended");
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
