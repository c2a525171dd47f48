package org.chengmai.engine.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Sends observations as NDJSON to an engine, on several connections. */
final class ObservationSender {
  private final URI observations;
  private final String token;
  private final int connections;
  private final String run;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param connections requests under way at once
   * @param run makes the idempotency keys unlike those of other runs
   */
  ObservationSender(URI engine, String token, int connections, String run) {
    this.observations = engine.resolve("/api/v1/observations");
    this.token = token;
    this.connections = connections;
    this.run = run;
  }

  /**
   * What was sent.
   *
   * @param rows accepted
   * @param repeated requests that were sent again after 429 or 503
   */
  record Sent(long rows, long repeated) {}

  /** Sends the payloads on all connections; blocks until all are acknowledged. */
  Sent send(String phase, List<byte[]> payloads) {
    AtomicInteger next = new AtomicInteger();
    AtomicLong accepted = new AtomicLong();
    AtomicLong repeated = new AtomicLong();
    List<CompletableFuture<Void>> senders = new ArrayList<>();
    for (int n = 0; n < connections; n++) {
      senders.add(sendNext(phase, payloads, next, accepted, repeated));
    }
    try {
      CompletableFuture.allOf(senders.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ChengmaiException known
          ? known
          : new ChengmaiException(
              ErrorCode.EXTERNAL, "the engine does not answer: " + e.getCause(), e);
    }
    return new Sent(accepted.get(), repeated.get());
  }

  private CompletableFuture<Void> sendNext(
      String phase,
      List<byte[]> payloads,
      AtomicInteger next,
      AtomicLong accepted,
      AtomicLong repeated) {
    int number = next.getAndIncrement();
    return number >= payloads.size()
        ? CompletableFuture.completedFuture(null)
        : send(phase, number, payloads.get(number), repeated)
            .thenCompose(
                rows -> {
                  accepted.addAndGet(rows);
                  return sendNext(phase, payloads, next, accepted, repeated);
                });
  }

  private CompletableFuture<Integer> send(
      String phase, int number, byte[] payload, AtomicLong repeated) {
    HttpRequest request =
        HttpRequest.newBuilder(observations)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/x-ndjson")
            .header("Idempotency-Key", "%s-%s-%d".formatted(run, phase, number))
            .timeout(Duration.ofMinutes(1))
            .POST(HttpRequest.BodyPublishers.ofByteArray(payload))
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenCompose(
            response -> {
              if (response.statusCode() == 429 || response.statusCode() == 503) {
                repeated.incrementAndGet();
                return CompletableFuture.supplyAsync(
                        () -> payload,
                        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS))
                    .thenCompose(again -> send(phase, number, again, repeated));
              }
              if (response.statusCode() != 200 || !response.body().contains("\"rejected\":0")) {
                throw new ChengmaiException(
                    ErrorCode.EXTERNAL,
                    "the engine answered %d: %s".formatted(response.statusCode(), response.body()));
              }
              return CompletableFuture.completedFuture(rows(payload));
            });
  }

  private static int rows(byte[] payload) {
    int rows = 0;
    for (byte b : payload) {
      rows += b == '\n' ? 1 : 0;
    }
    return rows;
  }
}
