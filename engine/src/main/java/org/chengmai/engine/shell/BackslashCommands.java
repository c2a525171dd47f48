package org.chengmai.engine.shell;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;

/** What begins with a backslash. Used by one thread. */
final class BackslashCommands {
  /** The commands, as they are completed. */
  static final List<String> NAMES =
      List.of(
          "\\?",
          "\\cancel",
          "\\d",
          "\\dn",
          "\\e",
          "\\explain",
          "\\format",
          "\\i",
          "\\l",
          "\\log",
          "\\o",
          "\\q",
          "\\queries",
          "\\set",
          "\\timing",
          "\\unset",
          "\\x");

  private static final String HELP =
      """
      \\d [NAME]            tables, those of a library (or LIB.A*), a table's columns  表与列
      \\dn, \\l              libraries                                                  库
      \\explain [analyze] [SQL]  the plan as a tree; of the last statement if none      执行计划
      \\format FORMAT       table, vertical, markdown, csv, json, ndjson               输出格式
      \\x                   rows as blocks of lines, or as a table again               纵向显示
      \\timing              whether times are told                                     计时
      \\o [FILE]            results into a file; back to the terminal                  输出到文件
      \\i FILE              statements of a file                                       执行文件
      \\e                   edit the last statement with $EDITOR and run it            编辑
      \\set [NAME VALUE]    a value for :NAME in statements; all of them               参数
      \\unset NAME          forget it
      \\queries             queries that wait or run                                   运行中的查询
      \\cancel ID           stop one                                                   取消查询
      \\log [TEXT | ID]     the newest queries that are over; one with its plan        查询日志
      \\q                   leave (or Ctrl-D)                                          退出
      A statement ends with a semicolon. Ctrl-C cancels what runs.                    语句以分号结束
      """;

  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int DEEPEST = 16;

  private final SqlShell shell;
  private final SqlClient client;

  /** How many files that run others are open. */
  private int depth;

  BackslashCommands(SqlShell shell, SqlClient client) {
    this.shell = shell;
    this.client = client;
  }

  void run(String line) throws InterruptedException {
    String[] parts = line.strip().split("\\s+", 2);
    String rest = parts.length < 2 ? "" : parts[1].strip().replaceAll("\\s*;$", "");
    switch (parts[0]) {
      case "\\?" -> shell.print(HELP);
      case "\\q" -> shell.end();
      case "\\d", "\\dt" -> describe(rest);
      case "\\dn", "\\l" -> libraries();
      case "\\x" ->
          shell.setFormat(
              shell.format() == ResultFormat.VERTICAL ? ResultFormat.TABLE : ResultFormat.VERTICAL);
      case "\\timing" ->
          shell.print(shell.toggleTiming() ? "times are told\n" : "times are not told\n");
      case "\\format" -> shell.setFormat(rest);
      case "\\o" -> redirect(rest);
      case "\\i" -> include(Path.of(rest));
      case "\\e" -> edit();
      case "\\set" -> set(rest);
      case "\\unset" -> shell.variables().remove(rest);
      case "\\explain" -> explain(rest);
      case "\\queries" -> queries();
      case "\\cancel" ->
          shell.print(client.cancel(rest) ? "cancelled\n" : "no such query of yours runs\n");
      case "\\log" -> log(rest);
      default ->
          throw new ChengmaiException(
              ErrorCode.INVALID_INPUT,
              "no command %s; \\? tells what there is".formatted(parts[0]));
    }
  }

  private JsonNode catalogue() throws InterruptedException {
    return client.get("/api/v1/catalog").path("libraries");
  }

  private void libraries() throws InterruptedException {
    List<List<String>> lines = new ArrayList<>(List.of(List.of("library", "tables")));
    for (JsonNode library : catalogue()) {
      lines.add(List.of(text(library, "name"), String.valueOf(library.path("tables").size())));
    }
    shell.print(TextTable.text(lines));
  }

  private void describe(String name) throws InterruptedException {
    List<List<String>> tables =
        new ArrayList<>(List.of(List.of("library", "table", "type", "rows")));
    int described = 0;
    boolean isPattern = name.contains("*");
    Predicate<String> wanted =
        Pattern.compile("\\Q" + name.replace("*", "\\E.*\\Q") + "\\E", Pattern.CASE_INSENSITIVE)
            .asMatchPredicate();
    for (JsonNode library : catalogue()) {
      String of = text(library, "name");
      for (JsonNode table : library.path("tables")) {
        String own = text(table, "name");
        boolean isNamed = wanted.test(own) || wanted.test(of + "." + own);
        if (name.isEmpty() || wanted.test(of) || isPattern && isNamed) {
          tables.add(List.of(of, own, text(table, "type"), text(table, "rows")));
        } else if (isNamed) {
          describe(of + "." + own, table);
          described++;
        }
      }
    }
    if (tables.size() > 1) {
      shell.print(TextTable.text(tables));
    } else if (described == 0) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND, "no library and no table is named '%s'".formatted(name));
    }
  }

  private void describe(String name, JsonNode table) {
    List<List<String>> lines =
        new ArrayList<>(List.of(List.of("column", "type", "null", "distinct")));
    for (JsonNode column : table.path("columns")) {
      lines.add(
          List.of(
              text(column, "name"),
              text(column, "type"),
              column.path("nullable").asBoolean() ? "" : "not null",
              text(column, "distinct")));
    }
    shell.print(name + " (" + text(table, "type").toLowerCase(Locale.ROOT) + ")\n");
    shell.print(TextTable.text(lines));
  }

  private static String text(JsonNode node, String field) {
    return ResultRows.visible(node.path(field).asText(""));
  }

  private void redirect(String file) {
    try {
      shell.redirect(file.isEmpty() ? null : Output.of(new FileOutputStream(file)));
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void include(Path file) throws InterruptedException {
    if (depth == DEEPEST) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "%s is read within %d files; does one read itself?".formatted(file, DEEPEST));
    }
    depth++;
    try (BufferedReader text = Files.newBufferedReader(file)) {
      shell.run(text);
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.NOT_FOUND, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
    } finally {
      depth--;
    }
  }

  private void edit() throws InterruptedException {
    try {
      Path file = Files.createTempFile("chengmai", ".sql");
      try {
        Files.writeString(file, shell.last());
        List<String> command = new ArrayList<>(List.of(editor().split("\\s+")));
        command.add(file.toString());
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
          throw new ChengmaiException(
              ErrorCode.INVALID_INPUT, "%s ended with an error".formatted(command.get(0)));
        }
        String text = Files.readString(file);
        shell.print(text.stripTrailing() + '\n');
        shell.run(new BufferedReader(new StringReader(text)));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the editor cannot be run: " + e.getMessage(), e);
    }
  }

  private static String editor() {
    String visual = System.getenv("VISUAL");
    String editor = visual == null ? System.getenv("EDITOR") : visual;
    return editor == null ? "vi" : editor;
  }

  private void set(String rest) {
    String[] pair = rest.split("\\s+", 2);
    if (pair.length == 2) {
      shell.variables().put(pair[0], pair[1]);
    } else if (rest.isEmpty()) {
      shell.variables().forEach((name, value) -> shell.print(name + " = " + value + '\n'));
    } else {
      throw new ChengmaiException(ErrorCode.INVALID_INPUT, "\\set NAME VALUE");
    }
  }

  private void explain(String rest) throws InterruptedException {
    boolean isAnalyze = rest.toLowerCase(Locale.ROOT).matches("analyze\\b.*");
    String given = isAnalyze ? rest.substring("analyze".length()).strip() : rest;
    String sql = given.isEmpty() ? shell.last() : given;
    if (sql.isEmpty()) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "\\explain SQL; nothing ran yet that could be explained");
    }
    JsonNode rows =
        shell
            .ask("EXPLAIN (%sFORMAT JSON) ".formatted(isAnalyze ? "ANALYZE, " : "") + sql)
            .path("rows");
    if (rows.path(0).path(0).asText().startsWith("{")) {
      shell.print(PlanTree.draw(Json.read(rows.path(0).path(0).asText(), JsonNode.class)));
    } else {
      rows.forEach(row -> shell.print(row.path(0).asText() + '\n'));
    }
  }

  private void queries() throws InterruptedException {
    List<List<String>> lines =
        new ArrayList<>(List.of(List.of("id", "user", "via", "state", "since", "rows", "sql")));
    for (JsonNode query : client.get("/api/v1/sql/queries").path("queries")) {
      lines.add(
          List.of(
              text(query, "id"),
              text(query, "user"),
              text(query, "via"),
              text(query, "state"),
              text(query, "since"),
              text(query, "rows"),
              beginning(text(query, "sql"))));
    }
    shell.print(TextTable.text(lines));
  }

  private void log(String what) throws InterruptedException {
    if (ID.matcher(what).matches()) {
      JsonNode entry = client.get("/api/v1/sql/log/" + what);
      entry
          .fields()
          .forEachRemaining(
              field ->
                  shell.print(
                      field.getKey()
                          + (field.getKey().equals("plan") ? ":\n" : ": ")
                          + (field.getValue().isContainerNode()
                              ? field.getValue().toString()
                              : field.getValue().asText())
                          + '\n'));
      return;
    }
    String path = "/api/v1/sql/log";
    List<List<String>> lines =
        new ArrayList<>(
            List.of(List.of("id", "user", "via", "started", "outcome", "rows", "ms", "sql")));
    for (JsonNode query :
        client
            .get(
                (what.isEmpty() ? path + "?" : SqlClient.path(path, "text", what) + "&")
                    + "limit=20")
            .path("queries")) {
      lines.add(
          List.of(
              text(query, "id"),
              text(query, "user"),
              text(query, "via"),
              text(query, "started"),
              text(query, "outcome"),
              text(query, "rows"),
              String.valueOf(query.path("planMillis").asLong() + query.path("runMillis").asLong()),
              beginning(text(query, "sql"))));
    }
    shell.print(TextTable.text(lines));
  }

  private static String beginning(String sql) {
    String line = sql.replaceAll("(?:\\\\n|\\s)+", " ");
    return line.length() > 60 ? line.substring(0, 59) + "…" : line;
  }
}
