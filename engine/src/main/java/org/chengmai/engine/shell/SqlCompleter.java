package org.chengmai.engine.shell;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.json.Json;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * What may stand at the cursor: keywords, functions, libraries, their tables, and the columns of
 * the tables that the statement names. Safe for several threads.
 */
final class SqlCompleter implements Completer {
  private static final List<String> WORDS =
      List.of(
          ("SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT OFFSET JOIN LEFT RIGHT FULL CROSS INNER ON USING AS AND OR NOT IN IS NULL EXISTS BETWEEN LIKE"
                  + " CASE WHEN THEN ELSE END UNION INTERSECT EXCEPT ALL DISTINCT WITH VALUES ASC DESC NULLS FIRST LAST TRUE FALSE INTERVAL DATE TIMESTAMP"
                  + " OVER PARTITION ROWS FILTER ROLLUP CUBE EXPLAIN ANALYZE CAST( COALESCE( NULLIF( COUNT( SUM( AVG( MIN( MAX( STDDEV_SAMP( VAR_SAMP("
                  + " ROW_NUMBER() RANK() DENSE_RANK() NTILE( LAG( LEAD( FIRST_VALUE( LAST_VALUE( UPPER( LOWER( CHAR_LENGTH( SUBSTRING( TRIM( POSITION("
                  + " REPLACE( ABS( MOD( ROUND( FLOOR( CEIL( POWER( SQRT( EXP( LN( EXTRACT( TIME_FLOOR( DATE_BIN( NOW() CURRENT_DATE")
              .split(" "));

  private final SqlClient client;
  private volatile CompletableFuture<JsonNode> libraries =
      CompletableFuture.completedFuture(Json.mapper().createArrayNode());

  SqlCompleter(SqlClient client) {
    this.client = client;
  }

  /** Reads the catalogue again, while the user goes on; who completes waits a little for it. */
  void refreshLater() {
    JsonNode known = libraries.getNow(Json.mapper().createArrayNode());
    libraries =
        CompletableFuture.supplyAsync(this::read).completeOnTimeout(known, 5, TimeUnit.SECONDS);
  }

  /** Without it, only keywords are completed. */
  private JsonNode read() {
    try {
      return client.get("/api/v1/catalog").path("libraries");
    } catch (ChengmaiException e) {
      return Json.mapper().createArrayNode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Json.mapper().createArrayNode();
    }
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    candidates(line.line(), line.word())
        .forEach(
            name ->
                candidates.add(
                    new Candidate(
                        name,
                        name,
                        null,
                        null,
                        null,
                        null,
                        !name.endsWith(".") && !name.endsWith("("))));
  }

  /** Names that begin as the word does, in any case of letters. */
  Set<String> candidates(String line, String word) {
    Set<String> names = new TreeSet<>();
    if (line.startsWith("\\format")) {
      for (ResultFormat format : ResultFormat.values()) {
        if (format != ResultFormat.ARROW) {
          names.add(format.name().toLowerCase(Locale.ROOT));
        }
      }
    } else if (word.startsWith("\\")) {
      names.addAll(BackslashCommands.NAMES);
    } else {
      boolean isCommand = line.startsWith("\\");
      addNames(names, line.toLowerCase(Locale.ROOT), isCommand);
      if (!isCommand && !word.isEmpty()) {
        boolean isLower = word.equals(word.toLowerCase(Locale.ROOT));
        WORDS.forEach(known -> names.add(isLower ? known.toLowerCase(Locale.ROOT) : known));
      }
    }
    String start = word.toLowerCase(Locale.ROOT);
    names.removeIf(name -> !name.toLowerCase(Locale.ROOT).startsWith(start));
    return names;
  }

  private void addNames(Set<String> names, String line, boolean isCommand) {
    for (JsonNode library : libraries.join()) {
      String of = library.path("name").asText();
      names.add(of + ".");
      for (JsonNode table : library.path("tables")) {
        String name = of + "." + table.path("name").asText();
        names.add(name);
        if (!isCommand && line.contains(name.toLowerCase(Locale.ROOT))) {
          table.path("columns").forEach(column -> names.add(column.path("name").asText()));
        }
      }
    }
  }
}
