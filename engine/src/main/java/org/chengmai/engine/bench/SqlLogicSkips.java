package org.chengmai.engine.bench;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What of the corpus is SQLite's own, with the reason why it is no question to us. */
final class SqlLogicSkips {
  private static final Map<Pattern, String> REASONS =
      Map.of(
          Pattern.compile("\\bIN *\\( *\\)"),
          "a list without members",
          Pattern.compile("('hello'|x'[0-9]+') (NOT )?IN"),
          "a text or bytes among integers");

  /** In the files under {@code index}, two of the columns are texts. */
  private static final Pattern NUMBER_OF_TEXT =
      Pattern.compile("[-+*/][-+( ]*col[25]\\b|\\bcol[25] *\\)* *[-+*/]");

  private SqlLogicSkips() {}

  /** Why a query is not run, or null. */
  static @Nullable String reason(String file, String sql) {
    if (file.startsWith("index/") && NUMBER_OF_TEXT.matcher(sql).find()) {
      return "a sign before a text";
    }
    for (Map.Entry<Pattern, String> skip : REASONS.entrySet()) {
      if (skip.getKey().matcher(sql).find()) {
        return skip.getValue();
      }
    }
    return null;
  }
}
