package org.chengmai.engine.pgwire;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.chengmai.engine.sql.SmallEngine;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.tls.ServerCertificate;
import org.jspecify.annotations.Nullable;

/** An endpoint over a {@link SmallEngine}, for tests. */
final class PostgresServer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final SqlEngine engine;
  private final PostgresEndpoint endpoint;

  /** In plain text. */
  PostgresServer(Path folder) throws IOException {
    this(folder, null);
  }

  PostgresServer(Path folder, @Nullable ServerCertificate certificate) throws IOException {
    engine = SmallEngine.open(folder);
    endpoint =
        new PostgresEndpoint(
            vertx,
            "127.0.0.1",
            0,
            engine,
            SmallEngine::byToken,
            Duration.ofSeconds(30),
            certificate);
  }

  SqlEngine engine() {
    return engine;
  }

  int port() {
    return endpoint.port();
  }

  /** A connection of the analyst ana, with further properties as {@code name=value}. */
  Connection connect(String... properties) throws SQLException {
    Properties all = new Properties();
    all.setProperty("user", "ana");
    all.setProperty("password", "secret");
    for (String property : properties) {
      String[] parts = property.split("=", 2);
      all.setProperty(parts[0], parts[1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/chengmai".formatted(port()), all);
  }

  @Override
  public void close() throws Exception {
    endpoint.close();
    engine.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
