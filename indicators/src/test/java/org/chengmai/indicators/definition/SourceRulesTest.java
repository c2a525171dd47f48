package org.chengmai.indicators.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.ShippedCatalogue;
import org.chengmai.indicators.yaml.Problem;
import org.junit.jupiter.api.Test;

class SourceRulesTest {
  private static final String INPUTS = "inputs: []";
  private static final DataCatalogue SOURCES =
      DataCatalogue.load(
          Map.of(
              "topic_env.yaml",
              """
              apiVersion: chengmai/v1
              kind: Catalog
              library: topic_env
              name: {zh: 生态环境主题库, en: Environment library}
              owner: 市生态环境局
              synthetic: true
              tables:
                - table: air
                  code: "2040010000101"
                  name: {zh: 空气质量监测, en: Air quality readings}
                  update_cycle: PT15M
                  history: P28D
                  columns:
                    - {name: ts, type: timestamp}
                    - {name: val, type: double, unit: μg/m³}
                    - {name: area, type: double, unit: km²}
                - table: survey
                  code: "2040010000102"
                  name: {zh: 普查, en: Survey}
                  update_cycle: P1D
                  history: P25M
                  columns:
                    - {name: area, type: double, unit: km²}
                    - {name: green, type: double, unit: hm²}
                    - {name: trees, type: integer}
              """));

  @Test
  void catalogueCodesTablesAndColumnsHaveToExist() {
    assertThat(problems(INPUTS, "inputs: [\"catalog:204001999\"]"))
        .containsExactly(
            "a.yaml:20: definition.inputs[0]: no table of the catalogue has the code 204001999; correct it, or describe the table in a file of the catalogue [unknown-catalogue-code]");
    assertThat(problems(INPUTS, "inputs: [\"catalog:2040010000101/water\"]"))
        .containsExactly(
            "a.yaml:20: definition.inputs[0]: the code 2040010000101 is that of topic_env.air, not of a table water; write catalog:2040010000101/air [unknown-catalogue-table]");
    assertThat(problems(INPUTS, "inputs: [\"catalog:2040010000101/air.pm25\"]"))
        .containsExactly(
            "a.yaml:20: definition.inputs[0]: topic_env.air has no column pm25; it has ts, val, area [unknown-catalogue-column]");
    assertThat(
            problems(
                INPUTS,
                "inputs: [\"catalog:2040010000101/air.val\", \"catalog:2040010000101/air\", \"catalog:2040010000101\"]"))
        .isEmpty();
  }

  @Test
  void aPeriodIsNotFinerThanTheUpdateCycleOfItsFastestTable() {
    String hourly = Samples.PM25.replace("  update_cycle: PT15M\n", "");
    assertThat(problemsOf(hourly)).isEmpty();
    assertThat(problemsOf(hourly.replace("grain: PT1H", "grain: PT5M")))
        .containsExactly(
            "a.yaml:21: period.grain: PT5M is finer than the update cycle PT15M of topic_env.air; write PT15M or coarser [grain-finer-than-source]");
    String survey = hourly.replace("from: topic_env.air", "from: topic_env.survey");
    assertThat(problemsOf(survey))
        .containsExactly(
            "a.yaml:21: period.grain: PT1H is finer than the update cycle P1D of topic_env.survey; write P1D or coarser [grain-finer-than-source]");
    assertThat(problemsOf(survey.replace("type: simple", "type: snapshot"))).isEmpty();
    assertThat(
            problemsOf(
                hourly.replace(
                    "from: topic_env.air",
                    "from: (SELECT a.* FROM topic_env.air a JOIN topic_env.survey s ON a.region = s.region)")))
        .isEmpty();
  }

  @Test
  void aYearAgoNeedsAYearOfDeclaredHistory() {
    String compare = "direction: lower_better\ncompare: {yoy: true}";
    assertThat(problems("direction: lower_better", compare))
        .containsExactly(
            "a.yaml:26: compare.yoy: topic_env.air declares a history of P28D, so there is no value of a year ago; leave yoy out or have the history extended [history-shorter-than-a-year]");
    assertThat(problems("value >= 151", "yoy >= 0.2"))
        .containsExactly(
            "a.yaml:28: thresholds[1].when: topic_env.air declares a history of P28D, so there is no value of a year ago; leave yoy out or have the history extended [history-shorter-than-a-year]");
    assertThat(
            problemsOf(
                Samples.PM25
                    .replace("direction: lower_better", compare)
                    .replace("update_cycle: PT15M", "update_cycle: P1D")
                    .replace("grain: PT1H", "grain: P1D")
                    .replace("topic_env.air", "topic_env.survey")))
        .isEmpty();
  }

  @Test
  void aShareIsOfSumsWithOneUnit() {
    String share =
        Samples.RATIO
            .replace("topic_env.air", "topic_env.survey")
            .replace("update_cycle: PT15M", "update_cycle: P1D")
            .replace("grain: PT1H", "grain: P1D")
            .replace("code: ug/m3, display: μg/m³", "code: \"%\", display: \"%\"");
    assertThat(
            problemsOf(share.replace("SUM(val)", "SUM(green)").replace("COUNT(val)", "SUM(area)")))
        .containsExactly(
            "a.yaml:15: definition.ratio: SUM(green) has the unit hm² and SUM(area) the unit km², so their quotient is no share in %; correct unit, or convert one of them [unit-mismatch]");
    assertThat(
            problemsOf(share.replace("SUM(val)", "SUM(area)").replace("COUNT(val)", "SUM(area)")))
        .isEmpty();
    assertThat(
            problemsOf(
                share.replace("SUM(val)", "SUM(green * 0.01)").replace("COUNT(val)", "SUM(area)")))
        .isEmpty();
    assertThat(
            problemsOf(share.replace("SUM(val)", "SUM(trees)").replace("COUNT(val)", "SUM(area)")))
        .isEmpty();
  }

  @Test
  void theShippedDefinitionsFitTheShippedCatalogue() {
    DataCatalogue shipped = DataCatalogue.load(ShippedCatalogue.files());
    DefinitionCheck check =
        DefinitionCheck.of(ShippedDefinitions.files(), Samples.REGIONS, shipped);
    assertThat(check.problems()).isEmpty();
    assertThat(check.catalogue().all())
        .filteredOn(d -> d.definition().from() != null)
        .allMatch(d -> d.definition().inputs().stream().anyMatch(i -> i.startsWith("catalog:")));
  }

  @Test
  void everyProblemHasACodeAPlaceAndAMessage() {
    List<Problem> problems =
        DefinitionCheck.of(
                Map.of(
                    "a.yaml",
                    Samples.PM25
                        .replace("value >= 151", "value <= 151")
                        .replace("kind: Indicator", "kind: Panel")
                        .replace("AVG(val)", "AVG(val) + 1"),
                    "b.yaml",
                    Samples.PM25.replace("version: 1", "versoin: 1")),
                Samples.REGIONS,
                SOURCES)
            .problems();
    assertThat(problems)
        .extracting(Problem::file, Problem::line, Problem::code, Problem::path)
        .contains(
            tuple("a.yaml", 2, "unknown-schema", "kind"),
            tuple("a.yaml", 15, "formula", "definition.value"),
            tuple("a.yaml", 28, "threshold-opposes-direction", "thresholds[1].when"),
            tuple("b.yaml", 5, "malformed", "metadata.versoin"));
    assertThat(problems).noneMatch(p -> p.message().isBlank());
  }

  @Test
  void oneMoreDefinitionIsCheckedAndTestedBesideThoseThatStand() {
    IndicatorCatalogue catalogue =
        IndicatorCatalogue.load(ShippedDefinitions.files(), Samples.REGIONS, null);
    DataCatalogue sources = DataCatalogue.load(ShippedCatalogue.files());
    String index = catalogue.yaml(catalogue.get("CVS-ENV-9000"));
    DefinitionCheck sound = DefinitionCheck.beside(catalogue, "a.yaml", index, sources);
    assertThat(
            sound.runTests(
                sql -> {
                  throw new AssertionError("an index has no SQL");
                }))
        .isEqualTo(2);
    assertThat(sound.problems()).isEmpty();
    DefinitionCheck wrong =
        DefinitionCheck.beside(catalogue, "a.yaml", index.replace("v: 77.5", "v: 77.6"), sources);
    wrong.runTests(sql -> new Table(List.of(), List.of()));
    assertThat(wrong.problems()).extracting(Problem::code).containsExactly("failed-test");
    assertThat(
            DefinitionCheck.beside(
                    catalogue,
                    "a.yaml",
                    catalogue.yaml(catalogue.get("CVS-ENV-0001")).replace("/air\"", "/aer\""),
                    sources)
                .problems())
        .extracting(Problem::code)
        .containsExactly("unknown-catalogue-table");
  }

  private static List<String> problems(String text, String replacement) {
    assertThat(Samples.PM25).contains(text);
    return problemsOf(Samples.PM25.replace(text, replacement));
  }

  private static List<String> problemsOf(String yaml) {
    return DefinitionCheck.of(Map.of("a.yaml", yaml), Samples.REGIONS, SOURCES).problems().stream()
        .map(Problem::toString)
        .toList();
  }
}
