package org.chengmai.engine.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.chengmai.engine.sql.Execution;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/** One of our engines in a child process; started again when a query has ended it. */
final class OurEngine implements Contender {
  private static final int SECONDS = 60;
  private static final int GRACE = 5;

  /** Where the numbers of texts that are only planned begin. */
  private static final int EXPLAINED = 1_000_000;

  private final String name;
  private final Execution.Here execution;
  private final String heap;
  private final CityFedServers servers;
  private final Path folder;
  private int explained;
  private @Nullable Process process;
  private @Nullable PrintStream tasks;
  private @Nullable BufferedReader answers;

  /**
   * @param heap such as {@code 640m}
   * @param folder for its log and what does not fit into memory
   */
  OurEngine(
      String name, Execution.Here execution, String heap, CityFedServers servers, Path folder) {
    this.name = name;
    this.execution = execution;
    this.heap = heap;
    this.servers = servers;
    this.folder = folder;
  }

  @Override
  public String name() {
    return name;
  }

  /** Calcite's own engine compiles each query anew, and takes most of the benchmark's time. */
  @Override
  public int warmUps() {
    return execution == Execution.Here.ENUMERABLE ? 1 : WARM_UPS;
  }

  @Override
  public long pid() {
    Process current = process;
    return current == null ? 0 : current.pid();
  }

  private void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith("-Xm")) {
        command.add(option);
      }
    }
    command.add("-Xmx" + heap);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SqlWorker.class.getName());
    Files.createDirectories(folder);
    Process started =
        new ProcessBuilder(command).redirectError(folder.resolve(name + ".log").toFile()).start();
    process = started;
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly, "stop-" + name));
    PrintStream input = new PrintStream(started.getOutputStream(), true, StandardCharsets.UTF_8);
    tasks = input;
    answers =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    Map<String, String> users =
        Map.of("a", servers.server("a").user(), "b", servers.server("b").user());
    input.println(
        Json.write(
            new SqlWorker.Setup(
                execution,
                Map.of("a", servers.server("a").address(), "b", servers.server("b").address()),
                users,
                Map.of("a", servers.server("a").password(), "b", servers.server("b").password()),
                folder.resolve(name).toString(),
                SECONDS)));
  }

  @Override
  public SqlWorker.Outcome run(CityFed.Query query, int run) {
    return ask(
        new SqlWorker.Task(
            CityFed.neverSeen(CityFed.sql(query, "a.", "b."), run), query.isOrdered(), false));
  }

  /** Plans a query without running it. */
  SqlWorker.Outcome explain(CityFed.Query query) {
    return ask(
        new SqlWorker.Task(
            CityFed.neverSeen(CityFed.sql(query, "a.", "b."), EXPLAINED + explained++),
            query.isOrdered(),
            true));
  }

  private SqlWorker.Outcome ask(SqlWorker.Task task) {
    try {
      if (process == null) {
        start();
      }
      Objects.requireNonNull(tasks).println(Json.write(task));
      return answer(Objects.requireNonNull(answers));
    } catch (IOException e) {
      return ended(String.valueOf(e.getMessage()));
    }
  }

  private SqlWorker.Outcome answer(BufferedReader reader) throws IOException {
    FutureTask<@Nullable String> line = new FutureTask<>(reader::readLine);
    Thread waiting = new Thread(line, "answer-" + name);
    waiting.setDaemon(true);
    waiting.start();
    try {
      String answer = line.get(SECONDS + GRACE, TimeUnit.SECONDS);
      return answer == null
          ? ended("it ended, most likely for want of heap (%s)".formatted(heap))
          : Json.read(answer, SqlWorker.Outcome.class);
    } catch (TimeoutException e) {
      // not every step of Calcite's own engine can be cancelled
      Objects.requireNonNull(process).destroyForcibly();
      return ended("more than %d s".formatted(SECONDS));
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ended("interrupted");
    }
  }

  private SqlWorker.Outcome ended(String reason) {
    close();
    return new SqlWorker.Outcome(0, 0, "", 0, 0, null, reason);
  }

  @Override
  public void close() {
    Process current = process;
    process = null;
    if (current != null) {
      if (tasks != null) {
        tasks.close();
      }
      try {
        if (!current.waitFor(10, TimeUnit.SECONDS)) {
          current.destroyForcibly();
        }
      } catch (InterruptedException e) {
        current.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
