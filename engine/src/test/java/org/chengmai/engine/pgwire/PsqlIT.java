package org.chengmai.engine.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chengmai.engine.sql.RunningQuery;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.engine.tls.TestCertificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do with the real psql. */
final class PsqlIT {
  private static final Path PSQL = Path.of("/usr/bin/psql");

  @TempDir private static Path folder;
  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(PSQL), "%s is not there: package postgresql-client".formatted(PSQL));
    server = new PostgresServer(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static Process start(String... arguments) throws IOException {
    return start("127.0.0.1", server.port(), Map.of(), arguments);
  }

  private static Process start(
      String host, int port, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(PSQL.toString(), "-X", "-h", host, "-p", String.valueOf(port), "-U", "ana"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", "secret");
    builder.environment().put("PGCLIENTENCODING", "UTF8");
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static String psql(String... arguments) throws Exception {
    return output(start(arguments));
  }

  private static String output(Process process) throws Exception {
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  @Test
  void queriesAnswerAsTables() throws Exception {
    assertThat(psql("-c", "select region, v, good from env.air order by ts"))
        .isEqualTo(
            """
             region | v  | good\s
            --------+----+------
             城东   | 10 | t
             城西   | 20 | f
             O'Neil |    |\s
            (3 rows)

            """);
  }

  @Test
  void tlsIsSpokenAndVerified(@TempDir Path own) throws Exception {
    try (PostgresServer secure = new PostgresServer(own, TestCertificates.read(own, "own"))) {
      Map<String, String> verifying =
          Map.of("PGSSLMODE", "verify-full", "PGSSLROOTCERT", own.resolve("own.pem").toString());
      String[] query = {"-At", "-c", "select region from env.air where v = 20"};
      assertThat(output(start("localhost", secure.port(), verifying, query))).isEqualTo("城西\n");
      assertThat(output(start("localhost", secure.port(), Map.of("PGSSLMODE", "require"), query)))
          .isEqualTo("城西\n");
      assertThat(output(start("127.0.0.1", secure.port(), verifying, query)))
          .contains("does not match host name \"127.0.0.1\"");
      assertThat(output(start("localhost", secure.port(), Map.of("PGSSLMODE", "disable"), query)))
          .contains("log-ins are taken over TLS only");
    }
  }

  @Test
  void theCatalogueIsShown() throws Exception {
    assertThat(psql("-c", "\\dn")).contains("env").doesNotContain("information_schema");
    assertThat(psql("-c", "\\dt env.a?r")).contains(" env    | air  | table | chengmai");
    assertThat(psql("-c", "\\dt")).contains(" air ");
    assertThat(psql("-c", "\\dv information_schema.*")).contains("columns");
    assertThat(psql("-c", "\\l")).contains("chengmai").contains("UTF8");
    assertThat(psql("-c", "\\df")).contains("(0 rows)");
    assertThat(psql("-c", "\\du")).contains("chengmai");
    assertThat(psql("-c", "\\d env.air"))
        .contains("Table \"env.air\"")
        .contains(" ts     | timestamp with time zone |")
        .contains(" good   | boolean ");
    assertThat(psql("-c", "\\d+ env.air")).contains("Access method: heap");
    assertThat(psql("-c", "\\d nothing_such")).contains("Did not find any relation");
  }

  @Test
  void scriptsOfSeveralStatementsRunToTheFirstError() throws Exception {
    Path script = folder.resolve("script.sql");
    Files.writeString(
        script,
        """
        begin; -- a comment; with a semicolon
        select ';' as "a;b";
        declare c cursor for select v from env.air order by ts;
        fetch 2 from c;
        fetch all from c;
        close c;
        commit;
        set search_path to nowhere;
        show timezone;
        select nope
        from env.air;
        select 'not reached';
        """);
    assertThat(psql("-At", "-v", "ON_ERROR_STOP=1", "-f", script.toString()))
        .contains("BEGIN\n;\nDECLARE CURSOR\n10\n20\n\nCLOSE CURSOR\nCOMMIT\n")
        .contains("names without a library still mean the library indicators")
        .contains("UTC\n")
        .contains("Column 'nope' not found")
        .contains("LINE 1: select nope\n               ^")
        .doesNotContain("not reached");
    assertThat(psql("-At", "-c", "select 1; select 2; selec; select 3"))
        .contains("1\n2\n")
        .doesNotContain("\n3\n");
  }

  @Test
  void largeResultsAreReadInParts() throws Exception {
    assertThat(psql("-At", "-v", "FETCH_COUNT=2", "-c", "select region from env.air order by ts"))
        .isEqualTo("城东\n城西\nO'Neil\n");
  }

  @Test
  void controlCEndsTheQuery() throws Exception {
    Process process = start("-At");
    try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
      input.write(
          "select count(*) from env.air a, %s;\n"
              .formatted(
                  IntStream.range(0, 22)
                      .mapToObj(i -> "env.air x" + i)
                      .collect(Collectors.joining(", "))));
      input.flush();
      while (server.engine().queries(SqlEngine.INTERNAL).stream()
          .noneMatch(query -> query.state() == RunningQuery.State.RUNNING)) {
        assertThat(process.isAlive()).isTrue();
        Thread.onSpinWait();
      }
      assertThat(
              new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor())
          .isZero();
    }
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("the query was cancelled");
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(server.engine().queries(SqlEngine.INTERNAL)).isEmpty();
  }

  @Test
  void chineseClientsMaySpeakGbk() throws Exception {
    Process process =
        start(
            "-At",
            "-c",
            "set client_encoding to 'GBK'",
            "-c",
            "select region from env.air where v = 10");
    process.getOutputStream().close();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(new String(output, "GBK")).contains("城东");
  }
}
