package org.chengmai.engine.sql;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.chengmai.connectors.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all runs share: DuckDB, memory, the sources' places, and the threads that ask sources. */
final class Workshop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);
  private static final long BATCH_MEMORY = 512L << 20;
  private static final int ASKING = 64;

  private final SqlLimits limits;
  private final DuckDb duckDb;
  private final SourcePlaces places;

  private final Map<String, Intake.Taken> users = new ConcurrentHashMap<>();

  /** Of one root, so that a batch goes from a run to its client without a copy. */
  private final BufferAllocator batches = new RootAllocator();

  /** Batches on their way; what is kept is in DuckDB, under its own limit. */
  private final BufferAllocator memory = batches.newChildAllocator("runs", 0, BATCH_MEMORY);

  /** What interfaces hold for their clients. */
  private final List<BufferAllocator> clients = new CopyOnWriteArrayList<>();

  /** When all are busy, a query asks on its own thread, so that none waits for another's source. */
  private final ExecutorService asking =
      new ThreadPoolExecutor(
          0,
          ASKING,
          30,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "sql-asking");
            thread.setDaemon(true);
            return thread;
          },
          new ThreadPoolExecutor.CallerRunsPolicy());

  /**
   * @param sources by library; may be filled later
   * @param spill the folder for what does not fit into memory
   */
  Workshop(SqlLimits limits, Map<String, Source> sources, Path spill) {
    this.limits = limits;
    this.duckDb = new DuckDb(spill, limits.memory(), limits.spill());
    this.places = new SourcePlaces(sources);
  }

  SqlLimits limits() {
    return limits;
  }

  DuckDb duckDb() {
    return duckDb;
  }

  SourcePlaces places() {
    return places;
  }

  /** What the running queries of a user have taken from sources. */
  Intake.Taken takenBy(String user) {
    return users.computeIfAbsent(user, name -> new Intake.Taken());
  }

  BufferAllocator memory() {
    return memory;
  }

  /** Memory for the batches of an interface's clients. */
  BufferAllocator newAllocator(String name, long limit) {
    BufferAllocator allocator = batches.newChildAllocator(name, 0, limit);
    clients.add(allocator);
    return allocator;
  }

  ExecutorService asking() {
    return asking;
  }

  /** After the sources are closed, which ends what is still asked. */
  @Override
  public void close() {
    asking.shutdown();
    try {
      boolean unused = asking.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    duckDb.close();
    try {
      clients.forEach(BufferAllocator::close);
      memory.close();
      batches.close();
    } catch (IllegalStateException e) {
      // a client that was cut off still holds a batch; the process is on its way down
      LOG.atWarn().log("memory for batches was not all returned: {}", e.getMessage());
    }
  }
}
