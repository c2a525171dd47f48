package org.chengmai.engine.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.chengmai.indicators.AlertEvent;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;

/**
 * A client of the live websocket that notes when each alert event arrived, as an emergency team's
 * program would.
 */
final class AlertListener implements WebSocket.Listener, AutoCloseable {
  private final List<Arrival> arrivals = Collections.synchronizedList(new ArrayList<>());
  private final StringBuilder message = new StringBuilder();
  private final WebSocket socket;

  /** An event and the wall-clock instant at which it was here. */
  record Arrival(AlertEvent event, Instant at) {}

  AlertListener(URI address, String token) {
    try {
      socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .header("Authorization", "Bearer " + token)
              .buildAsync(URI.create("ws://" + address.getAuthority() + "/live"), this)
              .get(20, TimeUnit.SECONDS);
      socket.sendText("{\"type\":\"hello\"}", true).get(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "the live websocket does not open: " + e.getMessage(), e);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket source, CharSequence data, boolean last) {
    message.append(data);
    if (last) {
      Instant now = Instant.now();
      JsonNode frame = Json.read(message.toString(), JsonNode.class);
      message.setLength(0);
      if (frame.path("type").asText().equals("alert")) {
        arrivals.add(
            new Arrival(Json.mapper().convertValue(frame.path("event"), AlertEvent.class), now));
      }
    }
    source.request(1);
    return CompletableFuture.completedFuture(null);
  }

  List<Arrival> arrivals() {
    synchronized (arrivals) {
      return List.copyOf(arrivals);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
