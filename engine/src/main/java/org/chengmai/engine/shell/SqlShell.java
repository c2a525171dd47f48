package org.chengmai.engine.shell;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.chengmai.engine.sql.SqlScript;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/**
 * A session of SQL on an engine: runs statements and backslash commands, from a terminal, a file or
 * a pipe. One thread runs, any may cancel.
 */
public final class SqlShell {
  private static final Pattern EXPLAIN =
      Pattern.compile("\\s*explain\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final SqlClient client;
  private final PrintStream messages;
  private final ProgressLines progress;
  private final BackslashCommands commands;
  private final Map<String, String> variables = new TreeMap<>();
  private final Output standard;
  private Output out;
  private ResultFormat format;
  private boolean isTimed = true;
  private boolean isOver;
  private String last = "";

  /**
   * @param requests makes a request for a path of the engine
   * @param variables that statements may name as {@code :name}
   * @param out for results
   * @param messages for progress and what goes wrong
   * @param showsProgress whether somebody sees {@code messages} at once
   */
  public SqlShell(
      Function<String, HttpRequest.Builder> requests,
      ResultFormat format,
      Map<String, String> variables,
      Output out,
      PrintStream messages,
      boolean showsProgress) {
    this.client = new SqlClient(requests);
    this.format = format;
    this.variables.putAll(variables);
    this.standard = out;
    this.out = out;
    this.messages = messages;
    this.progress = new ProgressLines(messages, showsProgress);
    this.commands = new BackslashCommands(this, client);
  }

  /**
   * Reads and runs what someone types, until he ends it.
   *
   * @param history the file of what was typed before
   */
  public void interact(Terminal terminal, Path history) throws InterruptedException {
    new Console(this, client, terminal, messages).run(history);
  }

  /**
   * Runs all statements and commands of a text; one at its end needs no semicolon.
   *
   * @throws ChengmaiException of the first one that fails; those after it do not run
   */
  public void run(BufferedReader text) throws InterruptedException {
    StringBuilder open = new StringBuilder();
    for (String line = line(text); line != null && !isOver; line = line(text)) {
      if (open.isEmpty() && line.startsWith("\\")) {
        commands.run(line);
      } else {
        SqlScript script = SqlScript.of(open.append(line).append('\n').toString());
        open.setLength(0);
        for (SqlScript.Statement statement : script.ended()) {
          execute(statement.sql().strip());
        }
        if (script.rest() != null) {
          open.append(script.rest().sql());
        }
      }
    }
    if (!open.isEmpty() && !isOver) {
      execute(open.toString().strip());
    }
    out.flush();
  }

  private static @Nullable String line(BufferedReader text) {
    try {
      return text.readLine();
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the statements cannot be read: " + e.getMessage(), e);
    }
  }

  private void execute(String sql) throws InterruptedException {
    last = sql;
    Variables.Bound bound = Variables.bind(sql, variables);
    try (SqlClient.Answer answer =
        client.run(bound.sql(), bound.values(), format, progress::show)) {
      progress.clear();
      try {
        if (format.isDrawn()) {
          draw(answer, EXPLAIN.matcher(sql).matches());
        } else {
          pass(answer.body());
        }
      } catch (IOException e) {
        String reason = client.reason(answer.id());
        throw new ChengmaiException(
            ErrorCode.EXTERNAL,
            reason.isEmpty() ? "the answer broke off: " + e.getMessage() : reason,
            e);
      } finally {
        out.flush();
      }
    } catch (IOException e) {
      // the answer is read; nothing is lost with its connection
    } finally {
      progress.clear();
    }
  }

  private void draw(SqlClient.Answer answer, boolean isPlan) throws IOException {
    try (ResultRows rows = new ResultRows(answer.body())) {
      if (isPlan) {
        for (var line = rows.next(); line != null; line = rows.next()) {
          out.print(line.get(0) + '\n');
        }
        return;
      }
      long count = new ResultPrinter(out).print(rows, format);
      if (format != ResultFormat.MARKDOWN) {
        out.print(
            isTimed
                ? "(%d rows, %d ms)\n".formatted(count, rows.elapsedMillis())
                : "(%d rows)\n".formatted(count));
      }
    }
  }

  private void pass(InputStream body) throws IOException {
    byte[] part = new byte[1 << 16];
    for (int length = body.read(part); length >= 0; length = body.read(part)) {
      out.write(part, length);
      if (body.available() == 0) {
        out.flush();
      }
    }
    if (format == ResultFormat.JSON) {
      out.print("\n");
    }
  }

  /** The rows of a query of our own, as one document. */
  JsonNode ask(String sql) throws InterruptedException {
    Variables.Bound bound = Variables.bind(sql, variables);
    try (SqlClient.Answer answer =
        client.run(bound.sql(), bound.values(), ResultFormat.JSON, progress::show)) {
      return Json.mapper().readTree(answer.body());
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.EXTERNAL, "the answer broke off: " + e.getMessage(), e);
    } finally {
      progress.clear();
    }
  }

  /** Stops the query that runs, if one does. */
  void cancel() {
    client.cancel();
  }

  /** Prints to where results go. */
  void print(String text) {
    out.print(text);
    out.flush();
  }

  /** Where results go from now on; null for standard output. */
  void redirect(@Nullable Output file) {
    if (out != standard) {
      out.close();
    }
    out = file == null ? standard : file;
  }

  Map<String, String> variables() {
    return variables;
  }

  /** The statement that ran last; empty before the first. */
  String last() {
    return last;
  }

  ResultFormat format() {
    return format;
  }

  void setFormat(ResultFormat wanted) {
    format = wanted;
  }

  void setFormat(String name) {
    try {
      format = ResultFormat.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "format '%s': table, vertical, markdown, csv, json or ndjson".formatted(name),
          e);
    }
  }

  /** Whether times are told after results; answers the new state. */
  boolean toggleTiming() {
    isTimed = !isTimed;
    return isTimed;
  }

  void end() {
    isOver = true;
  }

  boolean isOver() {
    return isOver;
  }
}
