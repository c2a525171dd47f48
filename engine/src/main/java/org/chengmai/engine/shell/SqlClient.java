package org.chengmai.engine.shell;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Asks an engine over HTTP. One thread runs queries, any may cancel the one that runs.
 *
 * <p>Each query gets its id here, so that it can be followed and cancelled before its first row.
 */
final class SqlClient {
  private static final Duration GLANCE = Duration.ofMillis(300);

  /** How the engine knows the interface. */
  private static final String NAME = "chengmai-sql";

  /** HTTP/1.1, because Java's client now and then never ends its own upgrade to HTTP/2. */
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Function<String, HttpRequest.Builder> requests;
  private volatile @Nullable Running running;

  /** The query that runs, and whether it shall not. */
  private static final class Running {
    private final String id = UUID.randomUUID().toString();
    private volatile boolean isCancelled;
  }

  /**
   * @param requests makes a request for a path, with what the engine wants to know of the user
   */
  SqlClient(Function<String, HttpRequest.Builder> requests) {
    this.requests = requests;
  }

  /**
   * An answer that comes; to be closed.
   *
   * @param id the query's
   */
  record Answer(String id, InputStream body) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  /**
   * Runs a query and waits for its first rows.
   *
   * @param values of its parameters, as texts
   * @param onGlance is shown the query now and then while it waits
   * @throws ChengmaiException what the engine says of it
   */
  Answer run(String sql, List<String> values, ResultFormat format, Consumer<JsonNode> onGlance)
      throws InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("sql", sql);
    body.put("parameters", values);
    Running query = new Running();
    HttpRequest request =
        request("/api/v1/sql")
            .header("X-Query-Id", query.id)
            .header("Content-Type", "application/json")
            .header("Accept", format.contentType())
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
            .build();
    CompletableFuture<HttpResponse<InputStream>> answer =
        http.sendAsync(request, BodyHandlers.ofInputStream());
    running = query;
    while (true) {
      try {
        HttpResponse<InputStream> response = answer.get(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        if (response.statusCode() != 200) {
          throw error(response);
        }
        return new Answer(query.id, response.body());
      } catch (TimeoutException e) {
        if (query.isCancelled) {
          cancel(query.id);
        }
        glance(query.id, onGlance);
      } catch (ExecutionException e) {
        throw unreachable(request, Objects.requireNonNullElse(e.getCause(), e));
      }
    }
  }

  /** Cancels the query that runs, if one does. */
  void cancel() {
    Running query = running;
    if (query != null) {
      // it may not have arrived there yet: whoever waits for it repeats this
      query.isCancelled = true;
      CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> cancelQuietly(query.id));
    }
  }

  private void cancelQuietly(String id) {
    try {
      cancel(id);
    } catch (ChengmaiException e) {
      // there is nothing left to cancel
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Cancels a query; answers whether there was one. */
  boolean cancel(String id) throws InterruptedException {
    HttpResponse<InputStream> response =
        send(request("/api/v1/sql/queries/" + id).DELETE().build());
    if (response.statusCode() == 404) {
      return false;
    }
    if (response.statusCode() != 204) {
      throw error(response);
    }
    return true;
  }

  private void glance(String id, Consumer<JsonNode> onGlance) throws InterruptedException {
    try {
      onGlance.accept(get("/api/v1/sql/queries/" + id));
    } catch (ChengmaiException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Why a query's answer broke off; empty when the log does not tell. */
  String reason(String id) throws InterruptedException {
    // the entry follows the query's end by a moment
    for (int i = 0; i < 10; i++) {
      try {
        JsonNode message = get("/api/v1/sql/log/" + id).path("message");
        return message.isMissingNode() ? "" : message.asText();
      } catch (ChengmaiException e) {
        if (e.code() != ErrorCode.NOT_FOUND) {
          return "";
        }
      }
      TimeUnit.MILLISECONDS.sleep(GLANCE.toMillis());
    }
    return "";
  }

  /** A path with a parameter. */
  static String path(String path, String name, String value) {
    return path + "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  JsonNode get(String path) throws InterruptedException {
    HttpResponse<InputStream> response = send(request(path).build());
    if (response.statusCode() != 200) {
      throw error(response);
    }
    try (InputStream body = response.body()) {
      return Json.mapper().readTree(body);
    } catch (IOException e) {
      throw unreachable(response.request(), e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return requests.apply(path).header("User-Agent", NAME);
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw unreachable(request, e);
    }
  }

  private static ChengmaiException error(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return error(Json.mapper().readTree(body).path("error"));
    } catch (IOException e) {
      return unreachable(response.request(), e);
    }
  }

  /** An error of the engine as it was there. */
  static ChengmaiException error(JsonNode error) {
    ErrorCode code;
    try {
      code = ErrorCode.valueOf(error.path("code").asText().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      code = ErrorCode.EXTERNAL;
    }
    return new ChengmaiException(code, error.path("message").asText("the engine gave no reason"));
  }

  private static ChengmaiException unreachable(HttpRequest request, Throwable cause) {
    String address = request.uri().resolve("/").toString();
    return new ChengmaiException(
        ErrorCode.UNAVAILABLE,
        cause instanceof ConnectException
            ? "no engine answers at " + address
            : "the engine at %s broke off: %s".formatted(address, cause.getMessage()),
        cause);
  }
}
