package org.chengmai.engine.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.chengmai.engine.bench.GeneratedDrafts;
import org.chengmai.engine.config.EngineConfig;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.catalog.ShippedCatalogue;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.region.Regions;
import org.chengmai.indicators.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CheckTest {
  private static final Path SERVE =
      Path.of(System.getProperty("chengmai.root", ".."), "examples/serve")
          .toAbsolutePath()
          .normalize();

  @TempDir private Path folder;

  @Test
  void theShippedSetHasNoProblemAndAllItsTestsRun() {
    Check check = alone(List.of());
    check.alone(Regions.xining());
    assertThat(check.result().problems()).isEmpty();
    assertThat(check.result().definitions()).isEqualTo(ShippedDefinitions.files().size());
    assertThat(check.result().seen().get(1))
        .matches("\\d+ definitions, (8[3-9]|9\\d|\\d{3,}) tests run");
  }

  @Test
  void aColumnThatTheCatalogueDoesNotHaveIsToldWithItsPlaceAlsoInADraft() throws IOException {
    Path draft =
        shipped(
            "CVS-ENV-0001.yaml",
            text ->
                text.replaceFirst("lifecycle: \\w+", "lifecycle: draft")
                    .replace("AVG(val)", "AVG(vale)"));
    assertThat(problemsOf(draft))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.file()).isEqualTo(draft.resolve("CVS-ENV-0001.yaml").toString());
              assertThat(problem.line()).isPositive();
              assertThat(problem.code()).isEqualTo("invalid-sql");
              assertThat(problem.path()).isEqualTo("definition");
              assertThat(problem.message())
                  .contains("Column 'vale' not found")
                  .contains("did you mean val?");
            });
  }

  @Test
  void aWholeQueryAndWeightedRegionsRunInTheirGoldenTests() throws IOException {
    String before =
        """
        apiVersion: chengmai/v1
        kind: Indicator
        metadata:
          code: CVS-SAF-%s
          version: 1
          name: {zh: 测试, en: Test}
          domain: safety
          layer: micro
          lifecycle: draft
        definition:
          caliber: 测试
          type: simple
        """;
    String after =
        """
        unit: {code: "1", display: 件, decimals: 2}
        period: {grain: P1D, watermark: PT5M, lateness: PT1H}
        direction: lower_better
        tests:
          - given: &rows |
              %s
            asof: 2026-01-06T09:00+08:00
            expect: {region: "630102", v: %s}
          - given: *rows
            asof: 2026-01-06T09:00+08:00
            expect: {region: "630100", v: %s}
        """;
    Files.writeString(
        folder.resolve("whole.yaml"),
        before.formatted("0901")
            + """
              sql: >-
                SELECT happened_at AS ts, district AS region, deaths AS v, 1 AS n
                FROM topic_safety_records.prod_accident
              additivity: {region: sum}
            """
            + after.formatted(
                "ts,region,v,n\n"
                    + "      2026-01-05T00:00:00Z,630102,2,1\n"
                    + "      2026-01-05T01:00:00Z,630102,1,1\n"
                    + "      2026-01-05T01:00:00Z,630103,4,1",
                "3",
                "7"));
    Files.writeString(
        folder.resolve("weighted.yaml"),
        before.formatted("0902")
            + """
              from: topic_safety_records.prod_accident
              time: happened_at
              region: district
              value: AVG(deaths)
              additivity: {region: weighted(injured)}
            """
            + after.formatted(
                "happened_at,district,deaths,injured\n"
                    + "      2026-01-05T00:00:00Z,630102,1,3\n"
                    + "      2026-01-05T01:00:00Z,630102,2,3\n"
                    + "      2026-01-05T01:00:00Z,630103,4,1",
                "1.5",
                "2.12"));
    Check check = alone(List.of(folder.toString()));
    check.alone(Regions.xining());
    assertThat(check.result().problems()).isEmpty();
    assertThat(check.result().seen().get(1)).endsWith("4 tests run");
  }

  @Test
  void aRuleThatIsNoSqlOverItsTableIsToldByName() throws IOException {
    String hotline = ShippedCatalogue.files().get("topic_hotline.yaml");
    Files.writeString(
        folder.resolve("topic_hotline.yaml"),
        hotline.replace(
            "condition: answered_at >= called_at", "condition: answerd_at >= called_at"));
    Check check =
        new Check(folder, new Progress(false), Path.of(""), List.of(), List.of(folder.toString()));
    check.alone(Regions.xining());
    assertThat(check.result().problems())
        .filteredOn(problem -> problem.code().equals("rule-sql"))
        .singleElement()
        .asString()
        .contains("topic_hotline.yaml:8")
        .contains("rule answered-after of topic_hotline.calls")
        .contains("Column 'answerd_at' not found");
  }

  @Test
  void aTableOutsideTheCatalogueIsRefused() throws IOException {
    Path other =
        shipped("CVS-EMG-0001.yaml", text -> text.replace("topic_emerg.event", "topic_emerg.evnt"));
    assertThat(problemsOf(other)).extracting(Problem::code).containsExactly("invalid-sql");
    assertThat(problemsOf(other).get(0).message()).contains("did you mean topic_emerg.event?");
  }

  @Test
  void aGoldenTestThatFailsTellsWhatDiffers() throws IOException {
    Path wrong =
        shipped(
            "CVS-ECO-0004.yaml",
            text -> text.replace("\"630102\", v: 2, n: 2", "\"630102\", v: 3, n: 2"));
    assertThat(problemsOf(wrong))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("failed-test");
              assertThat(problem.path()).isEqualTo("tests[0]");
              assertThat(problem.message()).endsWith("v is 2.0, expected 3.0");
            });
  }

  @Test
  void generatedDraftsAreRight() throws IOException {
    new GeneratedDrafts(DataCatalogue.load(ShippedCatalogue.files()), 3).write(folder, 150);
    Check check = alone(List.of(folder.toString()));
    check.alone(Regions.xining());
    assertThat(check.result().problems()).isEmpty();
    assertThat(check.result().definitions()).isEqualTo(150);
  }

  @Test
  void theExampleOfAConfigurationIsRightWithoutItsServers() {
    assertThat(
            new CommandLine(new CheckCommand())
                .execute("--config", SERVE.resolve("chengmai.yaml").toString()))
        .isZero();
  }

  @Test
  void aConfigurationThatCannotBeReadIsAProblem() throws IOException {
    Path file = Files.writeString(folder.resolve("chengmai.yaml"), "colour: red\n");
    assertThat(new CommandLine(new CheckCommand()).execute("--json", "--config", file.toString()))
        .isEqualTo(1);
    assertThatThrownBy(() -> EngineConfig.read(file, name -> null))
        .isInstanceOfSatisfying(
            ChengmaiException.class,
            e ->
                assertThat(Check.problems("x", "unreadable", "", e))
                    .singleElement()
                    .satisfies(
                        problem -> {
                          assertThat(problem.file()).isEqualTo(file.toString());
                          assertThat(problem.line()).isEqualTo(1);
                          assertThat(problem.message()).startsWith("colour: unknown key");
                        }));
  }

  @Test
  void liveTheCatalogueIsComparedWithTheTablesOfTheLibraries() throws IOException {
    String catalogue = Files.readString(SERVE.resolve("catalog/topic_supervision.yaml"));
    Path described = Files.createDirectories(folder.resolve("catalog"));
    Files.writeString(
        described.resolve("topic_supervision.yaml"),
        catalogue
            .replace("name: trade, type: varchar", "name: branch, type: varchar")
            .replace("name: passed, type: bigint", "name: passed, type: boolean"));
    Files.writeString(
        described.resolve("topic_market.yaml"),
        catalogue
            .replace("topic_supervision", "topic_market")
            .replace("table: inspection", "table: permit")
            .replace("\"20", "\"21"));
    Path file = folder.resolve("chengmai.yaml");
    Files.writeString(
        file,
        """
        city: %1$s/city.yaml
        libraries:
          - name: topic_market
            kind: file
            tables:
              - {name: inspection, path: %1$s/files/inspection.csv, zone: Asia/Shanghai, missing: ["-"], types: {district: VARCHAR}}
        views: [%1$s/views]
        definitions: [%1$s/indicators]
        catalog: [catalog]
        """
            .formatted(SERVE));
    EngineConfig config = EngineConfig.read(file, name -> null);
    Check check =
        new Check(
            folder.resolve("work"),
            new Progress(false),
            folder,
            config.definitions(),
            config.catalog());
    check.configured(config, file.toString(), folder.resolve("drivers"), true);
    assertThat(check.result().problems())
        .extracting(Problem::file, Problem::code, Problem::path)
        .containsExactlyInAnyOrder(
            tuple("catalog/topic_market.yaml", "missing-table", "permit"),
            tuple("catalog/topic_supervision.yaml", "missing-column", "inspection"),
            tuple("catalog/topic_supervision.yaml", "other-type", "inspection"));
    assertThat(check.result().problems())
        .anyMatch(
            p ->
                p.message()
                    .startsWith(
                        "column passed of topic_supervision.inspection is bigint in the source and boolean in the catalogue"));
  }

  @Test
  void aCertificateThatCannotBeReadIsAProblem() throws IOException {
    Path file = folder.resolve("chengmai.yaml");
    Files.writeString(
        file,
        "city: %s/city.yaml\nserver: {tls: {certificate: none.pem, key: none.key}}\n"
            .formatted(SERVE));
    EngineConfig config = EngineConfig.read(file, name -> null);
    Check check =
        new Check(
            folder.resolve("work"),
            new Progress(false),
            folder,
            config.definitions(),
            config.catalog());
    check.configured(config, file.toString(), folder.resolve("drivers"), false);
    assertThat(check.result().problems())
        .filteredOn(problem -> problem.path().equals("server.tls"))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith("server.tls.certificate: ");
  }

  @Test
  void jsonHasFileLineCodePathAndMessageOfEachProblem() {
    JsonNode json =
        Json.read(
            Json.write(
                new CheckCommand.Report(
                    2,
                    List.of(new Problem("a.yaml", 3, "input-cycle", "definition", "a cycle")),
                    0.25)),
            JsonNode.class);
    assertThat(json.toString())
        .isEqualTo(
            "{\"definitions\":2,\"problems\":[{\"file\":\"a.yaml\",\"line\":3,\"code\":\"input-cycle\",\"path\":\"definition\",\"message\":\"a cycle\"}],\"seconds\":0.25}");
  }

  /** A folder with one shipped definition, changed. */
  private Path shipped(String file, Function<String, String> change) throws IOException {
    String text = ShippedDefinitions.files().get(file);
    String changed = change.apply(text);
    assertThat(changed).isNotEqualTo(text);
    Path definitions = Files.createDirectories(folder.resolve("definitions"));
    Files.writeString(definitions.resolve(file), changed);
    return definitions;
  }

  private List<Problem> problemsOf(Path definitions) {
    Check check = alone(List.of(definitions.toString()));
    check.alone(Regions.xining());
    return check.result().problems();
  }

  private Check alone(List<String> definitions) {
    return new Check(
        folder.resolve("work"), new Progress(false), Path.of(""), definitions, List.of());
  }
}
