package org.chengmai.engine.pgwire;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.tls.ServerCertificate;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's wire protocol over {@link SqlEngine}: the user's name, and the token as password,
 * which is taken by TLS alone where there is a certificate. An idle client holds no thread.
 */
public final class PostgresEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresEndpoint.class);
  private static final int MOST_CONNECTIONS = 1000;

  /** Most only wait for their query's turn. */
  private static final int THREADS = 64;

  private static final Duration LOG_IN_TIME = Duration.ofSeconds(30);
  private static final Duration SWEEP = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final SqlEngine engine;
  private final Function<String, Optional<Principal>> principals;
  private final Duration cursorTime;
  private final @Nullable ServerSSLOptions tls;
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.MINUTES,
          new LinkedBlockingQueue<>(),
          PostgresEndpoint::thread);
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final CancelKeys keys = new CancelKeys();
  private final NetServer server;
  private final long sweep;

  /**
   * Starts the server.
   *
   * @param host the address to bind, {@code 127.0.0.1} unless people configure another
   * @param port 0 takes a free one
   * @param principals who a token belongs to
   * @param cursorTime how long a query may stay open for a client that does not read on
   * @param certificate for TLS; null for plain text
   */
  public PostgresEndpoint(
      Vertx vertx,
      String host,
      int port,
      SqlEngine engine,
      Function<String, Optional<Principal>> principals,
      Duration cursorTime,
      @Nullable ServerCertificate certificate) {
    this.vertx = vertx;
    this.engine = engine;
    this.principals = principals;
    this.cursorTime = cursorTime;
    this.tls =
        certificate == null
            ? null
            : new ServerSSLOptions()
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.chain()))
                        .addKeyValue(Buffer.buffer(certificate.key())));
    workers.allowCoreThreadTimeOut(true);
    this.server =
        vertx
            .createNetServer(
                new NetServerOptions().setHost(host).setPort(port).setTcpKeepAlive(true))
            .connectHandler(this::connect);
    listen(host, port);
    this.sweep =
        vertx.setPeriodic(
            SWEEP.toMillis(),
            timer -> connections.forEach(connection -> connection.expireCursors(cursorTime)));
  }

  private void listen(String host, int port) {
    try {
      NetServer unused =
          server.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChengmaiException(ErrorCode.CANCELLED, "interrupted while the server starts", e);
    } catch (ExecutionException | TimeoutException e) {
      workers.shutdownNow();
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE,
          "the PostgreSQL endpoint cannot listen on %s:%d: %s"
              .formatted(host, port, e.getCause() == null ? e : e.getCause().getMessage()),
          e);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "pgwire");
    thread.setDaemon(true);
    return thread;
  }

  private void connect(NetSocket socket) {
    Connection connection = new Connection(socket, workers, new Door(), tls);
    if (connections.size() >= MOST_CONNECTIONS) {
      connection.refuse(
          new PostgresError(
              PostgresError.TOO_MANY_CONNECTIONS,
              "%,d clients are connected, which is the most".formatted(MOST_CONNECTIONS),
              0));
      return;
    }
    connections.add(connection);
    connection.start(() -> connections.remove(connection));
    vertx.setTimer(
        LOG_IN_TIME.toMillis(),
        timer -> {
          if (!connection.isLoggedIn()) {
            socket.close();
          }
        });
  }

  private final class Door implements Connection.LogIn {
    @Override
    public Session logIn(String user, String password, Output output, SessionSettings settings) {
      Principal principal =
          principals
              .apply(password)
              .filter(known -> known.name().equals(user))
              .orElseThrow(
                  () ->
                      new PostgresError.Refusal(
                          PostgresError.BAD_PASSWORD,
                          "password authentication failed for user \"%s\"; the password is the user's token"
                              .formatted(user)));
      principal.require(Role.ANALYST, "running SQL");
      return new Session(principal, engine, output, settings, InstantSource.system());
    }

    @Override
    public CancelKeys.Key register(Session session) {
      return keys.add(session);
    }

    @Override
    public void forget(Session session) {
      keys.remove(session);
    }

    @Override
    public void cancel(CancelKeys.Key key) {
      keys.cancel(key);
    }
  }

  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    vertx.cancelTimer(sweep);
    try {
      server.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
      workers.shutdown();
      if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.atWarn().log("queries by PostgreSQL's protocol did not end within 5 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn().setCause(e).log("the PostgreSQL endpoint did not close in order");
    } finally {
      workers.shutdownNow();
    }
  }
}
