package org.chengmai.connectors.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.chengmai.indicators.ChengmaiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir Path temporary;
  private Path folder = Path.of("/");
  private final List<ServerState> states = new CopyOnWriteArrayList<>();
  private final List<ChildProcess> started = new CopyOnWriteArrayList<>();

  @BeforeEach
  void folderWithBlanksAndChineseName() throws IOException {
    folder = Files.createDirectories(temporary.resolve("数据 data"));
  }

  @AfterEach
  void stopAll() {
    started.forEach(ChildProcess::stop);
  }

  @Test
  void theGuardTellsTheRealChildsProcess() {
    ChildProcess child = child("echo ready >up; exec sleep 1000", Duration.ofSeconds(5));
    child.start(LIMIT);
    long pid = child.pid().orElseThrow();
    assertThat(ProcessHandle.of(pid)).isPresent();
    child.stop();
    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(child.state()).isEqualTo(ServerState.STOPPED);
    assertThat(folder.resolve("pid")).doesNotExist();
    assertThat(states)
        .containsExactly(
            ServerState.STARTING, ServerState.READY, ServerState.STOPPING, ServerState.STOPPED);
  }

  @Test
  void aChildIsNotReadyBeforeItsProcessIsKnown() throws IOException {
    // the probe answers before the guard has written anything down
    ChildProcess child = child("exec sleep 1000", Duration.ofSeconds(5));
    Files.createFile(folder.resolve("up"));
    child.start(LIMIT);
    assertThat(child.pid()).isPresent();
  }

  @Test
  void aKilledChildIsStartedAgain() {
    ChildProcess child = child("echo ready >up; exec sleep 1000", Duration.ofSeconds(5));
    child.start(LIMIT);
    long first = child.pid().orElseThrow();
    ProcessHandle.of(first).orElseThrow().destroyForcibly();
    Await.until(
        LIMIT, () -> states.contains(ServerState.RESTARTING) && child.state() == ServerState.READY);
    Await.until(LIMIT, () -> child.pid().orElse(first) != first);
  }

  @Test
  void aChildThatIgnoresTheSignalIsKilledAfterTheGrace() {
    ChildProcess child =
        child("trap '' TERM; echo ready >up; while :; do sleep 0.1; done", Duration.ofSeconds(1));
    child.start(LIMIT);
    long pid = child.pid().orElseThrow();
    child.stop();
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void theChildHasItsTimeToEndInOrder() {
    ChildProcess child =
        child(
            "trap 'echo bye >bye; exit 0' TERM; echo ready >up; while :; do sleep 0.1; done",
            Duration.ofSeconds(5));
    child.start(LIMIT);
    child.stop();
    assertThat(folder.resolve("bye")).hasContent("bye");
  }

  @Test
  void aGuardThatIsKilledTakesItsChildAlong() {
    ChildProcess child = child("echo ready >up; exec sleep 1000", Duration.ofSeconds(5));
    child.start(LIMIT);
    ProcessHandle real = ProcessHandle.of(child.pid().orElseThrow()).orElseThrow();
    real.parent().orElseThrow().destroyForcibly();
    Await.until(
        LIMIT,
        () ->
            !real.isAlive() && child.pid().isPresent() && states.contains(ServerState.RESTARTING));
  }

  @Test
  void aChildThatCannotLiveIsGivenUpWithTheEndOfItsLog() {
    ChildProcess child = child("echo 内存不足 no memory; exit 3", Duration.ofSeconds(5));
    assertThatThrownBy(() -> child.start(LIMIT))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("内存不足 no memory");
    assertThat(child.state()).isEqualTo(ServerState.FAILED);
  }

  @Test
  void logsOfFormerStartsAreKept() throws IOException {
    for (int i = 1; i <= 5; i++) {
      ChildProcess child =
          child(
              "echo start %d; echo ready >up; exec sleep 1000".formatted(i), Duration.ofSeconds(5));
      child.start(LIMIT);
      child.stop();
    }
    assertThat(folder.resolve("child.log")).content().startsWith("start 5");
    assertThat(folder.resolve("child.log.3")).content().startsWith("start 2");
    assertThat(folder.resolve("child.log.4")).doesNotExist();
  }

  @Test
  void aStaleProcessIdOfAStrangerIsLeftAlone() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "1000").start();
    try {
      Files.writeString(folder.resolve("pid"), Long.toString(stranger.pid()));
      ChildProcess.endLeftOver(folder, Duration.ZERO);
      assertThat(stranger.isAlive()).isTrue();
      assertThat(folder.resolve("pid")).doesNotExist();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void aLeftOverChildIsEnded() throws Exception {
    Process leftOver =
        new ProcessBuilder(
                "sh",
                "-c",
                "trap '' TERM; cd \"$0\"; echo ready >up; while :; do sleep 0.1; done",
                folder.toString())
            .start();
    Await.until(LIMIT, () -> Files.exists(folder.resolve("up")));
    Files.writeString(folder.resolve("pid"), Long.toString(leftOver.pid()));
    ChildProcess.endLeftOver(folder, Duration.ofMillis(100));
    assertThat(leftOver.waitFor()).isEqualTo(137);
  }

  private ChildProcess child(String script, Duration grace) {
    // The folder stands among the arguments as it does for every real server.
    List<String> arguments =
        List.of(
            "sh",
            "-c",
            script.replace("exec sleep", "exec -a '" + folder + "' sleep"),
            folder.toString());
    if (script.contains("exec sleep")) {
      arguments = List.of("bash", "-c", arguments.get(2), folder.toString());
    }
    try {
      Files.deleteIfExists(folder.resolve("up"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    ChildProcess child =
        new ChildProcess(
            "child",
            folder,
            new ChildCommand(arguments, Map.of(), "TERM", grace),
            () -> Files.exists(folder.resolve("up")),
            (state, detail) -> states.add(state));
    started.add(child);
    return child;
  }
}
