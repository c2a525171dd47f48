package org.chengmai.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.chengmai.indicators.json.Json;

/**
 * An emergency team's program: listens on the live websocket, comes back after each break and
 * resumes where it stood.
 */
final class LiveClient implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final URI address;
  private final Supplier<String> token;
  private final List<Event> events = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "live-client");
  private String epoch = "";
  private long seq;
  private int resets;
  private int connections;

  /** An alert event as it was pushed. */
  record Event(String epoch, long seq, String type, String alertId) {}

  LiveClient(URI address, Supplier<String> token) {
    this.address = URI.create("ws://" + address.getAuthority() + "/live");
    this.token = token;
    thread.start();
  }

  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** How often the server had it start anew from the open alerts; once is the beginning. */
  synchronized int resets() {
    return resets;
  }

  private void run() {
    try {
      while (stop.getCount() > 0) {
        Connection connection = new Connection();
        try {
          WebSocket socket =
              http.newWebSocketBuilder()
                  .connectTimeout(Duration.ofSeconds(5))
                  .header("Authorization", "Bearer " + token.get())
                  .buildAsync(address, connection)
                  .get(10, TimeUnit.SECONDS);
          socket.sendText(hello(), true).get(10, TimeUnit.SECONDS);
          connection.closed.get();
        } catch (ExecutionException | TimeoutException e) {
          stop.await(200, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized String hello() {
    connections++;
    return Json.write(
        epoch.isEmpty()
            ? Map.of("type", "hello")
            : Map.of("type", "hello", "epoch", epoch, "seq", seq));
  }

  private synchronized void take(JsonNode frame) {
    switch (frame.path("type").asText()) {
      case "reset" -> {
        resets++;
        epoch = frame.path("epoch").asText();
        seq = frame.path("seq").asLong();
      }
      case "alert" -> {
        JsonNode event = frame.path("event");
        epoch = frame.path("epoch").asText();
        seq = frame.path("seq").asLong();
        events.add(
            new Event(
                epoch, seq, event.path("type").asText(), event.path("alert").path("id").asText()));
      }
      default -> {}
    }
  }

  @Override
  public synchronized String toString() {
    return "%d events, %d connections, %d resets".formatted(events.size(), connections, resets);
  }

  @Override
  public void close() throws InterruptedException {
    stop.countDown();
    thread.interrupt();
    thread.join();
  }

  /** One connection until it breaks. */
  private final class Connection implements WebSocket.Listener {
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean isLast) {
      message.append(part);
      if (isLast) {
        take(Json.read(message.toString(), JsonNode.class));
        message.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed.complete(null);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
      closed.complete(null);
    }
  }
}
