package org.chengmai.druidserver;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs a whole Druid cluster in this JVM: ZooKeeper, coordinator with overlord, historical, broker and indexer.
 *
 * <p>Each role sees Druid's classes through a loader of its own, because Druid keeps servlet pipelines in static fields: with one loader the overlord
 * answers 404. The coordinator starts first; a historical that comes before it waits more than a minute. Properties come from the resources beside this
 * class, then from {@code druid.properties} in the folder, then from {@code -Ddruid.…}.
 */
public final class DruidServerMain {
  private static final List<String> PORTS = List.of("zookeeper", "derby", "coordinator", "broker", "historical", "indexer");
  private static final List<String> FOLDERS = List.of("segments", "logs", "tmp", "cache", "task", "ext");

  private static final String EMPTY_LIST = "[]";

  private DruidServerMain() {}

  /** Arguments: the folder that holds everything, then the ports of ZooKeeper, Derby, coordinator, broker, historical and indexer. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1 + PORTS.size()) {
      System.err.println("usage: DruidServerMain <folder> <" + String.join("> <", PORTS) + ">");
      System.exit(2);
    }
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("folder", folder.toString());
    for (int i = 0; i < PORTS.size(); i++) {
      values.put(PORTS.get(i), arguments[i + 1]);
    }
    // A task that streams remembers, with each of its intermediate persists, the offset of the row before its last one (SeekableStreamIndexTaskRunner calls
    // persistAsync before it moves the offset). Restored after a kill it would store that row twice, so tasks begin anew from their published offsets instead;
    // the price is that up to an hour of rows is read from Kafka again.
    delete(folder.resolve("task"));
    for (String name : FOLDERS) {
      Files.createDirectories(folder.resolve(name));
    }
    // What ZooKeeper holds (leaders, announcements) dies with this JVM; without it nobody waits for the sessions of a killed one to expire.
    delete(folder.resolve("zookeeper"));
    Properties zookeeper = new Properties();
    zookeeper.setProperty("folder", folder.resolve("zookeeper").toString());
    zookeeper.setProperty("port", values.get("zookeeper"));
    run("zookeeper", "org.chengmai.druidserver.ZooKeeperRole", zookeeper).join();

    start("coordinator", values);
    awaitHealth(values.get("coordinator"));
    start("historical", values);
    start("broker", values);
    start("indexer", values);
    wakeOverlord("http://127.0.0.1:" + values.get("coordinator") + "/druid/indexer/v1/");
  }

  /**
   * Begins the tasks that a former JVM left. The overlord found no worker for them when it started, and looks for one again a minute later or when the next
   * task arrives; so tasks arrive that do nothing until none waits.
   */
  private static void wakeOverlord(String indexing) throws Exception {
    while (request(indexing + "workers", null).length() <= EMPTY_LIST.length()) {
      Thread.sleep(50);
    }
    for (int i = 0; i < 60 && request(indexing + "pendingTasks", null).length() > EMPTY_LIST.length(); i++) {
      request(indexing + "task", "{\"type\":\"noop\",\"runTime\":1}");
      Thread.sleep(1_000);
    }
  }

  /** The answer to a GET, or to a POST where there is a body; empty when there is none. */
  private static String request(String url, String body) {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setConnectTimeout(500);
      connection.setReadTimeout(10_000);
      if (body != null) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream output = connection.getOutputStream()) {
          output.write(body.getBytes(StandardCharsets.UTF_8));
        }
      }
      try (InputStream answer = connection.getInputStream()) {
        return new String(answer.readAllBytes(), StandardCharsets.UTF_8).strip();
      }
    } catch (IOException e) {
      return "";
    }
  }

  private static void start(String role, Map<String, String> values) throws IOException {
    Properties properties = new Properties();
    read(resource("common.properties"), properties, values);
    read(resource(role + ".properties"), properties, values);
    Path own = Path.of(values.get("folder"), "druid.properties");
    if (Files.exists(own)) {
      read(Files.newInputStream(own), properties, values);
    }
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("druid."))
        .forEach(name -> properties.setProperty(name, System.getProperty(name)));
    properties.setProperty("druid.plaintextPort", values.get(role));
    run(role, "org.chengmai.druidserver.DruidRole", properties);
  }

  private static InputStream resource(String name) {
    return DruidServerMain.class.getResourceAsStream(name);
  }

  /** Reads properties whose values may name a port or the folder, such as {@code ${broker}}. */
  private static void read(InputStream input, Properties into, Map<String, String> values) throws IOException {
    Properties read = new Properties();
    try (Reader reader = new InputStreamReader(input, StandardCharsets.UTF_8)) {
      read.load(reader);
    }
    for (String name : read.stringPropertyNames()) {
      String value = read.getProperty(name);
      for (Map.Entry<String, String> entry : values.entrySet()) {
        value = value.replace("${" + entry.getKey() + "}", entry.getValue());
      }
      into.setProperty(name, value);
    }
  }

  /** Runs a role class of this jar inside a class loader of its own; any failure of it ends the JVM. */
  private static Thread run(String role, String className, Properties properties) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    // Never closed: it lives as long as its role, which is as long as the JVM.
    URLClassLoader loader = new URLClassLoader(role, urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    Thread thread =
        new Thread(
            () -> {
              try {
                @SuppressWarnings("unchecked")
                Consumer<Properties> body =
                    (Consumer<Properties>) loader.loadClass(className).getDeclaredConstructor().newInstance();
                body.accept(properties);
              } catch (Throwable e) {
                System.err.println(role + " failed");
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
              }
            },
            role);
    thread.setContextClassLoader(loader);
    thread.start();
    return thread;
  }

  private static void awaitHealth(String port) throws Exception {
    URL health = URI.create("http://127.0.0.1:" + port + "/status/health").toURL();
    while (!isHealthy(health)) {
      Thread.sleep(50);
    }
  }

  private static boolean isHealthy(URL health) {
    try {
      HttpURLConnection connection = (HttpURLConnection) health.openConnection();
      connection.setConnectTimeout(500);
      connection.setReadTimeout(2_000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> paths = Files.walk(folder)) {
        paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }
}
