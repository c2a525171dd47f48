package org.chengmai.engine.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.chengmai.engine.RunningEngine;
import org.chengmai.engine.config.ServerConfig;
import org.chengmai.indicators.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks at everything that usually goes wrong and says how to cure it. */
@Command(
    name = "doctor",
    description =
        "Check versions, encodings, disk, memory, ports, child processes and connectivity.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final long NEEDED_DISK = 3L << 30;
  private static final long NEEDED_MEMORY = 4L << 30;

  @Option(
      names = "--dir",
      defaultValue = "data",
      description = "Data folder of the engine; default ./data.")
  private Path folder = Path.of("data");

  private final List<String> complaints = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    line(
        "Java",
        System.getProperty("java.version") + " " + System.getProperty("java.vendor"),
        true,
        "");
    line(
        "system",
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "the servers that Chengmai starts itself are linux-x86_64 first");
    boolean utf8 =
        Charset.defaultCharset().name().equals("UTF-8")
            && "UTF-8".equals(System.getProperty("sun.jnu.encoding"))
            && "UTF-8".equals(System.getProperty("sun.stdout.encoding"));
    line(
        "encodings",
        "file %s, names %s, terminal %s"
            .formatted(
                Charset.defaultCharset(),
                System.getProperty("sun.jnu.encoding"),
                System.getProperty("sun.stdout.encoding")),
        utf8,
        "start through ./chengmai, which sets UTF-8 everywhere");
    line("zone", ZoneId.systemDefault() + " (data are stored in UTC)", true, "");
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = Home.folderOf(existing);
    }
    FileStore store = Files.getFileStore(existing);
    line(
        "disk",
        "%.1f GB free at %s".formatted(store.getUsableSpace() / 1e9, existing),
        store.getUsableSpace() > NEEDED_DISK,
        "the demo needs 3 GB; name another folder with --dir");
    long memory = availableMemory();
    line(
        "memory",
        "%.1f GB available".formatted(memory / 1e9),
        memory > NEEDED_MEMORY || RunningEngine.find(folder).isPresent(),
        "the demo needs 3.2 GB for all its processes");
    Optional<RunningEngine> engine = RunningEngine.find(folder);
    if (engine.isEmpty()) {
      line("engine", "none runs over " + folder, true, "");
      ServerConfig defaults = ServerConfig.defaults();
      port("port of the page", defaults.port());
      port("port of Flight SQL", defaults.flightPort());
      port("port of PostgreSQL", defaults.postgresPort());
      port("port of MQTT", defaults.mqttPort());
    } else {
      running(engine.get());
    }
    if (!complaints.isEmpty()) {
      System.out.println();
      complaints.forEach(complaint -> System.out.println("→ " + complaint));
    }
    return complaints.isEmpty() ? 0 : 1;
  }

  private void running(RunningEngine engine) throws IOException, InterruptedException {
    line("engine", "process %d at %s".formatted(engine.pid(), engine.http()), true, "");
    line(
        "SQL",
        "Flight SQL on port %d, PostgreSQL on port %s"
            .formatted(
                engine.flightPort(), engine.postgresPort() < 0 ? "none" : engine.postgresPort()),
        true,
        "");
    HttpResponse<String> response =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(3))
            .build()
            .send(
                HttpRequest.newBuilder(engine.http().resolve("/health/ready"))
                    .timeout(Duration.ofSeconds(10))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    for (JsonNode part : Json.mapper().readTree(response.body()).path("parts")) {
      line(
          part.path("name").asText(),
          part.path("detail").asText(),
          part.path("ok").asBoolean(),
          part.path("name").asText() + ": see its log under " + folder.resolve("logs"));
    }
  }

  private void port(String name, int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      line(name, port + " is free", probe.isBound(), "");
    } catch (IOException e) {
      line(
          name,
          port + " is taken",
          false,
          "%s %d is taken; choose another in the configuration or with --port"
              .formatted(name, port));
    }
  }

  private static long availableMemory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemAvailable:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    return 0;
  }

  private void line(String name, String value, boolean ok, String cure) {
    System.out.println(String.format(Locale.ROOT, "%s %-22s %s", ok ? "✓" : "✗", name, value));
    if (!ok) {
      complaints.add(cure);
    }
  }
}
