package org.chengmai.engine.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;

/** A headless Chromium with one page, asked over its debugging protocol. Not thread-safe. */
final class Chromium implements AutoCloseable {
  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> answers;
  private final AtomicInteger ids = new AtomicInteger();

  private Chromium(
      Process process,
      Path profile,
      WebSocket socket,
      Map<Integer, CompletableFuture<JsonNode>> answers) {
    this.process = process;
    this.profile = profile;
    this.socket = socket;
    this.answers = answers;
  }

  /** The browser's program, empty where none is installed. */
  static Optional<Path> installed() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts a browser on a page. */
  static Chromium open(Path program, URI page) throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory("chengmai-chromium");
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(
        List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1920,1080",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile,
            page.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output.log").toFile())
            .start();
    try {
      URI debugger = debugger(profile, process, page);
      Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
      WebSocket socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(debugger, new Answers(answers))
              .get(20, TimeUnit.SECONDS);
      return new Chromium(process, profile, socket, answers);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "Chromium's debugging socket does not open", e);
    }
  }

  private static URI debugger(Path profile, Process process, URI page)
      throws IOException, InterruptedException {
    Path portFile = profile.resolve("DevToolsActivePort");
    long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      if (Files.exists(portFile) && !Files.readString(portFile).isBlank()) {
        String port = Files.readAllLines(portFile).get(0);
        JsonNode targets;
        try (var list =
            URI.create("http://127.0.0.1:" + port + "/json/list").toURL().openStream()) {
          targets = Json.mapper().readTree(list);
        }
        for (JsonNode target : targets) {
          if (target.path("type").asText().equals("page")) {
            return URI.create(target.path("webSocketDebuggerUrl").asText());
          }
        }
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new ChengmaiException(
        ErrorCode.EXTERNAL,
        "Chromium did not open %s: %s"
            .formatted(
                page.getPath(),
                new String(
                    Files.readAllBytes(profile.resolve("output.log")), StandardCharsets.UTF_8)));
  }

  /** Returns when the page of this path is loaded. */
  void awaitLoaded(String path) {
    long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (!evaluate("location.pathname + ' ' + document.readyState")
        .asText()
        .equals(path + " complete")) {
      if (System.nanoTime() > deadline) {
        throw new ChengmaiException(
            ErrorCode.EXTERNAL, "Chromium did not load " + path + " within 40 s");
      }
      Demo.pause(100);
    }
  }

  /** The value of a JavaScript expression in the page. */
  JsonNode evaluate(String expression) {
    return call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true))
        .path("result")
        .path("value");
  }

  private JsonNode call(String method, Map<String, Object> parameters) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket.sendText(Json.write(Map.of("id", id, "method", method, "params", parameters)), true);
    try {
      return answer.get(20, TimeUnit.SECONDS).path("result");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "asking Chromium was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new ChengmaiException(ErrorCode.EXTERNAL, "Chromium does not answer " + method, e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      try (Stream<Path> files = Files.walk(profile)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | UncheckedIOException e) {
      // A helper of the browser may still write there; it is a temporary folder.
    }
  }

  /** Puts the pieces of a message together and hands it to who waits for its id. */
  private static final class Answers implements WebSocket.Listener {
    private final Map<Integer, CompletableFuture<JsonNode>> answers;
    private final StringBuilder message = new StringBuilder();

    Answers(Map<Integer, CompletableFuture<JsonNode>> answers) {
      this.answers = answers;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        JsonNode json = Json.read(message.toString(), JsonNode.class);
        message.setLength(0);
        CompletableFuture<JsonNode> waiting = answers.remove(json.path("id").asInt());
        if (waiting != null) {
          waiting.complete(json);
        }
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
