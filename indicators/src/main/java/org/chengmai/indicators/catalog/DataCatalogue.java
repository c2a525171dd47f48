package org.chengmai.indicators.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.chengmai.indicators.yaml.Problem;
import org.chengmai.indicators.yaml.RecordReader;
import org.chengmai.indicators.yaml.YamlLines;
import org.chengmai.indicators.yaml.YamlProblems;

/** The tables of all libraries, read and checked together. Immutable. */
public final class DataCatalogue {
  private final List<Entry> entries;
  private final Map<String, Entry> byCode = new HashMap<>();
  private final Map<String, Entry> byName = new HashMap<>();

  /**
   * A table with its library.
   *
   * @param file that states it
   * @param line of the table there
   */
  public record Entry(CatalogLibrary library, CatalogLibrary.Table table, String file, int line) {

    /** The name in SQL, {@code library.table}. */
    public String sqlName() {
      return library.library() + "." + table.table();
    }

    /** A column, found in any case as SQL does. */
    public Optional<CatalogLibrary.Column> column(String name) {
      return table.columns().stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
    }
  }

  private DataCatalogue(List<Entry> entries) {
    this.entries = List.copyOf(entries);
    for (Entry entry : entries) {
      byCode.put(entry.table().code(), entry);
      byName.put(lower(entry.sqlName()), entry);
    }
  }

  /**
   * Reads and checks the files.
   *
   * @param files file name to YAML text, one library or a part of one each
   * @throws org.chengmai.indicators.ChengmaiException INVALID_DEFINITION with every problem of
   *     every file, one a line
   */
  public static DataCatalogue load(Map<String, String> files) {
    List<Problem> problems = new ArrayList<>();
    DataCatalogue catalogue = load(files, problems);
    YamlProblems.throwIfAny(problems);
    return catalogue;
  }

  /** The same; problems are added to a list, and what has none is in the catalogue. */
  public static DataCatalogue load(Map<String, String> files, List<Problem> problems) {
    List<Entry> entries = new ArrayList<>();
    Map<String, String> codes = new HashMap<>();
    Set<String> names = new HashSet<>();
    new TreeMap<>(files)
        .forEach(
            (file, yaml) -> {
              YamlProblems found = new YamlProblems(file, "malformed");
              CatalogLibrary library =
                  new RecordReader(found, name -> null).read(yaml, CatalogLibrary.class);
              if (library != null) {
                read(library, file, YamlLines.of(yaml), found, codes, names, entries);
              }
              problems.addAll(found.all());
            });
    return new DataCatalogue(entries);
  }

  private static void read(
      CatalogLibrary library,
      String file,
      YamlLines lines,
      YamlProblems found,
      Map<String, String> codes,
      Set<String> names,
      List<Entry> entries) {
    if (!library.apiVersion().equals("chengmai/v1")) {
      add(found, lines, "unknown-schema", "apiVersion", "is not chengmai/v1");
    }
    if (!library.kind().equals("Catalog")) {
      add(found, lines, "unknown-schema", "kind", "is not Catalog");
    }
    for (int i = 0; i < library.tables().size(); i++) {
      String path = "tables[" + i + "]";
      Entry entry = new Entry(library, library.tables().get(i), file, lines.line(path));
      String other = codes.putIfAbsent(entry.table().code(), entry.sqlName());
      if (other != null) {
        add(
            found,
            lines,
            "duplicate-catalogue-code",
            path + ".code",
            "%s is the code of %s already; give each table one of its own"
                .formatted(entry.table().code(), other));
      }
      if (!names.add(lower(entry.sqlName()))) {
        add(
            found,
            lines,
            "duplicate-table",
            path + ".table",
            "%s is described twice; keep one".formatted(entry.sqlName()));
      }
      checkColumns(entry, path, lines, found);
      checkUpdatedAt(entry, path, lines, found);
      TableRules.check(entry, path, lines, found);
      entries.add(entry);
    }
  }

  private static void checkColumns(Entry entry, String path, YamlLines lines, YamlProblems found) {
    if (entry.table().columns().isEmpty()) {
      add(found, lines, "missing-columns", path + ".columns", "needs at least one column");
    }
    Set<String> columns = new HashSet<>();
    for (int i = 0; i < entry.table().columns().size(); i++) {
      String name = entry.table().columns().get(i).name();
      if (!columns.add(lower(name))) {
        add(
            found,
            lines,
            "duplicate-column",
            path + ".columns[" + i + "]",
            "column %s of %s is described twice; keep one".formatted(name, entry.sqlName()));
      }
    }
  }

  private static void checkUpdatedAt(
      Entry entry, String path, YamlLines lines, YamlProblems found) {
    String name = entry.table().updatedAt();
    if (name != null && entry.column(name).filter(c -> c.type().equals("timestamp")).isEmpty()) {
      add(
          found,
          lines,
          "invalid-updated-at",
          path + ".updated_at",
          "%s has no column %s of type timestamp; name the one that says when a row last changed"
              .formatted(entry.sqlName(), name));
    }
  }

  private static void add(
      YamlProblems found, YamlLines lines, String code, String path, String message) {
    found.add(lines.line(path), code, path, message);
  }

  /** All tables, in the order of the files. */
  public List<Entry> entries() {
    return entries;
  }

  /** The table with a catalogue code. */
  public Optional<Entry> byCode(String code) {
    return Optional.ofNullable(byCode.get(code));
  }

  /** The table with a name of SQL, {@code library.table} in any case. */
  public Optional<Entry> byName(String name) {
    return Optional.ofNullable(byName.get(lower(name)));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
