package org.chengmai.engine.flight;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.tls.ServerCertificate;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.jspecify.annotations.Nullable;

/**
 * An Arrow Flight SQL server over {@link SqlEngine}. Each call needs a bearer token.
 *
 * <p>Grafana: data source InfluxDB, query language SQL, {@code insecureGrpc} on unless it has a
 * certificate.
 */
public final class FlightSqlEndpoint implements AutoCloseable {
  private static final long MEMORY = 256L << 20;

  /** A stream may queue so much for its client however full the memory is. */
  private static final int QUEUED = 1 << 20;

  /** Most only wait for their query's turn. */
  private static final int THREADS = 64;

  private final ExecutorService calls = Executors.newFixedThreadPool(16, FlightSqlEndpoint::thread);
  private final ExecutorService streams =
      Executors.newFixedThreadPool(THREADS, FlightSqlEndpoint::thread);
  private final FlightServer server;

  /**
   * Starts the server.
   *
   * @param host the address to bind, {@code 127.0.0.1} unless people configure another
   * @param port 0 takes a free one
   * @param principals who a token belongs to
   * @param certificate for TLS, which then is the only way; null for plain text
   */
  public FlightSqlEndpoint(
      String host,
      int port,
      SqlEngine engine,
      Function<String, Optional<Principal>> principals,
      @Nullable ServerCertificate certificate) {
    BufferAllocator allocator = engine.newAllocator("flight", MEMORY);
    FlightServer.Builder builder =
        FlightServer.builder(
                allocator,
                certificate == null
                    ? Location.forGrpcInsecure(host, port)
                    : Location.forGrpcTls(host, port),
                new SqlProducer(engine, allocator, streams))
            .backpressureThreshold(QUEUED)
            .middleware(BearerToken.KEY, BearerToken.factory(principals))
            .executor(calls);
    try {
      if (certificate != null) {
        builder.useTls(
            new ByteArrayInputStream(certificate.chain()),
            new ByteArrayInputStream(certificate.key()));
      }
      server = builder.build().start();
    } catch (IOException e) {
      calls.shutdownNow();
      streams.shutdownNow();
      throw new ChengmaiException(
          ErrorCode.UNAVAILABLE,
          "the Flight SQL endpoint cannot listen on %s:%d: %s"
              .formatted(host, port, e.getMessage()),
          e);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "flight");
    thread.setDaemon(true);
    return thread;
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    try {
      server.shutdown();
      if (!server.awaitTermination(5, TimeUnit.SECONDS)) {
        server.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      calls.shutdownNow();
      streams.shutdownNow();
    }
  }
}
