package org.chengmai.connectors.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * One supervised child: spawned under {@code guard.sh}, probed until it answers, started again when
 * it dies. Safe for several threads.
 *
 * <p>One daemon thread owns the child's life; others only ask for the stop and read the state. The
 * guard's standard input is our end of the rope: when it closes, by {@link #stop} or because this
 * JVM is gone, the guard ends the child.
 */
final class ChildProcess {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** A child that lived this long has earned a short pause again. */
  private static final Duration STEADY = Duration.ofMinutes(1);

  private static final Duration PROBE_PAUSE = Duration.ofMillis(50);
  private static final Duration UNRESPONSIVE_PAUSE = Duration.ofSeconds(1);
  private static final Duration HEALTH_CHECK = Duration.ofSeconds(10);
  private static final int DEATHS_BEFORE_GIVING_UP = 4;
  private static final int KEPT_LOGS = 3;

  /** Hears of the child's states, on the supervising thread. */
  interface Listener {
    void changed(ServerState state, String detail);
  }

  /** A real query; true once it was answered. */
  interface Probe {
    boolean answers();
  }

  private final String name;
  private final Path folder;
  private final ChildCommand command;
  private final Probe probe;
  private final Listener listener;
  private final Thread supervisor;

  private volatile ServerState state = ServerState.IDLE;
  private volatile boolean isWanted = true;
  private volatile String failure = "";
  private volatile boolean wasReady;

  ChildProcess(String name, Path folder, ChildCommand command, Probe probe, Listener listener) {
    this.name = name;
    this.folder = folder.toAbsolutePath();
    this.command = command;
    this.probe = probe;
    this.listener = listener;
    this.supervisor = new Thread(this::supervise, "supervisor-" + name);
    supervisor.setDaemon(true);
  }

  Path log() {
    return folder.resolve(name + ".log");
  }

  ServerState state() {
    return state;
  }

  /** The real child's id, which the guard writes down; present as soon as the child is READY. */
  OptionalLong pid() {
    return readPid(folder).stream()
        .mapToLong(Long::longValue)
        .filter(pid -> ProcessTable.isOf(pid, folder))
        .findFirst();
  }

  /** Starts the child and waits for the first answer of the probe. */
  void start(Duration limit) {
    Path log = log();
    rotate(log);
    endLeftOver(folder, Duration.ZERO);
    supervisor.start();
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (this) {
      while (state != ServerState.READY
          && state != ServerState.FAILED
          && state != ServerState.STOPPED) {
        if (!await(deadline)) {
          break;
        }
      }
    }
    if (state == ServerState.READY) {
      return;
    }
    if (!isWanted) {
      throw new ChengmaiException(ErrorCode.CANCELLED, name + " was stopped while it started");
    }
    String cause =
        failure.isEmpty() ? "no answer within %d s".formatted(limit.toSeconds()) : failure;
    stop();
    if (state != ServerState.FAILED) {
      change(ServerState.FAILED, cause);
    }
    throw new ChengmaiException(
        ErrorCode.UNAVAILABLE,
        "%s did not start: %s. The end of %s:%n%s".formatted(name, cause, log, tail(log)));
  }

  /** Ends the child and waits until it is gone. */
  void stop() {
    synchronized (this) {
      isWanted = false;
      notifyAll();
    }
    boolean interrupted = false;
    while (supervisor.isAlive()) {
      try {
        supervisor.join();
      } catch (InterruptedException e) {
        // Leaving now would leave the child behind; the guard bounds the wait.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void supervise() {
    try {
      keepAlive();
    } catch (IOException | RuntimeException e) {
      failure = "it cannot be run: " + e.getMessage();
      change(ServerState.FAILED, failure);
    }
  }

  private void keepAlive() throws IOException {
    Duration pause = FIRST_PAUSE;
    int deaths = 0;
    while (isWanted) {
      long started = System.nanoTime();
      Process guard = spawn();
      guard.onExit().thenRun(this::wake);
      try {
        change(wasReady ? ServerState.RESTARTING : ServerState.STARTING, "");
        watch(guard);
        if (!isWanted) {
          end(guard);
          break;
        }
      } finally {
        closeRope(guard);
      }
      String death = "exit code " + guard.exitValue();
      deaths = wasReady ? 0 : deaths + 1;
      if (deaths >= DEATHS_BEFORE_GIVING_UP) {
        failure = death;
        change(ServerState.FAILED, death);
        return;
      }
      endLeftOver(folder, command.grace());
      if (System.nanoTime() - started > STEADY.toNanos()) {
        pause = FIRST_PAUSE;
      }
      change(wasReady ? ServerState.RESTARTING : ServerState.STARTING, death);
      pause(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
    change(ServerState.STOPPED, "");
  }

  /** Probes the child until it dies or is no longer wanted. */
  private void watch(Process guard) {
    while (isWanted && guard.isAlive()) {
      if (probe.answers() && isKnown()) {
        wasReady = true;
        if (state != ServerState.READY) {
          change(ServerState.READY, "");
        }
        awaitExitOrStop(guard, HEALTH_CHECK);
      } else if (state == ServerState.READY) {
        change(ServerState.UNRESPONSIVE, "");
      } else {
        awaitExitOrStop(
            guard, state == ServerState.UNRESPONSIVE ? UNRESPONSIVE_PAUSE : PROBE_PAUSE);
      }
    }
  }

  /** A child may answer before its guard has written down its process id, which READY promises. */
  private boolean isKnown() {
    return state == ServerState.READY || pid().isPresent();
  }

  private Process spawn() throws IOException {
    List<String> arguments = new ArrayList<>();
    // In a session of its own, Ctrl-C in the terminal reaches the engine only, which then stops its
    // children in order.
    Programs.find("setsid").ifPresent(arguments::add);
    arguments.addAll(
        List.of(
            "sh",
            guard().toString(),
            command.stopSignal(),
            Long.toString(command.grace().toSeconds()),
            pidFile(folder).toString()));
    arguments.addAll(command.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(arguments)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().putAll(command.environment());
    return builder.start();
  }

  private void end(Process guard) {
    change(ServerState.STOPPING, "");
    closeRope(guard);
    if (!awaitExit(guard, command.grace().plusSeconds(5))) {
      endLeftOver(folder, Duration.ZERO);
      guard.destroyForcibly();
    }
  }

  private static void closeRope(Process guard) {
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      // already closed: the guard is gone
    }
  }

  /** Waits until the child is gone, the stop is asked for, or the time is over. */
  private synchronized void awaitExitOrStop(Process guard, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (guard.isAlive() && isWanted && await(deadline)) {
      // a notification may be about something else
    }
  }

  private synchronized boolean awaitExit(Process guard, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (guard.isAlive() && await(deadline)) {
      // a notification may be about something else
    }
    return !guard.isAlive();
  }

  private synchronized void pause(Duration pause) {
    long deadline = System.nanoTime() + pause.toNanos();
    while (isWanted && await(deadline)) {
      // a notification may be about something else
    }
  }

  /** Waits for a notification; false when the deadline is over. */
  private synchronized boolean await(long deadline) {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0) {
      return false;
    }
    try {
      wait(left);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = "interrupted";
      return false;
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  private void change(ServerState next, String detail) {
    // Who waits in start() must not be faster than who listens.
    listener.changed(next, detail);
    synchronized (this) {
      state = next;
      notifyAll();
    }
  }

  private Path guard() throws IOException {
    Path file = folder.resolve("guard.sh");
    try (InputStream script = ChildProcess.class.getResourceAsStream("guard.sh")) {
      Files.copy(Objects.requireNonNull(script), file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  private static Path pidFile(Path folder) {
    return folder.resolve("pid");
  }

  private static Optional<Long> readPid(Path folder) {
    try {
      return Optional.of(Long.parseLong(Files.readString(pidFile(folder)).strip()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Ends the child that a former engine, or a killed guard, left in this folder. The pid file is
   * believed only if that process runs on this folder.
   *
   * @param grace how long it may take to go by itself before it is killed
   */
  static void endLeftOver(Path folder, Duration grace) {
    Optional<ProcessHandle> leftOver =
        readPid(folder)
            .filter(pid -> ProcessTable.isOf(pid, folder.toAbsolutePath()))
            .flatMap(ProcessHandle::of);
    if (leftOver.isPresent()) {
      ProcessHandle process = leftOver.get();
      process.destroy();
      try {
        process.onExit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        process.destroyForcibly();
        process.onExit().join();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try {
      Files.deleteIfExists(pidFile(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void rotate(Path log) {
    try {
      for (int i = KEPT_LOGS - 1; i >= 0; i--) {
        Path from = i == 0 ? log : log.resolveSibling(log.getFileName() + "." + i);
        if (Files.exists(from)) {
          Files.move(
              from,
              log.resolveSibling(log.getFileName() + "." + (i + 1)),
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES, "cannot write the log %s: %s".formatted(log, e.getMessage()), e);
    }
  }

  private static String tail(Path log) {
    try {
      byte[] bytes = Files.readAllBytes(log);
      int from = Math.max(0, bytes.length - 2_000);
      return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(cannot be read: " + e.getMessage() + ")";
    }
  }
}
