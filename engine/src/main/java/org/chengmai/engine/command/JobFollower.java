package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has the engine do a job over the past, shows how far it is, and cancels it on Ctrl-C. */
final class JobFollower {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int BAR = 30;

  @Mixin private EngineAddress engine = new EngineAddress();

  @Option(names = "--json", description = "The finished job as one JSON object, nothing else.")
  private boolean json;

  /**
   * Asks for a job and waits for its end; answers the job.
   *
   * @param from null where the engine knows it
   * @param to null for now
   * @param about further keys of the request: what the job is about
   */
  JsonNode run(String kind, @Nullable String from, @Nullable String to, Map<String, ?> about)
      throws IOException, InterruptedException {
    Map<String, Object> request = new LinkedHashMap<>(about);
    request.put("kind", kind);
    if (from != null) {
      request.put("from", from);
    }
    if (to != null) {
      request.put("to", to);
    }
    JsonNode job =
        engine.json(
            engine
                .request("/api/v1/jobs")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(request))));
    String path = "/api/v1/jobs/" + job.path("id").asLong();
    Thread cancel = new Thread(() -> cancel(path), "cancel");
    Runtime.getRuntime().addShutdownHook(cancel);
    boolean isOnTerminal = !json && System.console() != null;
    try {
      while (isOpen(job)) {
        if (isOnTerminal) {
          System.out.print("\r" + progress(job));
          System.out.flush();
        }
        LockSupport.parkNanos(POLL.toNanos());
        job = engine.json(engine.request(path));
      }
    } finally {
      forget(cancel);
    }
    if (json) {
      System.out.println(job);
    } else {
      System.out.println((isOnTerminal ? "\r" : "") + progress(job));
      if (job.hasNonNull("failure")) {
        System.err.println(job.path("failure").asText());
      }
    }
    return job;
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process stops already, and the hook runs
    }
  }

  boolean isJson() {
    return json;
  }

  /** What the shell is told of a job that is over. */
  static int exitCode(JsonNode job) {
    return job.path("state").asText().equals("done") ? 0 : 1;
  }

  private static boolean isOpen(JsonNode job) {
    String state = job.path("state").asText();
    return state.equals("waiting") || state.equals("running");
  }

  /** One line, such as {@code job 7 running [####……] 12/40 slices, 9,120 points}. */
  static String progress(JsonNode job) {
    int done = job.path("done").asInt();
    int total = job.path("total").asInt();
    int full = total == 0 ? 0 : Math.min(BAR, BAR * done / total);
    return "job %d %-9s [%s%s] %d/%d slices, %,d %s"
        .formatted(
            job.path("id").asLong(),
            job.path("state").asText(),
            "#".repeat(full),
            ".".repeat(BAR - full),
            done,
            total,
            job.path("points").asLong(),
            List.of("dry-run", "backtest").contains(job.path("kind").asText())
                ? "values"
                : "points");
  }

  private void cancel(String path) {
    try {
      engine.json(engine.request(path).DELETE());
      System.err.println("\ncancelled; what was published stays");
    } catch (IOException | InterruptedException | RuntimeException e) {
      System.err.println("\nthe job could not be cancelled: " + e.getMessage());
    }
  }
}
