package org.chengmai.engine.bench;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A Java process with this one's options and class path that reads a task a line and writes its
 * answer a line, both JSON. Not thread-safe.
 */
final class WorkerProcess implements AutoCloseable {
  private final Process process;
  private final PrintStream tasks;
  private final BufferedReader answers;

  private WorkerProcess(Process process) {
    this.process = process;
    this.tasks = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts it; it ends with this process at the latest.
   *
   * @param heap such as {@code 640m}
   * @param log where what it writes to standard error goes
   * @param setup its first line
   */
  static WorkerProcess start(Class<?> main, String heap, Path log, Object setup)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith("-Xm")) {
        command.add(option);
      }
    }
    command.add("-Xmx" + heap);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    Files.createDirectories(log.toAbsolutePath().getParent());
    Process started = new ProcessBuilder(command).redirectError(log.toFile()).start();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(started::destroyForcibly, "stop-" + main.getSimpleName()));
    WorkerProcess worker = new WorkerProcess(started);
    worker.tasks.println(Json.write(setup));
    return worker;
  }

  long pid() {
    return process.pid();
  }

  /**
   * Asks and waits for the answer.
   *
   * @throws EOFException when the process has ended
   * @throws TimeoutException when none came in time; the process is ended then
   */
  <T> T ask(Object task, Class<T> answer, Duration patience)
      throws IOException, TimeoutException, InterruptedException {
    tasks.println(Json.write(task));
    FutureTask<@Nullable String> line = new FutureTask<>(answers::readLine);
    Thread waiting = new Thread(line, "answer-" + pid());
    waiting.setDaemon(true);
    waiting.start();
    try {
      String text = line.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (text == null) {
        throw new EOFException("process %d has ended".formatted(pid()));
      }
      return Json.read(text, answer);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  @Override
  public void close() {
    tasks.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
