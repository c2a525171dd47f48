package org.chengmai.engine.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.yaml.YamlProblems;

/**
 * A library's views: the file {@code <library>.sql} with {@code CREATE VIEW name AS SELECT …;}
 * statements.
 *
 * @param name of the file, as problems cite it
 */
public record ViewFile(String library, String name, String text) {
  private static final Pattern STATEMENT_END =
      Pattern.compile("'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\\n]*|/\\*.*?\\*/|;", Pattern.DOTALL);
  private static final Pattern VIEW =
      Pattern.compile(
          "(?:\\s|--[^\\n]*(?:\\n|$)|/\\*.*?\\*/)*create\\s+(?:or\\s+replace\\s+)?view\\s+(\"[^\"]+\"|\\w+)\\s+as\\b(.*)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern NOTHING =
      Pattern.compile("(?:\\s|--[^\\n]*(?:\\n|$)|/\\*.*?\\*/)*", Pattern.DOTALL);

  /** Reads a file; its name without {@code .sql} is the library. */
  public static ViewFile read(Path file) {
    try {
      String name = file.getFileName().toString();
      return new ViewFile(name.replaceFirst("\\.sql$", ""), name, Files.readString(file));
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "view file %s cannot be read: %s".formatted(file, e.getMessage()),
          e);
    }
  }

  /**
   * One view.
   *
   * @param sql its query, led by as many empty lines as stand before it in the file, so that
   *     positions in messages are the file's
   */
  record View(String name, int line, String sql) {}

  List<View> views(YamlProblems problems) {
    List<View> views = new ArrayList<>();
    int start = 0;
    Matcher end = STATEMENT_END.matcher(text);
    while (end.find()) {
      if (end.group().equals(";")) {
        view(start, end.start(), views, problems);
        start = end.end();
      }
    }
    view(start, text.length(), views, problems);
    return views;
  }

  private void view(int start, int end, List<View> views, YamlProblems problems) {
    String statement = text.substring(start, end);
    if (NOTHING.matcher(statement).matches()) {
      return;
    }
    Matcher view = VIEW.matcher(statement);
    if (!view.matches()) {
      int first = start + statement.length() - statement.stripLeading().length();
      problems.add(
          line(first), "", "a view file holds CREATE VIEW name AS SELECT …; statements only");
      return;
    }
    int body = start + view.start(2);
    int column = body - text.lastIndexOf('\n', body - 1) - 1;
    String name =
        view.group(1).startsWith("\"")
            ? view.group(1).substring(1, view.group(1).length() - 1)
            : view.group(1);
    views.add(
        new View(
            name,
            line(start + view.start(1)),
            "\n".repeat(line(body) - 1) + " ".repeat(column) + view.group(2)));
  }

  private int line(int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  /** A file that comes with the engine, whose library has its name. */
  static ViewFile shipped(String name) {
    try (InputStream file = ViewFile.class.getResourceAsStream(name)) {
      return new ViewFile(
          name.replace(".sql", ""),
          name,
          new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
