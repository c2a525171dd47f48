package org.chengmai.engine.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.chengmai.engine.sql.Execution;
import org.jspecify.annotations.Nullable;

/** One of our engines in a child process; started again when a query has ended it. */
final class OurEngine implements Contender {
  private static final int SECONDS = 60;
  private static final int GRACE = 5;

  /** Where the numbers of texts that are only planned begin. */
  private static final int EXPLAINED = 1_000_000;

  private final String name;
  private final Execution.Here execution;
  private final String heap;
  private final CityFedServers servers;
  private final Path folder;
  private int explained;
  private @Nullable WorkerProcess process;

  /**
   * @param heap such as {@code 640m}
   * @param folder for its log and what does not fit into memory
   */
  OurEngine(
      String name, Execution.Here execution, String heap, CityFedServers servers, Path folder) {
    this.name = name;
    this.execution = execution;
    this.heap = heap;
    this.servers = servers;
    this.folder = folder;
  }

  @Override
  public String name() {
    return name;
  }

  /** Calcite's own engine compiles each query anew, and takes most of the benchmark's time. */
  @Override
  public int warmUps() {
    return execution == Execution.Here.ENUMERABLE ? 1 : WARM_UPS;
  }

  @Override
  public long pid() {
    WorkerProcess current = process;
    return current == null ? 0 : current.pid();
  }

  private WorkerProcess start() throws IOException {
    Map<String, String> users =
        Map.of("a", servers.server("a").user(), "b", servers.server("b").user());
    return WorkerProcess.start(
        SqlWorker.class,
        heap,
        folder.resolve(name + ".log"),
        new SqlWorker.Setup(
            execution,
            Map.of("a", servers.server("a").address(), "b", servers.server("b").address()),
            users,
            Map.of("a", servers.server("a").password(), "b", servers.server("b").password()),
            folder.resolve(name).toString(),
            SECONDS));
  }

  @Override
  public SqlWorker.Outcome run(CityFed.Query query, int run) {
    return ask(
        new SqlWorker.Task(
            CityFed.neverSeen(CityFed.sql(query, "a.", "b."), run), query.isOrdered(), false));
  }

  /** Plans a query without running it. */
  SqlWorker.Outcome explain(CityFed.Query query) {
    return ask(
        new SqlWorker.Task(
            CityFed.neverSeen(CityFed.sql(query, "a.", "b."), EXPLAINED + explained++),
            query.isOrdered(),
            true));
  }

  private SqlWorker.Outcome ask(SqlWorker.Task task) {
    try {
      WorkerProcess known = process;
      if (known == null) {
        known = start();
        process = known;
      }
      return known.ask(task, SqlWorker.Outcome.class, Duration.ofSeconds(SECONDS + GRACE));
    } catch (EOFException e) {
      return ended("it ended, most likely for want of heap (%s)".formatted(heap));
    } catch (TimeoutException e) {
      // not every step of Calcite's own engine can be cancelled
      return ended("more than %d s".formatted(SECONDS));
    } catch (IOException e) {
      return ended(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ended("interrupted");
    }
  }

  private SqlWorker.Outcome ended(String reason) {
    close();
    return new SqlWorker.Outcome(0, 0, "", 0, 0, null, reason);
  }

  @Override
  public void close() {
    WorkerProcess current = process;
    process = null;
    if (current != null) {
      current.close();
    }
  }
}
