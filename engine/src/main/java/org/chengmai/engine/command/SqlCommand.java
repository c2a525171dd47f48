package org.chengmai.engine.command;

import com.google.common.base.Throwables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.chengmai.engine.shell.Output;
import org.chengmai.engine.shell.ResultFormat;
import org.chengmai.engine.shell.SqlShell;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs queries on the running engine: given ones, those of a file or a pipe, or as one types. */
@Command(
    name = "sql",
    description = {
      "Run federated SQL on the running engine.",
      "Without SQL and at a terminal it reads statements as you type them (\\? lists its commands); otherwise from standard input."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Several statements are parted by semicolons; the first that fails ends the run with exit code 1.",
      "",
      "Examples:",
      "  ./chengmai sql",
      "  ./chengmai sql \"SELECT code, region, val FROM indicators.vital_signs ORDER BY ts DESC LIMIT 10\"",
      "  ./chengmai sql -p since=2026-03-01 --format csv \"SELECT * FROM operations.query_run WHERE started_at >= :since\"",
      "  ./chengmai sql -f report.sql",
      "  echo 'select 1' | ./chengmai sql --format json"
    })
final class SqlCommand implements Callable<Integer> {
  /** As a shell tells of a process that wrote to a pipe that nobody read. */
  private static final int PIPE_LEFT = 128 + 13;

  /** The text itself or the file that holds it. */
  static final class Query {
    @Parameters(index = "0", paramLabel = "SQL", description = "Statements.")
    @Nullable String text;

    @Option(
        names = {"-f", "--file"},
        description = "A file with statements, UTF-8.")
    @Nullable Path file;
  }

  @ArgGroup(multiplicity = "0..1")
  private @Nullable Query query;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private ResultFormat format = ResultFormat.TABLE;

  @Option(
      names = {"-p", "--parameter"},
      paramLabel = "NAME=VALUE",
      description = "A value for :NAME in the SQL; may be given several times.")
  private Map<String, String> parameters = new TreeMap<>();

  @Mixin private EngineAddress engine = new EngineAddress();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (query == null && Boolean.getBoolean("chengmai.interactive")) {
      interact();
      return 0;
    }
    try (Output out = Output.standard();
        BufferedReader text = new BufferedReader(text())) {
      new SqlShell(
              engine::request,
              format,
              parameters,
              out,
              System.err,
              Boolean.getBoolean("chengmai.terminal"))
          .run(text);
      return 0;
    } catch (UncheckedIOException e) {
      if (Output.isLeft(e)) {
        return PIPE_LEFT;
      }
      throw new ChengmaiException(
          ErrorCode.EXTERNAL,
          "the output cannot be written: " + Throwables.getRootCause(e).getMessage(),
          e);
    }
  }

  private Reader text() throws IOException {
    if (query == null) {
      return new InputStreamReader(System.in, StandardCharsets.UTF_8);
    }
    return query.file == null
        ? new StringReader(String.valueOf(query.text))
        : Files.newBufferedReader(query.file);
  }

  private void interact() throws IOException, InterruptedException {
    try (Terminal terminal =
        TerminalBuilder.builder()
            .name("chengmai")
            .encoding(StandardCharsets.UTF_8)
            .jansi(false)
            .build()) {
      new SqlShell(
              engine::request,
              format,
              parameters,
              Output.of(terminal.output()),
              new PrintStream(terminal.output(), true, StandardCharsets.UTF_8),
              true)
          .interact(terminal, history());
    }
  }

  /** Where the XDG base directory specification wants what programs remember. */
  private static Path history() {
    String state = System.getenv("XDG_STATE_HOME");
    return (state == null || state.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(state))
        .resolve("chengmai")
        .resolve("sql_history");
  }
}
