package org.chengmai.connectors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Programs that run to their end, such as {@code initdb}. */
final class Programs {
  /** Text in a child's output and file names is UTF-8, whatever the machine's locale says. */
  static final Map<String, String> UTF_8 = Map.of("LC_ALL", "C.UTF-8", "LANG", "C.UTF-8");

  private Programs() {}

  /** Runs the program without input; see the other form. */
  static void run(List<String> arguments, Path folder, Path log, Duration limit)
      throws IOException {
    run(arguments, folder, Path.of("/dev/null"), log, limit);
  }

  /**
   * Runs the program; its output goes to the log. UNAVAILABLE with the log's name when it fails or
   * takes too long.
   */
  static void run(List<String> arguments, Path folder, Path input, Path log, Duration limit)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(arguments)
            .directory(folder.toFile())
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
    builder.environment().putAll(UTF_8);
    Process process = builder.start();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new ChengmaiException(
            ErrorCode.UNAVAILABLE,
            "%s took more than %d s; see %s".formatted(arguments, limit.toSeconds(), log));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new ChengmaiException(
          ErrorCode.CANCELLED, "%s was interrupted".formatted(arguments), e);
    }
    if (process.exitValue() != 0) {
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE,
          "%s ended with exit code %d:%n%s"
              .formatted(arguments, process.exitValue(), Files.readString(log)));
    }
  }

  /** The path of a program on the PATH. */
  static Optional<String> find(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
