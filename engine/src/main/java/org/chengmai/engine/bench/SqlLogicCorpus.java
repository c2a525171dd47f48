package org.chengmai.engine.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The files of sql-logic-test, in the jar that ships them. Safe for use by several threads. */
final class SqlLogicCorpus implements AutoCloseable {
  private static final String ROOT = "test/";
  private static final String SMALLEST = "evidence";
  private static final int FILES_OF_A_KIND = 4;

  /**
   * A file and how many of its queries to run.
   *
   * @param seed chooses which
   */
  record Choice(String file, int queries, long seed) {}

  private final ZipFile jar;

  SqlLogicCorpus(Path jar) throws IOException {
    this.jar = new ZipFile(jar.toFile());
  }

  /**
   * A few files of each kind, the same for the same seed. Each kind gets an equal share of the
   * queries; what the smallest one lacks goes to the others.
   */
  List<Choice> choose(int queries, long seed) throws IOException {
    Map<String, List<String>> kinds = new TreeMap<>();
    jar.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.startsWith(ROOT) && name.endsWith(".test"))
        .sorted()
        .forEach(name -> kinds.computeIfAbsent(kind(name), key -> new ArrayList<>()).add(name));
    Random random = new Random(seed);
    List<Choice> choices = new ArrayList<>();
    int left = queries;
    int kindsLeft = kinds.size();
    List<String> smallest = kinds.remove(SMALLEST);
    List<List<String>> groups = new ArrayList<>(kinds.values());
    groups.add(0, smallest);
    for (List<String> files : groups) {
      Collections.shuffle(files, random);
      int share = left / kindsLeft--;
      int filesLeft = files == smallest ? files.size() : FILES_OF_A_KIND;
      for (String file : files) {
        int wanted = filesLeft == 0 ? 0 : share / filesLeft;
        int taken = wanted == 0 ? 0 : Math.min(wanted, queries(read(file)).size());
        if (taken > 0) {
          choices.add(new Choice(file, taken, random.nextLong()));
          share -= taken;
          left -= taken;
          filesLeft--;
        }
      }
    }
    return choices;
  }

  static List<SqlLogicFile.Query> queries(SqlLogicFile file) {
    return file.steps().stream()
        .filter(SqlLogicFile.Query.class::isInstance)
        .map(SqlLogicFile.Query.class::cast)
        .toList();
  }

  SqlLogicFile read(String name) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                jar.getInputStream(jar.getEntry(name)), StandardCharsets.UTF_8))) {
      return SqlLogicFile.read(name.substring(ROOT.length()), reader);
    }
  }

  /** {@code index/in} of {@code test/index/in/10/slt_good_0.test}. */
  private static String kind(String name) {
    String[] parts = name.split("/", -1);
    return switch (parts.length) {
      case 2 -> "select";
      case 3 -> parts[1];
      default -> parts[1] + "/" + parts[2];
    };
  }

  @Override
  public void close() throws IOException {
    jar.close();
  }
}
