package org.chengmai.engine.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.chengmai.engine.RealServers;
import org.chengmai.engine.server.SqlServer;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Sessions on a real server: scripts, and someone who types. */
@ExtendWith(RealServers.class)
@Timeout(180)
final class SqlShellIT {
  private static final String LONG =
      "select count(*) from base_rows.numbers a, base_rows.numbers b, base_rows.numbers c where a.n + b.n + c.n > 7;";

  @TempDir static Path folder;
  private static SqlServer server;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeAll
  static void start() throws Exception {
    server = new SqlServer(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.address().resolve(path))
        .header("Authorization", "Bearer ana");
  }

  private String run(ResultFormat format, Map<String, String> variables, String text)
      throws InterruptedException {
    out.reset();
    SqlShell shell =
        new SqlShell(
            SqlShellIT::request,
            format,
            variables,
            Output.of(out),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            false);
    shell.run(new BufferedReader(new StringReader(text)));
    return out.toString(StandardCharsets.UTF_8);
  }

  private String run(String text) throws InterruptedException {
    return run(ResultFormat.TABLE, Map.of(), text);
  }

  @Test
  void aPipesStatementsRunOneByOne() throws Exception {
    assertThat(
            run(
                ResultFormat.CSV,
                Map.of(),
                "select region from base_env.air\n where v is null;\n\nselect 2 as\n b; select 3 as c"))
        .isEqualTo("region\r\n城西\r\nb\r\n2\r\nc\r\n3\r\n");
    assertThat(run(ResultFormat.NDJSON, Map.of(), "select 'a  \n b' as t"))
        .isEqualTo("{\"t\":\"a  \\n b\"}\n");
    assertThat(run(ResultFormat.JSON, Map.of(), "select 1 as a"))
        .matches("\\{\"columns\":.*\"rows\":\\[\\[1]],\"elapsed_ms\":\\d+}\n");
  }

  @Test
  void aTableEndsWithItsRowsAndTime() throws Exception {
    assertThat(run("select region, v from base_env.air order by ts;"))
        .matches("(?s)region +v\n─+  ─+\n城东,\"甲\"  10\n城西 +∅\n\\(2 rows, \\d+ ms\\)\n");
    assertThat(run("\\timing\nselect count(*) as c from base_rows.numbers;"))
        .endsWith("c\n──────\n200000\n(1 rows)\n");
  }

  @Test
  void theFirstErrorEndsAScript() {
    assertThatThrownBy(() -> run("select 1 as a; select nope from base_env.air; select 3 as c;"))
        .hasMessageContaining("nope");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("a\n").doesNotContain("c\n");
  }

  @Test
  void anAnswerThatBreaksOffIsAnErrorWithItsReason() {
    String sql = "select n, 7 / (n - 200000) as q, 'a text that fills' as t from base_rows.numbers";
    for (ResultFormat format : ResultFormat.values()) {
      assertThatThrownBy(() -> run(format, Map.of(), sql))
          .as(format.name())
          .hasMessageContaining("division by zero");
      assertThat(out.size()).as(format.name()).isGreaterThan(1 << 15);
    }
  }

  @Test
  void namesAreParameters() throws Exception {
    assertThat(
            run(
                ResultFormat.CSV,
                Map.of("v", "9"),
                "\\set region 城东,\"甲\"\nselect v from base_env.air where region = :region and v > :v limit :v;"))
        .isEqualTo("v\r\n10\r\n");
  }

  @Test
  void theCatalogueIsDescribed() throws Exception {
    assertThat(run("\\dn")).contains("base_env ").contains("base_rows ");
    assertThat(run("\\d base_env")).contains("air").doesNotContain("numbers");
    assertThat(run("\\dt base_env.*")).contains("air").doesNotContain("numbers");
    assertThat(run("\\dt Num*")).contains("numbers").doesNotContain("air");
    assertThat(run("\\d numbers"))
        .startsWith("base_rows.numbers (base table)\n")
        .containsPattern("n +INTEGER");
    assertThatThrownBy(() -> run("\\d nothing")).hasMessageContaining("'nothing'");
    assertThatThrownBy(() -> run("\\nothing")).hasMessageContaining("\\? tells");
    assertThat(run("\\?")).contains("\\explain");
  }

  @Test
  void plansAreDrawn() throws Exception {
    String sql = "select a.region from base_env.air a join base_rows.numbers b on a.v = b.n";
    assertThat(run("\\explain analyze " + sql + ";"))
        .startsWith("result: DuckDB")
        .containsPattern("(?m)^│  └─ f\\d+: base_env, .*; was 2 rows")
        .containsPattern("(?m)^└─ f\\d+: base_rows, .*, keys of s\\d+ \\(1\\); was 1 rows")
        .containsPattern("(?m)^   └─ s\\d+, as above$")
        .containsPattern("planned in .* ms\n$");
    assertThat(run("explain " + sql + ";")).contains("-- f").doesNotContain("───");
  }

  @Test
  void resultsGoToFilesAndStatementsComeFromThem() throws Exception {
    Path script = folder.resolve("script.sql");
    Path result = folder.resolve("result.md");
    Files.writeString(script, "select '甲' as 字;\n");
    assertThat(
            run("\\format markdown\n\\o %s\n\\i %s\n\\o\nselect 1 as a;".formatted(result, script)))
        .isEqualTo("| a |\n|---|\n| 1 |\n");
    assertThat(result).hasContent("| 字 |\n|---|\n| 甲 |\n");
    Files.writeString(script, "\\i " + script);
    assertThatThrownBy(() -> run("\\i " + script)).hasMessageContaining("does one read itself");
    assertThat(run("\\x\nselect 1 as a;")).contains("─── 1 ───\na  1\n");
  }

  @Test
  void theLogIsRead() throws Exception {
    run("select 'looked for later' as a;");
    String found = run("\\log LATER' AS A");
    while (!found.contains("looked for")) {
      found = run("\\log LATER' AS A");
    }
    assertThat(found).contains("terminal").contains("done");
    String id = found.lines().skip(2).findFirst().orElseThrow().substring(0, 36);
    assertThat(run("\\log " + id)).contains("planHash: ").contains("user: ana");
    assertThat(run("\\queries")).startsWith("id ");
    assertThat(run("\\cancel " + id)).isEqualTo("no such query of yours runs\n");
  }

  /** What was shown; wakes who waits for more. */
  private static final class Screen extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      notifyAll();
    }

    @Override
    public synchronized void write(int b) {
      super.write(b);
      notifyAll();
    }
  }

  /** Someone at a terminal whose keys and screen the test has. */
  private static final class Typist implements AutoCloseable {
    private final PipedOutputStream keys = new PipedOutputStream();
    private final Screen screen = new Screen();
    private final Terminal terminal;
    private final CompletableFuture<Void> session;

    Typist(Path history) throws IOException {
      terminal =
          new ExternalTerminal(
              "test", "xterm", new PipedInputStream(keys, 1 << 16), screen, StandardCharsets.UTF_8);
      PrintStream messages = new PrintStream(terminal.output(), true, StandardCharsets.UTF_8);
      SqlShell shell =
          new SqlShell(
              SqlShellIT::request,
              ResultFormat.TABLE,
              Map.of(),
              Output.of(terminal.output()),
              messages,
              true);
      session =
          CompletableFuture.runAsync(
              () -> {
                try {
                  shell.interact(terminal, history);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
    }

    void type(String text) throws IOException {
      keys.write(text.getBytes(StandardCharsets.UTF_8));
      keys.flush();
    }

    /** Waits until the screen has shown a text since a moment. */
    int await(String text, int since) throws InterruptedException {
      long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!session.isDone() && System.nanoTime() < patience) {
        synchronized (screen) {
          int found = screen.toString(StandardCharsets.UTF_8).indexOf(text, since);
          if (found >= 0) {
            return found + text.length();
          }
          screen.wait(1000);
        }
      }
      throw new AssertionError(
          "no '%s' on: %s".formatted(text, screen.toString(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws Exception {
      keys.close();
      terminal.close();
    }
  }

  @Test
  void someoneTypesCancelsAndGoesOn() throws Exception {
    Path history = folder.resolve("state/sql_history");
    try (Typist typist = new Typist(history)) {
      int at = typist.await("chengmai> ", 0);
      typist.type("select 40 +\r");
      at = typist.await("      -> ", at);
      typist.type(" 2 as 答;\r");
      at = typist.await("42", at);
      at = typist.await("chengmai> ", at);
      typist.type(LONG + "\r");
      at = typist.await("base_rows: ", at);
      typist.type("\u0003");
      at = typist.await("cancelled", at);
      at = typist.await("chengmai> ", at);
      typist.type("select 'left'");
      at = typist.await("left'", at);
      typist.type("\u0003");
      at = typist.await("chengmai> ", at);
      typist.type("select 7 * 191 as n;\r");
      at = typist.await("1337", at);
      typist.await("chengmai> ", at);
      typist.type("\u0004");
      typist.session.get(30, TimeUnit.SECONDS);
    }
    assertThat(history).content().contains("select 7 * 191 as n;");
    assertThat(Files.getPosixFilePermissions(history))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void namesAreCompleted() throws Exception {
    SqlCompleter completer = new SqlCompleter(new SqlClient(SqlShellIT::request));
    completer.refreshLater();
    assertThat(completer.candidates("select * from base_", "base_"))
        .contains("base_env.", "base_env.air", "base_rows.", "base_rows.numbers")
        .allMatch(name -> name.startsWith("base_"));
    assertThat(completer.candidates("select REG from base_env.air", "REG")).contains("region");
    assertThat(completer.candidates("select reg from base_rows.numbers", "reg"))
        .doesNotContain("region");
    assertThat(completer.candidates("sel", "sel")).containsExactly("select");
    assertThat(completer.candidates("select time_f", "time_f")).containsExactly("time_floor(");
    assertThat(completer.candidates("select CURRENT_D", "CURRENT_D"))
        .containsExactly("CURRENT_DATE");
    assertThat(completer.candidates("select row_n", "row_n")).containsExactly("row_number()");
    assertThat(completer.candidates("\\d base_r", "base_r"))
        .containsExactly("base_rows.", "base_rows.numbers");
    assertThat(completer.candidates("\\form", "\\form")).containsExactly("\\format");
    assertThat(completer.candidates("\\format v", "v")).containsExactly("vertical");
    try (Typist typist = new Typist(folder.resolve("other/sql_history"))) {
      int at = typist.await("chengmai> ", 0);
      typist.type("\\d base_ro\t");
      at = typist.await("base_rows.", at);
      typist.type("numbers\r");
      at = typist.await("INTEGER", at);
      typist.type("\\q\r");
      typist.session.get(30, TimeUnit.SECONDS);
      assertThat(at).isPositive();
    }
  }
}
