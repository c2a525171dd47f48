package org.chengmai.engine.sql;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.indicators.Table;
import org.jspecify.annotations.Nullable;

/**
 * An EXPLAIN, in PostgreSQL's form ({@code EXPLAIN [ANALYZE] query}, {@code EXPLAIN (ANALYZE,
 * FORMAT JSON) query}) or in the standard's ({@code EXPLAIN PLAN FOR query}). Immutable.
 *
 * @param isAnalyze whether the query runs and its real figures are shown
 * @param isJson whether the answer is one JSON document
 * @param query with blanks before it, so that positions in error messages stay right
 */
record Explain(boolean isAnalyze, boolean isJson, String query) {
  /** Of what it answers. */
  static final List<Table.Column> COLUMNS = List.of(new Table.Column("plan", "VARCHAR"));

  private static final Pattern FORM =
      Pattern.compile(
          "\\s*explain\\b\\s*(?:\\(([^)]*)\\)\\s*)?(analyze\\b\\s*)?(?:plan\\s+for\\b)?",
          Pattern.CASE_INSENSITIVE);

  /** Null for a text that explains nothing. */
  static @Nullable Explain of(String sql) {
    Matcher form = FORM.matcher(sql);
    if (!form.lookingAt()) {
      return null;
    }
    String options = form.group(1) == null ? "" : form.group(1).toLowerCase(Locale.ROOT);
    return new Explain(
        form.group(2) != null
            || options.contains("analyze") && !options.matches(".*analyze\\s+(off|false).*"),
        options.contains("json"),
        form.group().replaceAll("[^\\n]", " ") + sql.substring(form.end()));
  }
}
