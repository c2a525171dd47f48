package org.chengmai.engine.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.connectors.process.FileTree;
import org.chengmai.connectors.process.MariaDbServer;
import org.chengmai.connectors.process.Ports;
import org.chengmai.connectors.process.PostgresServer;
import org.chengmai.connectors.process.Servers;
import org.chengmai.engine.bench.SqlLogicBenchmark;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a sample of sql-logic-test over a PostgreSQL and a MariaDB of its own. */
@Command(
    name = "slt",
    description =
        "Run a sample of sql-logic-test through Arrow's JDBC driver, over PostgreSQL and MariaDB; exit code 1 when an answer is wrong.",
    footer = {"", "The first run fetches the corpus, the driver and MariaDB (310 MB)."},
    mixinStandardHelpOptions = true)
final class SqlLogicBenchCommand implements Callable<Integer> {
  @Option(
      names = "--queries",
      defaultValue = "5000",
      description = "How many; default ${DEFAULT-VALUE}.")
  private int queries = 5000;

  @Option(
      names = "--seed",
      description = "Which; the same number runs the same. Default: another each time.")
  private @Nullable Long seed;

  @Option(names = "--json", description = "One JSON object as the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path peers = Home.path().resolve("peers");
    Path folder = Files.createTempDirectory("chengmai-slt");
    Ports ports = new Ports(folder.resolve("ports.properties"), Map.of());
    PostgresServer postgres =
        new PostgresServer(folder, ports, List.of("fsync=off", "synchronous_commit=off"));
    MariaDbServer mariaDb = new MariaDbServer(folder, ports);
    try (Servers servers = new Servers(List.of(postgres, mariaDb))) {
      servers.start(event -> System.err.println(event.english()));
      SqlLogicBenchmark.Result result =
          new SqlLogicBenchmark(
                  new SqlLogicBenchmark.Settings(
                      queries,
                      seed == null ? System.nanoTime() : seed,
                      only(peers, "sql-logic-test-"),
                      only(peers, "flight-sql-jdbc-driver-"),
                      folder,
                      config(postgres.address(), postgres.user(), postgres.password()),
                      config(mariaDb.url(""), mariaDb.user(), mariaDb.password())),
                  System.err::println)
              .run();
      System.out.println(json ? Json.write(result) : text(result));
      return result.wrong() == 0 ? 0 : 1;
    } finally {
      FileTree.delete(folder);
    }
  }

  private static JdbcConfig config(String url, String user, String password) {
    return new JdbcConfig(url, user, password, null, 4, 1000, Duration.ofSeconds(10));
  }

  private static String text(SqlLogicBenchmark.Result result) {
    return "seed %d: %d passed, %d wrong, %d skipped %s in %.0f s"
        .formatted(
            result.seed(),
            result.passed(),
            result.wrong(),
            result.skipped(),
            result.skips(),
            result.seconds());
  }

  private static Path only(Path peers, String prefix) throws IOException {
    try (Stream<Path> files = Files.exists(peers) ? Files.list(peers) : Stream.empty()) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow(
              () ->
                  new ChengmaiException(
                      ErrorCode.NOT_FOUND,
                      "%s* is not in %s: run ./chengmai bench slt in a clone of the repository"
                          .formatted(prefix, peers)));
    }
  }
}
