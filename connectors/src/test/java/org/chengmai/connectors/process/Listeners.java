package org.chengmai.connectors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The addresses on which a process and its children listen. */
final class Listeners {
  private Listeners() {}

  static List<String> of(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    List<String> listening = new ArrayList<>();
    Stream.concat(Stream.of(process), process.descendants())
        .forEach(each -> listening.addAll(ofOne(each.pid())));
    return listening;
  }

  private static List<String> ofOne(long pid) {
    Set<String> sockets;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      sockets = descriptors.map(Listeners::target).collect(Collectors.toSet());
    } catch (IOException e) {
      return List.of();
    }
    return Stream.of("tcp", "tcp6")
        .flatMap(table -> lines("/proc/" + pid + "/net/" + table))
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields[3].equals("0A") && sockets.contains("socket:[" + fields[9] + "]"))
        .map(fields -> address(fields[1]))
        .toList();
  }

  private static String address(String hexadecimal) {
    String port = ":" + Integer.parseInt(hexadecimal.split(":")[1], 16);
    return hexadecimal.startsWith("0100007F:") ? "127.0.0.1" + port : hexadecimal;
  }

  private static Stream<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file)).stream().skip(1);
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
