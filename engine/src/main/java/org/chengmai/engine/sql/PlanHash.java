package org.chengmai.engine.sql;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A name for what a query does, whatever its literals: a hash of each step's place and SQL with
 * literals taken out, and with lists of them as one. Queries that differ in nothing else have the
 * same; a query that is planned anew in another way gets another.
 */
final class PlanHash {
  /** Quoted names stay; so do digits within names. */
  private static final Pattern LITERAL =
      Pattern.compile("(\"(?:[^\"]|\"\")*\"|`[^`]*`)|'(?:[^']|'')*'|\\b\\d+(?:\\.\\d+)?\\b");

  private static final Pattern LIST = Pattern.compile("\\?(?:\\s*,\\s*\\?)+");

  private PlanHash() {}

  /** Sixteen hexadecimal digits. */
  static String of(Plan plan) {
    String text =
        plan instanceof EnumerablePlan
            ? plan.explain()
            : plan.report().stream()
                .map(report -> report.where() + '\n' + report.step().sql())
                .collect(Collectors.joining("\n"));
    return Hashing.sha256()
        .hashString(withoutLiterals(text), StandardCharsets.UTF_8)
        .toString()
        .substring(0, 16);
  }

  static String withoutLiterals(String sql) {
    String open =
        LITERAL
            .matcher(sql)
            .replaceAll(
                match -> match.group(1) == null ? "?" : Matcher.quoteReplacement(match.group(1)));
    return LIST.matcher(open).replaceAll("?");
  }
}
