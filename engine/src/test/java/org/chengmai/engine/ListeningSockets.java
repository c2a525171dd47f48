package org.chengmai.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The TCP sockets that processes listen on, from Linux's {@code /proc}. */
final class ListeningSockets {
  private static final String LISTEN = "0A";

  private ListeningSockets() {}

  /** One socket: its port, and whether it is on loopback. */
  record Socket(int port, boolean isLoopback, String address) {}

  static List<Socket> of(Stream<ProcessHandle> processes) throws IOException {
    Set<String> inodes = new HashSet<>();
    for (ProcessHandle process : processes.toList()) {
      inodes(Path.of("/proc", Long.toString(process.pid()), "fd"), inodes);
    }
    List<Socket> sockets = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > 9 && fields[3].equals(LISTEN) && inodes.contains(fields[9])) {
          String[] local = fields[1].split(":");
          sockets.add(new Socket(Integer.parseInt(local[1], 16), isLoopback(local[0]), local[0]));
        }
      }
    }
    return sockets;
  }

  private static void inodes(Path folder, Set<String> inodes) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.toList();
    } catch (NoSuchFileException e) {
      return; // The process ended since it was listed.
    }
    for (Path file : files) {
      try {
        String target = Files.readSymbolicLink(file).toString();
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring("socket:[".length(), target.length() - 1));
        }
      } catch (NoSuchFileException e) {
        // Closed since it was listed.
      }
    }
  }

  /** Words of an address are in the machine's byte order there: 127.0.0.1 ends with 7F. */
  private static boolean isLoopback(String address) {
    return address.length() == 8
        ? address.endsWith("7F")
        : address.equals("00000000000000000000000001000000")
            || address.matches("0{16}FFFF0000[0-9A-F]{6}7F");
  }
}
