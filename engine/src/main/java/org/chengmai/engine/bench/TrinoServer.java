package org.chengmai.engine.bench;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.connectors.process.Ports;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A single-node Trino over PostgreSQL servers, one catalogue each, from the tarball that the build
 * has fetched. Its driver has a class loader of its own: none of it comes onto our class path.
 */
public final class TrinoServer implements AutoCloseable {
  private static final String JAVA = "CHENGMAI_TRINO_JAVA_HOME";
  private static final int LEAST_JAVA = 24;
  static final String USER = "bench";
  private static final Duration START = Duration.ofMinutes(3);

  private final Process process;
  private final String url;
  private final URLClassLoader loader;
  private final Connection connection;

  private TrinoServer(Process process, String url, URLClassLoader loader, Connection connection) {
    this.process = process;
    this.url = url;
    this.loader = loader;
    this.connection = connection;
  }

  /**
   * Unpacks, configures and starts it, and returns when it answers.
   *
   * @param peers the folder with the tarball and the driver
   * @param folder kept, so that the next run need not unpack
   * @param heap such as {@code 3G}
   * @param catalogs the servers by the names of their catalogues
   */
  public static TrinoServer start(
      Path peers,
      Path folder,
      String heap,
      Map<String, PostgresServer> catalogs,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    Path java = java();
    Path home = unpack(only(peers, "trino-server-", ".tar.gz"), folder, progress);
    int port = new Ports(folder.resolve("ports.properties"), Map.of()).of("trino");
    Path etc = configure(folder, home, port, catalogs);
    progress.accept("starting Trino with " + java);
    List<String> command = new ArrayList<>();
    command.add(java.resolve("bin/java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-XX:+UseG1GC",
            "-XX:G1HeapRegionSize=32M",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:ReservedCodeCacheSize=512M",
            "-XX:PerMethodRecompilationCutoff=10000",
            "-XX:PerBytecodeRecompilationCutoff=10000",
            "-Djdk.attach.allowAttachSelf=true",
            "-Djdk.nio.maxCachedBufferSize=2000000",
            "-Dfile.encoding=UTF-8",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-Duser.timezone=UTC",
            "-Dnode.environment=bench",
            "-Dnode.id=bench",
            "-Dnode.data-dir=" + folder.resolve("data"),
            "-Dconfig=" + etc.resolve("config.properties"),
            "-cp",
            home.resolve("lib") + "/*",
            "io.trino.server.TrinoServer"));
    Process process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("trino.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "trino-stop"));
    URLClassLoader loader =
        new URLClassLoader(
            new URL[] {only(peers, "trino-jdbc-", ".jar").toUri().toURL()},
            ClassLoader.getPlatformClassLoader());
    try {
      String url = "jdbc:trino://127.0.0.1:" + port;
      return new TrinoServer(
          process,
          url,
          loader,
          connect(loader, process, url, catalogs.keySet().iterator().next(), folder));
    } catch (SQLException | ReflectiveOperationException e) {
      process.destroyForcibly();
      loader.close();
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE, "Trino does not answer; see %s".formatted(folder), e);
    }
  }

  private static Path only(Path folder, String start, String end) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        Path found =
            files
                .filter(
                    file -> {
                      String name = String.valueOf(file.getFileName());
                      return name.startsWith(start) && name.endsWith(end);
                    })
                .findFirst()
                .orElse(null);
        if (found != null) {
          return found;
        }
      }
    }
    throw new ChengmaiException(
        ErrorCode.NOT_FOUND,
        "%s*%s is not in %s; the launcher's build with -Ptrino puts it there"
            .formatted(start, end, folder));
  }

  /** A Java that Trino runs on. */
  private static Path java() throws IOException {
    List<Path> candidates = new ArrayList<>();
    String given = System.getenv(JAVA);
    if (given != null) {
      candidates.add(Path.of(given));
    }
    for (Path place : List.of(Path.of("/usr/lib/jvm"), Path.of("/opt"))) {
      if (Files.isDirectory(place)) {
        try (Stream<Path> folders = Files.list(place)) {
          folders.sorted(Comparator.reverseOrder()).forEach(candidates::add);
        }
      }
    }
    for (Path candidate : candidates) {
      Path release = candidate.resolve("release");
      if (Files.isExecutable(candidate.resolve("bin/java"))
          && Files.isReadable(release)
          && version(Files.readString(release)) >= LEAST_JAVA) {
        return candidate;
      }
    }
    throw new ChengmaiException(
        ErrorCode.NOT_FOUND,
        "Trino needs a Java %d or newer; name one in %s (looked at %s)"
            .formatted(LEAST_JAVA, JAVA, candidates));
  }

  private static int version(String release) {
    return release
        .lines()
        .filter(line -> line.startsWith("JAVA_VERSION="))
        .map(line -> line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1"))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(0);
  }

  private static Path unpack(Path tarball, Path folder, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path home = folder.resolve(String.valueOf(tarball.getFileName()).replace(".tar.gz", ""));
    if (Files.isDirectory(home)) {
      return home;
    }
    progress.accept("unpacking " + tarball);
    Path half = folder.resolve("unpacking");
    Files.createDirectories(half);
    Process tar =
        new ProcessBuilder("tar", "-xzf", tarball.toString(), "-C", half.toString())
            .inheritIO()
            .start();
    if (tar.waitFor() != 0) {
      throw new ChengmaiException(ErrorCode.RESOURCES, "tar cannot unpack " + tarball);
    }
    Path made = half.resolve(String.valueOf(home.getFileName()));
    // plug-ins that are not there need not be loaded; PostgreSQL's needs the geospatial types
    try (Stream<Path> files = Files.walk(made.resolve("plugin"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        String place = made.relativize(file).toString();
        if (!place.equals("plugin") && !place.matches("plugin/(postgresql|geospatial)(/.*)?")) {
          Files.delete(file);
        }
      }
    }
    Files.move(made, home);
    return home;
  }

  private static Path configure(
      Path folder, Path home, int port, Map<String, PostgresServer> servers) throws IOException {
    Path etc = folder.resolve("etc");
    Path catalogs = etc.resolve("catalog");
    FileTree.delete(catalogs);
    Files.createDirectories(catalogs);
    Files.writeString(
        etc.resolve("config.properties"),
        """
        coordinator=true
        node-scheduler.include-coordinator=true
        http-server.http.port=%1$d
        discovery.uri=http://127.0.0.1:%1$d
        node.internal-address=127.0.0.1
        node.bind-ip=127.0.0.1
        catalog.config-dir=%2$s
        plugin.dir=%3$s
        """
            .formatted(port, catalogs, home.resolve("plugin")));
    for (Map.Entry<String, PostgresServer> server : servers.entrySet()) {
      Files.writeString(
          catalogs.resolve(server.getKey() + ".properties"),
          """
          connector.name=postgresql
          connection-url=%s
          connection-user=%s
          connection-password=%s
          """
              .formatted(
                  server.getValue().address(),
                  server.getValue().user(),
                  server.getValue().password()));
    }
    return etc;
  }

  /** Answers when a query over one of the catalogues finds a node. */
  private static Connection connect(
      URLClassLoader loader, Process process, String url, String catalog, Path folder)
      throws SQLException, ReflectiveOperationException, InterruptedException {
    Driver driver =
        (Driver)
            loader.loadClass("io.trino.jdbc.TrinoDriver").getDeclaredConstructor().newInstance();
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      @Nullable Connection connection = driver.connect(url, properties);
      if (connection != null) {
        try (Statement statement = connection.createStatement();
            ResultSet rows =
                statement.executeQuery(
                    "SELECT count(*) FROM %s.information_schema.schemata".formatted(catalog))) {
          rows.next();
          return connection;
        } catch (SQLException e) {
          connection.close();
          if (!process.isAlive() || System.nanoTime() > end) {
            throw new SQLException("see %s".formatted(folder.resolve("trino.log")), e);
          }
        }
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  public String url() {
    return url;
  }

  /** Logged in from the start. */
  Connection connection() {
    return connection;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    try {
      connection.close();
      loader.close();
    } catch (SQLException | IOException e) {
      // it ends anyway
    }
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
