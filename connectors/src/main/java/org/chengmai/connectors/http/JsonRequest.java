package org.chengmai.connectors.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.chengmai.connectors.http.JsonHttpConfig.JsonTable;

/** Asks for one page, again when the server is busy. */
final class JsonRequest {
  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);

  /** Queries wait meanwhile. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final JsonTable table;
  private final HttpClient http;

  JsonRequest(JsonTable table, HttpClient http) {
    this.table = table;
    this.http = http;
  }

  /** Any status but those of a busy server; the body is cut off when it takes too long. */
  static final class Answer implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final CompletableFuture<Void> timeLimit;
    private final long requestLimit;
    private volatile boolean isLate;

    /**
     * The request's own time limit ends with the headers, or cuts the body off when both come at
     * that very moment.
     *
     * @param began when the request was sent, by {@link System#nanoTime}
     */
    private Answer(HttpResponse<InputStream> response, long began, Duration timeout) {
      this.response = response;
      this.requestLimit = began + timeout.toNanos();
      this.timeLimit =
          CompletableFuture.runAsync(
              this::cutOff,
              CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void cutOff() {
      isLate = true;
      try {
        response.body().close();
      } catch (IOException e) {
        // it is closed already
      }
    }

    boolean isLate() {
      return isLate || System.nanoTime() - requestLimit >= 0;
    }

    int status() {
      return response.statusCode();
    }

    HttpHeaders headers() {
      return response.headers();
    }

    InputStream body() {
      return response.body();
    }

    @Override
    public void close() throws IOException {
      timeLimit.cancel(false);
      response.body().close();
    }
  }

  Answer send(URI address) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(table.timeout())
            .header("Accept", "application/json");
    table.headers().forEach(request::header);
    try {
      for (int attempt = 1; ; attempt++) {
        long began = System.nanoTime();
        HttpResponse<InputStream> response =
            http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        int status = response.statusCode();
        if (status != 429 && status != 503) {
          return new Answer(response, began, table.timeout());
        }
        response.body().close();
        Duration wait =
            retryAfter(response.headers()).orElse(FIRST_WAIT.multipliedBy(1L << (attempt - 1)));
        if (attempt == ATTEMPTS || wait.compareTo(LONGEST_WAIT) > 0) {
          throw new IOException(
              "%s answered %d %s and wants a pause of %d s"
                  .formatted(
                      address,
                      status,
                      attempt == 1 ? "once" : attempt + " times",
                      wait.toSeconds()));
        }
        TimeUnit.MILLISECONDS.sleep(wait.toMillis());
      }
    } catch (HttpTimeoutException e) {
      throw late(address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("fetching %s was interrupted".formatted(address));
    }
  }

  /** That a page took longer than it may. */
  IOException late(URI address, IOException cause) {
    return new IOException("%s took longer than %s".formatted(address, table.timeout()), cause);
  }

  /** Seconds, or the moment. */
  private static Optional<Duration> retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .flatMap(
            text -> {
              try {
                return Optional.of(
                    text.matches("\\d{1,9}")
                        ? Duration.ofSeconds(Long.parseLong(text))
                        : Duration.between(
                            Instant.now(),
                            ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant()));
              } catch (DateTimeException e) {
                return Optional.empty();
              }
            })
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }
}
