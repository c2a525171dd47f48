package org.chengmai.engine.bench;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.sql.Execution;
import org.jspecify.annotations.Nullable;

/**
 * Runs a sample of sql-logic-test through Arrow's JDBC driver, our Flight SQL endpoint and our
 * engine, over tables that alternate between PostgreSQL and MariaDB. Each query runs twice: as
 * always, and with sources that give bare tables only. Blocking.
 */
public final class SqlLogicBenchmark {
  private static final int THREADS = 3;
  private static final int FIRST = 5;
  private static final List<Execution> EXECUTIONS =
      List.of(Execution.FEDERATED, Execution.BARE_TABLES);

  private final Settings settings;
  private final Consumer<String> progress;
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Integer> skips = new TreeMap<>();
  private int passed;
  private int wrong;

  /**
   * What to run.
   *
   * @param corpus the jar of sql-logic-test
   * @param driver the jar of Arrow's Flight SQL JDBC driver
   * @param folder for what does not fit into memory
   */
  public record Settings(
      int queries,
      long seed,
      Path corpus,
      Path driver,
      Path folder,
      JdbcConfig postgres,
      JdbcConfig mariaDb) {}

  /**
   * What came out.
   *
   * @param skips how many queries were skipped for which reason
   * @param failures each wrong query with its answers
   */
  public record Result(
      long seed,
      int passed,
      int wrong,
      int skipped,
      double seconds,
      Map<String, Integer> skips,
      List<String> failures) {
    public Result {
      skips = Map.copyOf(skips);
      failures = List.copyOf(failures);
    }
  }

  public SqlLogicBenchmark(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Runs everything; the same seed runs the same queries. */
  public Result run() throws IOException, InterruptedException {
    long since = System.nanoTime();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {settings.driver.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        SqlLogicCorpus corpus = new SqlLogicCorpus(settings.corpus)) {
      Driver driver = driver(loader);
      List<Future<?>> files = new ArrayList<>();
      for (SqlLogicCorpus.Choice choice : corpus.choose(settings.queries, settings.seed)) {
        String name = "slt_" + files.size();
        files.add(
            threads.submit(
                () -> {
                  run(corpus.read(choice.file()), choice, name, driver);
                  return null;
                }));
      }
      for (Future<?> file : files) {
        file.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
    return new Result(
        settings.seed,
        passed,
        wrong,
        skips.values().stream().mapToInt(Integer::intValue).sum(),
        (System.nanoTime() - since) / 1e9,
        skips,
        failures);
  }

  private static Driver driver(ClassLoader loader) {
    try {
      return (Driver)
          loader
              .loadClass("org.apache.arrow.driver.jdbc.ArrowFlightJdbcDriver")
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not Arrow's driver", e);
    }
  }

  private void run(SqlLogicFile file, SqlLogicCorpus.Choice choice, String name, Driver driver)
      throws SQLException {
    long since = System.nanoTime();
    Set<Integer> chosen = chosen(file, choice);
    try (SqlLogicLibraries libraries =
        new SqlLogicLibraries(name, settings.postgres, settings.mariaDb, driver, settings.folder)) {
      List<String> statements = new ArrayList<>();
      for (int i = 0; !chosen.isEmpty(); i++) {
        if (file.steps().get(i) instanceof SqlLogicFile.Statement statement) {
          statements.add(statement.sql());
        } else if (chosen.contains(i)) {
          try {
            libraries.execute(statements);
          } catch (SQLException e) {
            skip("statements before it are not PostgreSQL's or MariaDB's", chosen.size());
            progress.accept("%s: %s".formatted(file.name(), e.getMessage()));
            return;
          }
          statements.clear();
          run(file, (SqlLogicFile.Query) file.steps().get(i), libraries);
          chosen.remove(i);
        }
      }
    }
    progress.accept(
        "%-45s %5d queries %6.1f s"
            .formatted(file.name(), choice.queries(), (System.nanoTime() - since) / 1e9));
  }

  /** Which steps of a file are run: some of its first queries, so that few statements precede. */
  private static Set<Integer> chosen(SqlLogicFile file, SqlLogicCorpus.Choice choice) {
    List<Integer> queries = new ArrayList<>();
    for (int i = 0; i < file.steps().size(); i++) {
      if (file.steps().get(i) instanceof SqlLogicFile.Query) {
        queries.add(i);
      }
    }
    List<Integer> first = queries.subList(0, Math.min(queries.size(), FIRST * choice.queries()));
    Collections.shuffle(first, new Random(choice.seed()));
    return new TreeSet<>(first.subList(0, choice.queries()));
  }

  private void run(SqlLogicFile file, SqlLogicFile.Query query, SqlLogicLibraries libraries)
      throws SQLException {
    for (Execution execution : EXECUTIONS) {
      @Nullable String problem;
      try {
        List<String> values = answer(query, libraries.connect(execution));
        problem = values.equals(query.expected()) ? null : "answered " + values;
      } catch (SQLException | RuntimeException e) {
        String refusal = libraries.refusal(query.sql());
        if (refusal != null) {
          skip("PostgreSQL refuses it too, with " + refusal, 1);
          return;
        }
        problem = "failed: " + e;
      }
      if (problem != null) {
        fail(
            "%s:%d by %s\n%s\nexpected %s\n%s"
                .formatted(
                    file.name(), query.line(), execution, query.sql(), query.expected(), problem));
        return;
      }
    }
    synchronized (this) {
      passed++;
    }
  }

  private static List<String> answer(SqlLogicFile.Query query, Connection connection)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query.sql())) {
      return SqlLogicAnswer.of(result, query);
    }
  }

  private synchronized void skip(String reason, int queries) {
    skips.merge(reason, queries, Integer::sum);
  }

  private synchronized void fail(String failure) {
    wrong++;
    failures.add(failure);
    progress.accept(failure);
  }
}
