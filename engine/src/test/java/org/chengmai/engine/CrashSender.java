package org.chengmai.engine;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sender as it should be: numbered observations in batches with an idempotency key each; what was
 * not answered with 200 is sent again, the same bytes under the same key, until it is. Beside the
 * numbers it sends a level per district that is too high in every other ten seconds.
 */
final class CrashSender implements AutoCloseable {
  static final String SERIES = "crash.number";
  private static final List<String> DISTRICTS =
      List.of("630102", "630103", "630104", "630105", "630106", "630121", "630123");
  private static final int BATCH = 200;
  private static final long PERIOD_MILLIS = 10_000;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final URI address;
  private final Supplier<String> token;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "crash-sender");
  private volatile long acknowledged;
  private volatile int repeated;
  private volatile String trouble = "";
  private volatile @Nullable Throwable failure;

  CrashSender(URI address, Supplier<String> token) {
    this.address = address;
    this.token = token;
  }

  static List<Map<String, Object>> series() {
    List<Map<String, Object>> series = new ArrayList<>();
    series.add(Map.of("id", SERIES, "measure", "crash.number", "region", "630100", "unit", "1"));
    for (String district : DISTRICTS) {
      series.add(
          Map.of(
              "id",
              "crash.level." + district,
              "measure",
              "crash.level",
              "region",
              district,
              "unit",
              "cm"));
    }
    return series;
  }

  void start() {
    thread.start();
  }

  /** The highest number up to which everything is acknowledged. */
  long acknowledged() {
    return acknowledged;
  }

  /**
   * Ends after the batch at hand is answered; how many numbers were sent, all of them acknowledged.
   */
  long finish(Duration patience) throws InterruptedException {
    stop.countDown();
    thread.join(patience.toMillis());
    if (thread.isAlive() || failure != null) {
      throw new AssertionError("the sender did not end: " + this, failure);
    }
    return acknowledged;
  }

  private void run() {
    try {
      // At most ten batches a second: servers that start again need the machine too.
      while (!stop.await(100, TimeUnit.MILLISECONDS)) {
        long first = acknowledged + 1;
        deliver("crash-" + first, batch(first, Instant.now().toEpochMilli()));
        acknowledged = first + BATCH - 1;
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      failure = e;
    }
  }

  private static String batch(long first, long now) {
    StringBuilder rows = new StringBuilder();
    for (long number = first; number < first + BATCH; number++) {
      rows.append(
          "{\"series\":\"%s\",\"time\":%d,\"value\":%d,\"id\":\"%d\"}\n"
              .formatted(SERIES, now, number, number));
    }
    for (int i = 0; i < DISTRICTS.size(); i++) {
      int level = (now / PERIOD_MILLIS + i) % 2 == 0 ? 100 : 1;
      rows.append(
          "{\"series\":\"crash.level.%s\",\"time\":%d,\"value\":%d,\"id\":\"%d\"}\n"
              .formatted(DISTRICTS.get(i), now, level, first));
    }
    return rows.toString();
  }

  private void deliver(String key, String body) throws IOException, InterruptedException {
    while (true) {
      try {
        HttpResponse<String> answer =
            http.send(
                HttpRequest.newBuilder(address.resolve("/api/v1/observations"))
                    .timeout(Duration.ofSeconds(20))
                    .header("Authorization", "Bearer " + token.get())
                    .header("Content-Type", "application/x-ndjson")
                    .header("Idempotency-Key", key)
                    .POST(BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          if (!answer.body().contains("\"rejected\":0")) {
            throw new IllegalStateException("rows were rejected: " + answer.body());
          }
          return;
        }
        trouble = answer.statusCode() + " " + answer.body();
      } catch (IOException e) {
        trouble = e.toString();
      }
      repeated++;
      // A polite sender pauses; the end of the test does not cut a delivery short.
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  @Override
  public String toString() {
    return "%d acknowledged, %d repeated, last trouble: %s"
        .formatted(acknowledged, repeated, trouble);
  }

  @Override
  public void close() throws InterruptedException {
    stop.countDown();
    thread.interrupt();
    thread.join();
  }
}
