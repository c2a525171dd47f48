package org.chengmai.engine.shell;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
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
  private static final Known NOTHING = new Known(Json.mapper().createArrayNode(), List.of());

  /**
   * What the engine has told.
   *
   * @param words keywords, types, and functions as their calls begin
   */
  private record Known(JsonNode libraries, List<String> words) {}

  private final SqlClient client;
  private volatile CompletableFuture<Known> known = CompletableFuture.completedFuture(NOTHING);

  SqlCompleter(SqlClient client) {
    this.client = client;
  }

  /**
   * Reads catalogue and words again, while the user goes on; who completes waits a little for it.
   */
  void refreshLater() {
    Known before = known.getNow(NOTHING);
    known =
        CompletableFuture.supplyAsync(this::read).completeOnTimeout(before, 5, TimeUnit.SECONDS);
  }

  /** Without it, only commands are completed. */
  private Known read() {
    try {
      JsonNode told = client.get("/api/v1/sql/words");
      List<String> words = new ArrayList<>(List.of("TRUE", "FALSE", "NULL"));
      told.path("keywords").forEach(word -> words.add(word.asText()));
      told.path("types").forEach(word -> words.add(word.asText()));
      told.path("functions").forEach(function -> words.add(function.path("call").asText()));
      return new Known(client.get("/api/v1/catalog").path("libraries"), words);
    } catch (ChengmaiException e) {
      return NOTHING;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NOTHING;
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
        known
            .join()
            .words()
            .forEach(name -> names.add(isLower ? name.toLowerCase(Locale.ROOT) : name));
      }
    }
    String start = word.toLowerCase(Locale.ROOT);
    names.removeIf(name -> !name.toLowerCase(Locale.ROOT).startsWith(start));
    return names;
  }

  private void addNames(Set<String> names, String line, boolean isCommand) {
    for (JsonNode library : known.join().libraries()) {
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
