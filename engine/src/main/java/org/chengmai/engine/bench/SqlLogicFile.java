package org.chengmai.engine.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One file of the corpus of sql-logic-test, in PostgreSQL's flavour: what is for others is left
 * out. Queries that PostgreSQL is spared for want of {@code AS} before a column's name stay, for we
 * need none.
 *
 * @param name within the corpus, such as {@code random/expr/slt_good_0.test}
 */
record SqlLogicFile(String name, List<Step> steps) {
  /** What a file says to do next. */
  sealed interface Step {}

  /** DDL or DML that must succeed. */
  record Statement(int line, String sql) implements Step {}

  /**
   * A query and what it must answer.
   *
   * @param types one letter a column: {@code I} integer, {@code R} three digits after the point,
   *     {@code T} text
   * @param order {@code nosort}, {@code rowsort} or {@code valuesort}
   * @param expected the values, or {@code N values hashing to MD5}
   */
  record Query(int line, String sql, String types, String order, List<String> expected)
      implements Step {}

  SqlLogicFile {
    steps = List.copyOf(steps);
  }

  static SqlLogicFile read(String name, BufferedReader reader) throws IOException {
    List<Step> steps = new ArrayList<>();
    List<String> block = new ArrayList<>();
    int number = 0;
    boolean isOpen = true;
    for (String line = reader.readLine(); isOpen; line = reader.readLine()) {
      number++;
      if (line != null && !line.isBlank()) {
        block.add(line.stripTrailing());
        continue;
      }
      isOpen = line != null && !halts(block);
      if (isOpen || line == null) {
        add(block, number - block.size(), steps);
      }
      block.clear();
    }
    return new SqlLogicFile(name, steps);
  }

  private static boolean halts(List<String> block) {
    return block.contains("halt") && isOurs(block);
  }

  private static boolean isOurs(List<String> block) {
    return block.stream()
        .allMatch(
            line ->
                line.startsWith("onlyif")
                    ? line.startsWith("onlyif postgresql")
                    : !line.startsWith("skipif postgresql") || line.contains("requires AS"));
  }

  private static void add(List<String> block, int line, List<Step> steps) {
    if (!isOurs(block)) {
      return;
    }
    int head = 0;
    while (head < block.size()
        && !block.get(head).startsWith("statement ok")
        && !block.get(head).startsWith("query")) {
      head++;
    }
    if (head == block.size()) {
      return;
    }
    List<String> body = block.subList(head + 1, block.size());
    if (block.get(head).startsWith("statement")) {
      steps.add(new Statement(line + head, String.join("\n", body)));
      return;
    }
    String[] words = block.get(head).split(" +");
    int rule = body.indexOf("----");
    // the corpus has one file that ends within a query
    if (rule < 0) {
      return;
    }
    steps.add(
        new Query(
            line + head,
            String.join("\n", body.subList(0, rule)),
            words[1],
            words[2],
            List.copyOf(body.subList(rule + 1, body.size()))));
  }
}
