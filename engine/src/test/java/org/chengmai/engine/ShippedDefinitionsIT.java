package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.chengmai.engine.demo.RunningDemo;
import org.chengmai.engine.sql.SqlEngine;
import org.chengmai.indicators.definition.DefinitionCheck;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The shipped definitions and the demo's libraries, by the real SQL engine on the real tables. */
@ExtendWith(RunningDemo.Extension.class)
final class ShippedDefinitionsIT {
  private final SqlEngine sql;
  private final IndicatorCatalogue catalogue;

  ShippedDefinitionsIT(RunningDemo demo) {
    sql = demo.engine().libraries().sql();
    // With the checker: every definition's SQL is validated against the tables that it reads.
    catalogue =
        IndicatorCatalogue.load(ShippedDefinitions.files(), demo.engine().city().regions(), sql);
  }

  @Test
  void atLeastTwentyIndicatorsOfSixDomainsAreComputed() {
    LocalDate today = LocalDate.now(ZoneId.of("Asia/Shanghai"));
    assertThat(catalogue.active(today)).hasSizeGreaterThanOrEqualTo(20);
    assertThat(catalogue.byDomain(today)).hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void goldenRowsGiveTheirValue() {
    DefinitionCheck check =
        DefinitionCheck.of(ShippedDefinitions.files(), catalogue.regions(), null);
    assertThat(check.runTests(query -> sql.query(SqlEngine.INTERNAL, query)))
        .isGreaterThan(2 * catalogue.all().size());
    assertThat(check.problems()).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everyGroupRunsOnTheRealTables(RunningDemo demo) {
    LocalDate today = LocalDate.now(ZoneId.of("Asia/Shanghai"));
    return catalogue.groups(today).stream()
        .map(
            group ->
                DynamicTest.dynamicTest(
                    group.definitions().stream().map(IndicatorDefinition::code).toList().toString(),
                    () -> {
                      IndicatorDefinition first = group.definitions().get(0);
                      Instant to = first.grain().floor(demo.now(), group.zone());
                      Instant from = first.grain().previous(to, group.zone());
                      group.read(sql.query(SqlEngine.INTERNAL, group.sql(from, to)), from, to);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> everyTableOfTheDemoAnswers() {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode library : Json.mapper().<JsonNode>valueToTree(sql.catalog())) {
      for (JsonNode table : library.path("tables")) {
        String name =
            "\"%s\".\"%s\"".formatted(library.path("name").asText(), table.path("name").asText());
        tests.add(
            DynamicTest.dynamicTest(
                name,
                () ->
                    assertThat(
                            sql.query(SqlEngine.INTERNAL, "SELECT * FROM " + name + " LIMIT 1")
                                .columns())
                        .isEqualTo(sql.check("SELECT * FROM " + name))));
      }
    }
    assertThat(tests).hasSizeGreaterThan(10);
    return tests.stream();
  }
}
