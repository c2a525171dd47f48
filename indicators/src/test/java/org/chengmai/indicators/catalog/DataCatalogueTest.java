package org.chengmai.indicators.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.chengmai.indicators.TestFiles;
import org.chengmai.indicators.yaml.Problem;
import org.chengmai.indicators.yaml.YamlFolder;
import org.junit.jupiter.api.Test;

class DataCatalogueTest {
  private static final String ACCIDENTS =
      """
      apiVersion: chengmai/v1
      kind: Catalog
      library: topic_safety
      name: {zh: 公共安全主题库, en: Public safety library}
      owner: 市公安局
      synthetic: true
      tables:
        - table: prod_accident
          code: "2010010000001"
          name: {zh: 生产安全事故, en: Production accidents}
          update_cycle: P1M
          history: P25M
          columns:
            - {name: id, type: bigint}
            - {name: loss, type: "decimal(18,2)", unit: 元}
      """;

  @Test
  void aTableIsFoundByCodeAndByNameInAnyCase() {
    DataCatalogue catalogue = DataCatalogue.load(Map.of("a.yaml", ACCIDENTS));
    DataCatalogue.Entry entry = catalogue.byCode("2010010000001").orElseThrow();
    assertThat(catalogue.byName("TOPIC_SAFETY.prod_accident")).contains(entry);
    assertThat(entry.sqlName()).isEqualTo("topic_safety.prod_accident");
    assertThat(entry.line()).isEqualTo(8);
    assertThat(entry.column("LOSS").orElseThrow().unit()).isEqualTo("元");
    assertThat(entry.column("cost")).isEmpty();
    assertThat(catalogue.byCode("1")).isEmpty();
  }

  @Test
  void calendarLengthsHaveATypicalDuration() {
    CatalogLibrary.Table month = table(ACCIDENTS);
    assertThat(month.cycle()).isEqualTo(Duration.ofDays(30));
    assertThat(month.past()).isGreaterThan(Duration.ofDays(2 * 365));
    assertThat(table(ACCIDENTS.replace("P25M", "P12M")).past()).isEqualTo(Duration.ofDays(365));
    assertThat(table(ACCIDENTS.replace("P1M", "PT5M")).cycle()).isEqualTo(Duration.ofMinutes(5));
  }

  private static CatalogLibrary.Table table(String yaml) {
    return DataCatalogue.load(Map.of("a.yaml", yaml)).entries().get(0).table();
  }

  @Test
  void whatIsWrongIsToldWithPlaceAndCode() {
    assertThat(problems("Catalog", "Katalog"))
        .containsExactly("a.yaml:2: kind: is not Catalog [unknown-schema]");
    assertThat(problems("bigint", "int8"))
        .containsExactly(
            "a.yaml:14: tables[0].columns[0].type: 'int8' is not one of bigint, integer, smallint, double, decimal(p,s), varchar, boolean, date, timestamp [malformed]");
    assertThat(problems("\"2010010000001\"", "A-1"))
        .containsExactly(
            "a.yaml:9: tables[0].code: 'A-1' is not a catalogue code, which has digits only [malformed]");
    assertThat(problems("P1M", "P0D"))
        .containsExactly(
            "a.yaml:8: tables[0]: update_cycle is not above zero; write such as PT5M or P1D [malformed]");
    assertThat(problems("history: P25M", "history: P25M\n    updated_at: loss"))
        .containsExactly(
            "a.yaml:13: tables[0].updated_at: topic_safety.prod_accident has no column loss of type timestamp; name the one that says when a row last changed [invalid-updated-at]");
    assertThat(problems("P1M", "monthly"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("a.yaml:11: tables[0].update_cycle: 'monthly' is not a");
    assertThat(problems("name: loss", "name: ID"))
        .containsExactly(
            "a.yaml:15: tables[0].columns[1]: column ID of topic_safety.prod_accident is described twice; keep one [duplicate-column]");
  }

  @Test
  void aRuleThatTheTableCannotBeAskedAboutIsRefusedByName() {
    assertThat(rules("key: [id]", "{id: low, check: range, column: los, min: 0}"))
        .containsExactly(
            "rule-column: topic_safety.prod_accident has no column los; it has id, loss");
    assertThat(rules("key: [nr]", "{id: once, check: duplicates}"))
        .containsExactly(
            "rule-column: topic_safety.prod_accident has no column nr; it has id, loss");
    assertThat(rules("time: id", "{id: once, check: duplicates}"))
        .containsExactly(
            "rule-time: column id of topic_safety.prod_accident is bigint; name a date or a timestamp",
            "rule-without-key: topic_safety.prod_accident has rules, but no key to name failing rows by; write such as key: [id]");
    assertThat(
            rules(
                "key: [id]",
                "{id: a, check: constancy, column: loss, rows: 3}",
                "{id: a, check: credit_code, column: id}"))
        .containsExactly(
            "rule-without-time: constancy needs the order of the rows; name the table's time column",
            "duplicate-rule: topic_safety.prod_accident has a rule a already; give each a name of its own",
            "rule-type: column id of topic_safety.prod_accident is bigint, which cannot be checked for credit_code");
    assertThat(rules("key: [id]", "{id: a, check: range, column: id}"))
        .containsExactly("malformed: a rule that checks range needs min, max or both");
    assertThat(rules("key: [id]", "{id: a, check: cross, column: id}"))
        .containsExactly("malformed: a rule that checks cross has no column");
    assertThat(rules("key: [id]", "{id: a, check: values, column: id, values: [1], share: 2}"))
        .containsExactly("malformed: a rule that checks values has a share of 0 to 1");
    assertThat(rules("key: [id]", "{id: a, check: smell, column: id}").get(0))
        .startsWith("malformed: 'smell' is not one of [completeness, range, values");
  }

  private static List<String> rules(String how, String... rules) {
    List<Problem> problems = new ArrayList<>();
    DataCatalogue.load(
        Map.of(
            "a.yaml",
            ACCIDENTS.stripTrailing()
                + "\n    "
                + how
                + "\n    rules:\n      - "
                + String.join("\n      - ", rules)),
        problems);
    return problems.stream().map(one -> one.code() + ": " + one.message()).toList();
  }

  private static List<String> problems(String text, String wrong) {
    assertThat(ACCIDENTS).contains(text);
    List<Problem> problems = new ArrayList<>();
    DataCatalogue.load(Map.of("a.yaml", ACCIDENTS.replaceFirst(text, wrong)), problems);
    return problems.stream().map(Problem::toString).toList();
  }

  @Test
  void codesAndTablesAreUniqueOverAllFiles() {
    assertThatThrownBy(() -> DataCatalogue.load(Map.of("a.yaml", ACCIDENTS, "b.yaml", ACCIDENTS)))
        .hasMessage(
            """
            b.yaml:9: tables[0].code: 2010010000001 is the code of topic_safety.prod_accident already; give each table one of its own [duplicate-catalogue-code]
            b.yaml:8: tables[0].table: topic_safety.prod_accident is described twice; keep one [duplicate-table]""");
  }

  @Test
  void everyShippedTableIsATableOrAViewOfTheDemoCity() throws IOException {
    DataCatalogue shipped = DataCatalogue.load(ShippedCatalogue.files());
    assertThat(ShippedCatalogue.files())
        .isEqualTo(YamlFolder.read(TestFiles.root().resolve("indicators/catalog")));
    StringBuilder sql = new StringBuilder();
    try (Stream<Path> files = Files.walk(TestFiles.root().resolve("examples/demo"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".sql")).toList()) {
        sql.append(Files.readString(file));
      }
    }
    for (DataCatalogue.Entry entry : shipped.entries()) {
      if (entry.library().library().equals("operations")) {
        continue; // the engine's own, made by its migrations
      }
      assertThat(sql)
          .containsPattern(
              "CREATE (VIEW|TABLE)( IF NOT EXISTS)? (%s\\.)?%s\\b"
                  .formatted(entry.library().library(), entry.table().table()));
    }
    assertThat(new TreeSet<>(shipped.entries().stream().map(e -> e.library().library()).toList()))
        .contains("base_credit", "base_entity", "base_population", "topic_emerg", "topic_hotline");
  }
}
