package org.chengmai.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.chengmai.connectors.jdbc.JdbcConfig;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.bench.SqlLogicBenchmark;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sample of the corpus of sql-logic-test, which others wrote; {@code -Dchengmai.seed=N} repeats
 * one and {@code -Dchengmai.queries=N} sets its size.
 */
@ExtendWith(RealServers.class)
final class SqlLogicIT {
  private static final Path PEERS = RealServers.root().resolve("engine/target/chengmai/peers");

  @TempDir Path folder;

  @Test
  void theForeignCorpusGetsTheAnswersItExpects() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("chengmai.test.pg.url") != null, "no PostgreSQL is there");
    Assumptions.assumeTrue(
        Files.isDirectory(PEERS), "the corpus is not in %s: -Dchengmai.light".formatted(PEERS));
    try (MariaDbOfTests mariaDb = new MariaDbOfTests()) {
      SqlLogicBenchmark.Result result =
          new SqlLogicBenchmark(
                  new SqlLogicBenchmark.Settings(
                      Integer.getInteger("chengmai.queries", 5_000),
                      Long.getLong("chengmai.seed", System.nanoTime()),
                      only("sql-logic-test-"),
                      only("flight-sql-jdbc-driver-"),
                      folder,
                      new JdbcConfig(
                          System.getProperty("chengmai.test.pg.url"),
                          System.getProperty("chengmai.test.pg.user"),
                          System.getProperty("chengmai.test.pg.password"),
                          null,
                          4,
                          1000,
                          Duration.ofSeconds(10)),
                      mariaDb.config(null, 4)),
                  line -> {})
              .run();
      System.out.printf(
          "sql-logic-test: seed %d: %d passed, %d wrong, %d skipped %s, %.0f s%n",
          result.seed(),
          result.passed(),
          result.wrong(),
          result.skipped(),
          result.skips(),
          result.seconds());
      assertThat(result.failures()).as("seed %d", result.seed()).isEmpty();
      assertThat(result.skipped() * 100)
          .as("skipped %s", result.skips())
          .isLessThanOrEqualTo((result.passed() + result.skipped()) * 3);
    }
  }

  private static Path only(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(PEERS)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }
}
