package org.chengmai.engine.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.chengmai.engine.sql.SqlScript;
import org.chengmai.indicators.ChengmaiException;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/** Someone at a terminal: a line editor with history and completion around a session. */
final class Console {
  private static final String PROMPT = "chengmai> ";

  private final SqlShell shell;
  private final SqlClient client;
  private final Terminal terminal;
  private final PrintStream messages;

  Console(SqlShell shell, SqlClient client, Terminal terminal, PrintStream messages) {
    this.shell = shell;
    this.client = client;
    this.terminal = terminal;
    this.messages = messages;
  }

  void run(Path history) throws InterruptedException {
    SqlCompleter completer = new SqlCompleter(client);
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("chengmai")
            .parser(new Statements())
            .completer(completer)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "      -> ")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.CASE_INSENSITIVE, true);
    if (isKept(history)) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    LineReader reader = builder.build();
    completer.refreshLater();
    messages.println("\\? tells what there is 帮助; a statement ends with ; 语句以分号结束");
    while (!shell.isOver()) {
      try {
        run(reader.readLine(PROMPT), completer);
      } catch (UserInterruptException e) {
        // Ctrl-C before the end of a statement: it is not run
      } catch (EndOfFileException e) {
        return;
      }
    }
  }

  /** Readable by its owner only: statements may hold what is nobody else's business. */
  private boolean isKept(Path history) {
    try {
      Files.createDirectories(history.toAbsolutePath().getParent());
      if (!Files.exists(history)) {
        Files.createFile(
            history,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      return true;
    } catch (IOException e) {
      messages.println("what is typed is not remembered: " + e.getMessage());
      return false;
    }
  }

  private void run(String text, SqlCompleter completer) throws InterruptedException {
    Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, signal -> shell.cancel());
    try {
      shell.run(new BufferedReader(new StringReader(text)));
    } catch (ChengmaiException e) {
      messages.println(e.getMessage());
      completer.refreshLater();
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
      messages.flush();
    }
  }

  /** Input goes on over several lines until a semicolon ends it; commands are one line. */
  private static final class Statements implements Parser {
    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE
          && !line.startsWith("\\")
          && SqlScript.of(line).rest() != null) {
        throw new EOFError(-1, cursor, "the statement goes on");
      }
      return SqlWord.at(line, cursor);
    }
  }
}
