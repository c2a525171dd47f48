package org.chengmai.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chengmai.connectors.process.DataFolder;
import org.chengmai.connectors.process.DruidServer;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.connectors.process.KafkaServer;
import org.chengmai.connectors.process.Ports;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.connectors.process.Servers;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * One PostgreSQL, one Kafka and one Druid for the whole test run: started when the first class that
 * is extended with this begins, stopped at the end. Tests find them by the system properties {@code
 * chengmai.test.*}; where these are given from outside (a developer's running cluster), nothing is
 * started.
 */
public final class RealServers implements BeforeAllCallback, TestInstancePreConstructCallback {
  static final String POSTGRES = "chengmai.test.pg.url";
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(RealServers.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    require(context);
  }

  /** Before the class's static fields are filled, where one instance serves all its tests. */
  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext factory, ExtensionContext context) {
    require(context);
  }

  /** Starts the servers unless they run. */
  public static void require(ExtensionContext context) {
    if (System.getProperty(POSTGRES) == null || isStartedHere()) {
      context.getStore(StoreScope.LAUNCHER_SESSION, HERE).getOrComputeIfAbsent(Running.class);
    }
  }

  /** Whether the servers are children of this JVM. */
  public static boolean isStartedHere() {
    return System.getProperty("chengmai.test.started") != null;
  }

  /** The repository's root. */
  public static Path root() {
    String given = System.getProperty("chengmai.root", "");
    Path path =
        Path.of(given.isEmpty() ? System.getProperty("user.dir") : given)
            .toAbsolutePath()
            .normalize();
    while (!Files.isDirectory(path.resolve("connectors/druid-server"))) {
      path = path.getParent();
    }
    return path;
  }

  /** An empty folder of that name under the build's; it stays after the run, for its logs. */
  public static Path emptyFolder(String name) throws IOException {
    Path folder = root().resolve("engine/target/it").resolve(name);
    FileTree.delete(folder);
    return Files.createDirectories(folder);
  }

  /** The servers while they run. */
  static final class Running implements AutoCloseable {
    private final DataFolder folder;
    private final Servers servers;

    Running() throws IOException {
      folder = DataFolder.open(emptyFolder("servers"));
      Ports ports = new Ports(folder.portsFile(), Map.of());
      PostgresServer postgres = new PostgresServer(folder.path(), ports);
      KafkaServer kafka =
          new KafkaServer(
              folder.path(), root().resolve("connectors/kafka-server/target/lib"), ports, 256);
      DruidServer druid =
          new DruidServer(
              folder.path(), root().resolve("connectors/druid-server/target/lib"), ports, 900);
      servers = new Servers(List.of(postgres, kafka, druid));
      servers.start(event -> System.out.println("  " + event.english()));
      System.setProperty(POSTGRES, postgres.address());
      System.setProperty("chengmai.test.pg.user", postgres.user());
      System.setProperty("chengmai.test.pg.password", postgres.password());
      System.setProperty("chengmai.test.kafka", kafka.address());
      System.setProperty("chengmai.test.druid.broker", druid.broker().toString());
      System.setProperty("chengmai.test.druid.coordinator", druid.coordinator().toString());
      System.setProperty("chengmai.test.started", "true");
    }

    @Override
    public void close() {
      servers.close();
      folder.close();
    }
  }
}
