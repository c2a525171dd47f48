package org.chengmai.engine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** CPU time and memory of processes, from Linux's {@code /proc}. */
final class ProcessFigures {
  /** The kernel's clock ticks a second, the same on all usual systems. */
  private static final double TICKS = 100;

  private ProcessFigures() {}

  /** CPU milliseconds of a process with its ended children and all that it started. */
  static double cpuMillis(long pid) {
    double ticks = ticks(pid);
    for (long child : descendants(pid)) {
      ticks += ticks(child);
    }
    return ticks * 1000 / TICKS;
  }

  /** CPU milliseconds of a process alone, and of its ended children. */
  static double ownCpuMillis(long pid) {
    return ticks(pid) * 1000 / TICKS;
  }

  private static double ticks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // the name in parentheses may hold anything
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      double sum = 0;
      for (int field = 11; field <= 14; field++) {
        sum += Double.parseDouble(fields[field]);
      }
      return sum;
    } catch (IOException e) {
      return 0;
    }
  }

  private static List<Long> descendants(long pid) {
    return ProcessHandle.of(pid)
        .map(ProcessHandle::descendants)
        .orElse(Stream.empty())
        .map(ProcessHandle::pid)
        .toList();
  }

  /** The most memory that a process had resident, in MB. */
  static double peakMb(long pid) {
    return statusMb(pid, "VmHWM");
  }

  /** The memory that a process has resident now, in MB. */
  static double residentMb(long pid) {
    return statusMb(pid, "VmRSS");
  }

  private static double statusMb(long pid, String key) {
    return line(Path.of("/proc", Long.toString(pid), "status"), key)
        .map(value -> Double.parseDouble(value.replace(" kB", "")) / 1024)
        .orElse(0.0);
  }

  /** What figures were measured on, and how busy it was. */
  static Map<String, String> machine() {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("cpu", cpuModel());
    machine.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    machine.put("memory_gb", "%.1f".formatted(memoryGb()));
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("java", System.getProperty("java.version"));
    machine.put("load_at_start", load());
    return machine;
  }

  private static String cpuModel() {
    return line(Path.of("/proc/cpuinfo"), "model name").orElse("unknown");
  }

  static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static double memoryGb() {
    return line(Path.of("/proc/meminfo"), "MemTotal")
        .map(value -> Double.parseDouble(value.replace(" kB", "")) / (1 << 20))
        .orElse(0.0);
  }

  private static Optional<String> line(Path file, String key) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
