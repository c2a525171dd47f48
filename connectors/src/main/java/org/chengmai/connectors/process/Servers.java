package org.chengmai.connectors.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/** Several servers that start together and stop together. Safe for several threads. */
public final class Servers implements AutoCloseable {
  private final List<Server> servers;

  public Servers(List<? extends Server> servers) {
    this.servers = List.copyOf(servers);
  }

  public List<Server> all() {
    return servers;
  }

  /**
   * Starts all of them at the same time and returns when each is ready; when one fails the others
   * are stopped and its exception is thrown.
   */
  public void start(ServerListener listener) {
    try {
      together(server -> server.start(listener));
    } catch (ChengmaiException e) {
      close();
      throw e;
    }
  }

  /** Stops all of them at the same time. */
  @Override
  public void close() {
    together(Server::stop);
  }

  private void together(Consumer<Server> action) {
    ExecutorService threads = Executors.newCachedThreadPool(work -> new Thread(work, "servers"));
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (Server server : servers) {
      running.add(CompletableFuture.runAsync(() -> action.accept(server), threads));
    }
    try {
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ChengmaiException known) {
        throw known;
      }
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "a server failed unexpectedly: " + e.getCause(), e.getCause());
    } finally {
      threads.shutdown();
    }
  }
}
