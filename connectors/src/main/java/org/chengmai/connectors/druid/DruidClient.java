package org.chengmai.connectors.druid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Talks to a Druid cluster over HTTP. Blocking; safe for use by several threads.
 *
 * <p>Errors: INVALID_INPUT when Druid refuses the SQL, EXTERNAL when it does not answer or fails.
 */
public final class DruidClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI broker;
  private final URI coordinator;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /**
   * @param broker base address of a broker or router, such as {@code http://127.0.0.1:8082}
   * @param coordinator base address of the coordinator and overlord
   */
  public DruidClient(URI broker, URI coordinator) {
    this.broker = broker;
    this.coordinator = coordinator;
  }

  /**
   * Runs SQL and answers the raw JSON stream of {@code arrayLines}: one array a line, the first of
   * names, the second of SQL types, an empty line at the end of a complete answer. The caller
   * closes the stream.
   */
  public InputStream sql(String sql, Map<String, Object> context) {
    return rows(send(sqlRequest(sql, context), HttpResponse.BodyHandlers.ofInputStream()));
  }

  /**
   * The same without waiting; {@link #rows} takes the answer. Cancelling the future closes the
   * connection.
   */
  CompletableFuture<HttpResponse<InputStream>> ask(String sql, Map<String, Object> context) {
    return http.sendAsync(sqlRequest(sql, context), HttpResponse.BodyHandlers.ofInputStream());
  }

  /** The rows of an answer, or the refusal in its place. */
  static InputStream rows(HttpResponse<InputStream> response) {
    if (response.statusCode() != 200) {
      throw refused("Druid SQL", response.statusCode(), text(response.body()));
    }
    return response.body();
  }

  private HttpRequest sqlRequest(String sql, Map<String, Object> context) {
    String body =
        write(
            Map.of(
                "query",
                sql,
                "resultFormat",
                "arrayLines",
                "header",
                true,
                "sqlTypesHeader",
                true,
                "context",
                context));
    return post(broker.resolve("/druid/v2/sql"), body);
  }

  /** Runs SQL that gives one number, such as a count; 0 when it gives no row. */
  public long count(String sql) {
    try (InputStream rows = sql(sql, Map.of())) {
      String[] lines = new String(rows.readAllBytes(), StandardCharsets.UTF_8).split("\n");
      return lines.length < 3 || lines[2].isBlank() ? 0 : JSON.readTree(lines[2]).get(0).asLong();
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "Druid's answer broke off: " + e.getMessage(), e);
    }
  }

  /**
   * Cancels a running query by the {@code sqlQueryId} of its context; quiet when it is already
   * over.
   */
  public void cancel(String sqlQueryId) {
    send(
        HttpRequest.newBuilder(broker.resolve("/druid/v2/sql/" + sqlQueryId))
            .DELETE()
            .timeout(Duration.ofSeconds(5))
            .build(),
        HttpResponse.BodyHandlers.discarding());
  }

  /** GET on the coordinator and overlord, such as {@code /druid/indexer/v1/supervisor}. */
  public JsonNode get(String path) {
    return json(
        HttpRequest.newBuilder(coordinator.resolve(path)).timeout(Duration.ofSeconds(30)).build());
  }

  /** POST on the coordinator and overlord: supervisors, tasks, compaction. */
  public JsonNode post(String path, Object body) {
    return json(post(coordinator.resolve(path), write(body)));
  }

  private JsonNode json(HttpRequest request) {
    HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw refused("Druid " + request.uri().getPath(), response.statusCode(), response.body());
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "Druid %s answered no JSON: %s".formatted(request.uri().getPath(), response.body()),
          e);
    }
  }

  private static HttpRequest post(URI address, String body) {
    return HttpRequest.newBuilder(address)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofMinutes(5))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "Druid at %s does not answer: %s".formatted(request.uri(), e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "the call to Druid was interrupted", e);
    }
  }

  private static ChengmaiException refused(String what, int status, String body) {
    String message = body;
    try {
      JsonNode error = JSON.readTree(body);
      message = error.path("errorMessage").asText(error.path("error").asText(body));
    } catch (JsonProcessingException e) {
      // not JSON: the body is the message
    }
    return new ChengmaiException(
        status == 400 ? ErrorCode.INVALID_INPUT : ErrorCode.EXTERNAL,
        "%s answered %d: %s".formatted(what, status, message));
  }

  private static String text(InputStream body) {
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String write(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "cannot write a Druid request", e);
    }
  }
}
