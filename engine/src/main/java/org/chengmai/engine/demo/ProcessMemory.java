package org.chengmai.engine.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Memory of this process and all its descendants as proportional set size, from {@code /proc}. */
final class ProcessMemory {
  private ProcessMemory() {}

  /** The sum in megabytes; processes that end meanwhile count as nothing. */
  static long megabytes() {
    ProcessHandle self = ProcessHandle.current();
    long kilobytes =
        Stream.concat(Stream.of(self), self.descendants())
            .mapToLong(ProcessMemory::kilobytes)
            .sum();
    return kilobytes / 1024;
  }

  private static long kilobytes(ProcessHandle process) {
    Path file = Path.of("/proc", String.valueOf(process.pid()), "smaps_rollup");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
