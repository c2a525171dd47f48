package org.chengmai.connectors.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Linux tells of running processes under {@code /proc}; empty answers where it tells nothing.
 */
final class ProcessTable {
  private ProcessTable() {}

  /**
   * The command line of a living process with blanks between the arguments; empty for a process
   * that is gone.
   */
  static String commandLine(long pid) {
    try {
      // The arguments are bytes that this JVM may not be able to decode (a folder's name under
      // another locale): never fail on them.
      return new String(
              Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline")),
              StandardCharsets.UTF_8)
          .replace('\0', ' ')
          .strip();
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Whether the process runs on this folder: a process id alone may long belong to somebody else.
   */
  static boolean isOf(long pid, Path folder) {
    return commandLine(pid).contains(folder.toString());
  }

  /**
   * The process that listens on the port, such as {@code process 4711 (nginx -g …)}, where it can
   * be told.
   */
  static Optional<String> listenerOn(int port) {
    Optional<String> inode =
        Stream.of("/proc/net/tcp", "/proc/net/tcp6")
            .flatMap(ProcessTable::lines)
            .filter(f -> isListener(f, port))
            .map(f -> f[9])
            .findFirst();
    return inode
        .flatMap(ProcessTable::ownerOf)
        .map(pid -> "process %d (%s)".formatted(pid, shorten(commandLine(pid))));
  }

  private static Stream<String[]> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .skip(1)
          .map(line -> line.strip().split("\\s+"))
          .filter(f -> f.length > 9);
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static boolean isListener(String[] fields, int port) {
    return fields[3].equals("0A") && fields[1].endsWith(":%04X".formatted(port));
  }

  private static Optional<Long> ownerOf(String inode) {
    Path link = Path.of("socket:[" + inode + "]");
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> descriptors(pid).contains(link))
        .findFirst();
  }

  private static List<Path> descriptors(long pid) {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return descriptors.map(ProcessTable::target).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException e) {
      return descriptor;
    }
  }

  private static String shorten(String commandLine) {
    return commandLine.length() <= 80 ? commandLine : commandLine.substring(0, 79) + "…";
  }
}
