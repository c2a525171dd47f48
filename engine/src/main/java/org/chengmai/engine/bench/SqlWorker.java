package org.chengmai.engine.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chengmai.connectors.Source;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.sql.Execution;
import org.chengmai.engine.sql.RowStream;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.sql.SqlLimits;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * One of our engines in a process of its own, so that its CPU and memory are nobody else's: reads a
 * task a line, writes its answer a line.
 */
public final class SqlWorker {
  /**
   * The first line.
   *
   * @param urls of the libraries, by name
   */
  record Setup(
      Execution.Here execution,
      Map<String, String> urls,
      Map<String, String> users,
      Map<String, String> passwords,
      String work,
      int seconds) {}

  /** A line: a query to run, or only to explain. */
  record Task(String sql, boolean isOrdered, boolean isExplained) {}

  /**
   * What came of it.
   *
   * @param millis from the text to the last row
   * @param planMillis from the text to the plan, when it was only explained
   */
  record Outcome(
      double millis,
      double planMillis,
      String hash,
      long rowsMoved,
      long bytesMoved,
      @Nullable String explained,
      @Nullable String error) {}

  private SqlWorker() {}

  /** Works until its input ends. */
  public static void main(String... arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    BufferedReader tasks =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Setup setup = Json.read(tasks.readLine(), Setup.class);
    List<Source> sources = new ArrayList<>();
    Path work = Path.of(setup.work());
    setup
        .urls()
        .forEach(
            (library, url) ->
                sources.add(
                    JdbcConfig.of(url, setup.users().get(library), setup.passwords().get(library))
                        .open(library, work)));
    SqlLimits usual = SqlLimits.defaults();
    SqlLimits limits =
        new SqlLimits(
            usual.rows(),
            Duration.ofSeconds(setup.seconds()),
            usual.queries(),
            usual.memory(),
            usual.queue());
    try (SqlEngine engine =
        new SqlEngine(
            sources,
            List.of(),
            limits,
            setup.execution(),
            work.resolve("spill"),
            InstantSource.system())) {
      for (String line = tasks.readLine(); line != null; line = tasks.readLine()) {
        answers.println(Json.write(run(engine, Json.read(line, Task.class))));
        answers.flush();
      }
    }
  }

  private static Outcome run(SqlEngine engine, Task task) {
    long start = System.nanoTime();
    try {
      if (task.isExplained()) {
        String text = engine.explain(SqlEngine.INTERNAL, task.sql());
        return new Outcome(0, millis(start), "", 0, 0, text, null);
      }
      RowHash hash = new RowHash(task.isOrdered());
      try (RowStream rows = engine.stream(SqlEngine.INTERNAL, task.sql())) {
        while (rows.hasNext()) {
          hash.add(rows.next());
        }
        double millis = millis(start);
        return new Outcome(
            millis, 0, hash.toString(), rows.moved().rows(), rows.moved().bytes(), null, null);
      }
    } catch (ChengmaiException e) {
      return new Outcome(millis(start), 0, "", 0, 0, null, String.valueOf(e.getMessage()));
    }
  }

  private static double millis(long start) {
    return (System.nanoTime() - start) / 1e6;
  }
}
