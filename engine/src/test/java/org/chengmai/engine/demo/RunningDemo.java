package org.chengmai.engine.demo;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.chengmai.connectors.process.MariaDbServer;
import org.chengmai.engine.Engine;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.config.ExternalServersConfig;
import org.chengmai.engine.config.ServerConfig;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One engine over the demo city on the {@link RealServers}, shared by all tests of the run that ask
 * for it as a parameter; the hotline lies in a MariaDB. Tests use series of their own and leave the
 * engine as they found it.
 */
public final class RunningDemo implements AutoCloseable {
  private static final double SPEED = 15;
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(RunningDemo.class);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String database = "demo_" + UUID.randomUUID().toString().substring(0, 8);
  private final Jdbi server =
      Jdbi.create(
          System.getProperty("chengmai.test.pg.url"),
          System.getProperty("chengmai.test.pg.user"),
          System.getProperty("chengmai.test.pg.password"));
  private final List<Integer> readiness = new ArrayList<>();
  private final int port;
  private final Path folder = RealServers.emptyFolder("demo");
  private final Demo demo;
  private boolean isPastLoaded;

  /** Gives it to tests: {@code @ExtendWith(RunningDemo.Extension.class)}. */
  public static final class Extension implements BeforeAllCallback, ParameterResolver {
    @Override
    public void beforeAll(ExtensionContext context) {
      RealServers.require(context);
      context.getStore(StoreScope.LAUNCHER_SESSION, HERE).getOrComputeIfAbsent(RunningDemo.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == RunningDemo.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getStore(StoreScope.LAUNCHER_SESSION, HERE)
          .getOrComputeIfAbsent(RunningDemo.class);
    }
  }

  RunningDemo() throws Exception {
    server.useHandle(handle -> handle.execute("CREATE DATABASE " + database));
    String url = System.getProperty("chengmai.test.pg.url");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    demo =
        new Demo(
            new DemoSettings(
                RealServers.root().resolve("engine/target/chengmai"),
                folder,
                port,
                SPEED,
                630100,
                MariaDbServer.isAvailable()),
            new ServerConfig("127.0.0.1", port, 0, 0, 0),
            new ExternalServersConfig(
                url.substring(0, url.lastIndexOf('/') + 1) + database,
                System.getProperty("chengmai.test.pg.user"),
                System.getProperty("chengmai.test.pg.password"),
                System.getProperty("chengmai.test.kafka"),
                1,
                1,
                System.getProperty("chengmai.test.druid.broker"),
                System.getProperty("chengmai.test.druid.coordinator")),
            System.out::println);
    Thread start = new Thread(demo::start, "demo-start");
    Throwable[] failure = new Throwable[1];
    start.setUncaughtExceptionHandler((thread, thrown) -> failure[0] = thrown);
    start.start();
    while (start.isAlive()) {
      noteReadiness();
      start.join(50);
    }
    if (failure[0] != null) {
      demo.close();
      throw new IllegalStateException("the demo did not start", failure[0]);
    }
    noteReadiness();
  }

  /** What {@code /health/ready} answered during the start: each status once, in order. */
  private void noteReadiness() throws InterruptedException {
    try {
      int status = get("/health/ready").statusCode();
      if (readiness.isEmpty() || readiness.get(readiness.size() - 1) != status) {
        readiness.add(status);
      }
    } catch (IOException e) {
      // The port is not open yet.
    }
  }

  public List<Integer> readiness() {
    return readiness;
  }

  /** The engine's data folder. */
  public Path folder() {
    return folder;
  }

  public Engine engine() {
    return demo.engine();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public Instant now() {
    return demo.clock().instant();
  }

  /** Loads the past once; afterwards the city's clock runs fast. */
  public synchronized void loadPast() throws InterruptedException {
    if (!isPastLoaded) {
      demo.loadPast();
      isPastLoaded = true;
    }
  }

  /**
   * Floods the low points of a district and thickens its crowd, from now for that long on the
   * city's clock.
   */
  public void disturb(String district, Duration span) {
    for (DemoMeasures.Disturbance one : DemoMeasures.DISTURBED) {
      demo.city()
          .plant(
              new Injection(one.measure().name(), district, now(), now().plus(span), one.kind()));
    }
  }

  /** A request with the administrator's token. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address().resolve(path))
        .timeout(Duration.ofMinutes(1))
        .header("Authorization", "Bearer " + demo.engine().ownToken());
  }

  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A request as anybody. */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(address().resolve(path)).timeout(Duration.ofMinutes(1)));
  }

  /** A condition that may fail while things are on their way. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits until a condition holds. */
  public static void await(String what, Duration patience, Condition condition) throws Exception {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within %s: %s".formatted(patience, what));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  @Override
  public void close() {
    demo.close();
    server.useHandle(handle -> handle.execute("DROP DATABASE " + database + " WITH (FORCE)"));
  }
}
