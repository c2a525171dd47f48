package org.chengmai.connectors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What the servers share: a folder of their own, the way from asked-for to ready, and the stop. */
abstract sealed class ChildServer implements Server
    permits PostgresServer, KafkaServer, DruidServer, MariaDbServer {
  /** Generous, for a machine that does much else at the same time. */
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private final String name;
  private final Path folder;
  private volatile ServerState state = ServerState.IDLE;
  private volatile @Nullable ChildProcess child;
  private volatile boolean isStopAsked;

  ChildServer(String name, Path data) {
    this.name = name;
    this.folder = data.toAbsolutePath().normalize().resolve(name);
  }

  /** Makes what the first start needs and answers how to run the child. */
  abstract ChildCommand prepare(ServerListener listener, long since) throws IOException;

  /** A real query against the server; false (never an exception) while it does not answer. */
  abstract boolean answers();

  /** Called when the child was stopped, to let go of what the probe held. */
  void ended() {}

  final Path folder() {
    return folder;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final ServerState state() {
    return state;
  }

  @Override
  public final OptionalLong pid() {
    ChildProcess current = child;
    return current == null ? OptionalLong.empty() : current.pid();
  }

  @Override
  public final Path log() {
    return folder.resolve(name + ".log");
  }

  @Override
  public final void start(ServerListener listener) {
    if (child != null) {
      throw new ChengmaiException(ErrorCode.CONFLICT, name + " was started already");
    }
    long since = System.nanoTime();
    isStopAsked = false;
    try {
      Files.createDirectories(folder);
      ChildCommand command = prepare(listener, since);
      ChildProcess process =
          new ChildProcess(
              name,
              folder,
              command,
              this::answers,
              (next, detail) -> change(listener, since, next, detail));
      child = process;
      if (isStopAsked) {
        throw new ChengmaiException(ErrorCode.CANCELLED, name + " was stopped while it started");
      }
      process.start(START_LIMIT);
    } catch (IOException e) {
      change(listener, since, ServerState.FAILED, e.toString());
      throw new ChengmaiException(
          ErrorCode.RESOURCES,
          "%s: its folder %s cannot be made: %s".formatted(name, folder, e),
          e);
    } catch (ChengmaiException e) {
      if (state != ServerState.FAILED) {
        change(listener, since, ServerState.FAILED, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  @Override
  public final void stop() {
    isStopAsked = true;
    ChildProcess current = child;
    if (current != null) {
      current.stop();
      ended();
      child = null;
    }
  }

  final void change(ServerListener listener, long since, ServerState next, String detail) {
    state = next;
    String shown = next == ServerState.READY ? address() : detail;
    listener.on(new ServerEvent(name, next, shown, Duration.ofNanos(System.nanoTime() - since)));
  }

  /**
   * A Java child: the JVM that runs us, explicit memory, UTF-8 and UTC whatever the machine's
   * locale.
   */
  static ChildCommand java(
      Path libraries,
      List<String> options,
      String mainClass,
      List<String> arguments,
      Duration grace) {
    if (!Files.isDirectory(libraries)) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND,
          "the library folder %s is missing; build it with mvn package".formatted(libraries));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-Duser.timezone=UTC",
            "-Dfile.encoding=UTF-8",
            "-Dsun.jnu.encoding=UTF-8",
            "-Djava.net.preferIPv4Stack=true"));
    command.addAll(options);
    command.addAll(List.of("-cp", libraries.toAbsolutePath().resolve("*").toString(), mainClass));
    command.addAll(arguments);
    return new ChildCommand(command, Programs.UTF_8, "TERM", grace);
  }
}
