package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.indicators.TestFiles;
import org.chengmai.indicators.yaml.YamlFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedDefinitionsTest {
  private static final Instant NOON = Instant.parse("2026-01-05T04:00:00Z");
  private static final Pattern TABLE =
      Pattern.compile("\\b((?:topic|base)_[a-z_]+|operations)\\.([a-z_0-9]+)");
  private static final Pattern MEASURE = Pattern.compile("'([a-z]+\\.[a-z_0-9]+)'");

  private final IndicatorCatalogue catalogue = Samples.load(ShippedDefinitions.files());

  @Test
  void thereAreAtLeastTwentyFourOverEightDomains() {
    assertThat(catalogue.active(Samples.DAY)).hasSizeGreaterThanOrEqualTo(24);
    assertThat(catalogue.byDomain(Samples.DAY)).hasSizeGreaterThanOrEqualTo(8);
  }

  @Test
  void everyFileOfTheFolderIsShippedUnderItsCode() throws IOException {
    Map<String, String> folder =
        YamlFolder.read(TestFiles.root().resolve("indicators/definitions"));
    assertThat(ShippedDefinitions.files()).isEqualTo(folder);
    assertThat(folder.keySet())
        .isEqualTo(
            catalogue.all().stream().map(d -> d.code() + ".yaml").collect(Collectors.toSet()));
  }

  @Test
  void everyDefinitionHasGoldenRows() {
    assertThat(catalogue.all()).allMatch(d -> !d.tests().isEmpty());
  }

  @Test
  void everyShippedThresholdSaysThatItIsAProposal() {
    assertThat(catalogue.all())
        .filteredOn(d -> !d.thresholds().isEmpty())
        .allMatch(d -> String.valueOf(d.thresholdSource()).startsWith("默认建议值，待城市确认"));
  }

  @Test
  void everyTableIsAViewOrATableOfTheDemoCity() throws IOException {
    Set<String> known =
        new HashSet<>(
            Set.of("operations.alert_response", "operations.rule_pass", "operations.data_issue"));
    try (Stream<Path> files = Files.walk(TestFiles.root().resolve("examples/demo"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".sql")).toList()) {
        String library = file.getFileName().toString().replaceAll("\\..*", "");
        String text = Files.readString(file);
        Pattern.compile("CREATE VIEW (\\w+)")
            .matcher(text)
            .results()
            .forEach(m -> known.add(library + "." + m.group(1)));
        Pattern.compile("CREATE TABLE (\\w+\\.\\w+)")
            .matcher(text)
            .results()
            .forEach(m -> known.add(m.group(1)));
      }
    }
    for (IndicatorDefinition definition : catalogue.all()) {
      if (!definition.definition().type().isQueried()) {
        continue;
      }
      Matcher tables = TABLE.matcher(String.valueOf(definition.definition().from()));
      assertThat(tables.results().map(m -> m.group()).toList())
          .as(definition.code())
          .isNotEmpty()
          .isSubsetOf(known);
    }
  }

  @Test
  void everyMeasureIsDescribedForTheSimulator() throws IOException {
    String readme = Files.readString(TestFiles.root().resolve("examples/demo/README.md"));
    for (String yaml : ShippedDefinitions.files().values()) {
      MEASURE
          .matcher(yaml)
          .results()
          .forEach(m -> assertThat(readme).contains("| `" + m.group(1) + "` |"));
    }
  }

  /**
   * The golden file is what this test writes to {@code target/shipped.sql}: look at the difference
   * before copying it.
   */
  @Test
  void theCompiledSqlIsTheGoldenOne() throws IOException {
    String compiled =
        catalogue.groups(Samples.DAY).stream()
            .map(
                g ->
                    "-- "
                        + String.join(", ", codes(g))
                        + "\n"
                        + g.sql(NOON, NOON.plusSeconds(1))
                        + ";\n")
            .collect(Collectors.joining("\n"));
    Files.writeString(TestFiles.root().resolve("indicators/target/shipped.sql"), compiled);
    assertThat(compiled)
        .isEqualTo(
            Files.readString(
                TestFiles.root().resolve("indicators/src/test/resources/golden/shipped.sql")));
  }

  private static List<String> codes(IndicatorGroup group) {
    return group.definitions().stream().map(IndicatorDefinition::code).toList();
  }

  @Test
  void theDefinitionsAreFoundInsideAJar(@TempDir Path folder) throws Exception {
    Path jar = folder.resolve("a b#c.jar");
    Path classes =
        Path.of(
            ShippedDefinitions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, entries);
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Object found =
          loader.loadClass(ShippedDefinitions.class.getName()).getMethod("files").invoke(null);
      assertThat(found).isEqualTo(ShippedDefinitions.files());
    }
  }
}
