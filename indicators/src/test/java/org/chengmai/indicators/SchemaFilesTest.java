package org.chengmai.indicators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.catalog.CatalogLibrary;
import org.chengmai.indicators.catalog.ShippedCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.yaml.JsonSchema;
import org.junit.jupiter.api.Test;

/** The schemas in {@code docs/schema}, by which editors complete and check YAML files. */
class SchemaFilesTest {
  private static final String INDICATOR = "indicator.schema.json";
  private static final String CATALOG = "catalog.schema.json";

  /**
   * The golden files are what this test writes to {@code indicators/target}: look at the difference
   * before copying them.
   */
  @Test
  void theSchemasAreThoseOfTheRecords() throws IOException {
    Map<String, String> written =
        Map.of(
            INDICATOR, text(IndicatorDefinition.class, "Indicator of Chengmai"),
            CATALOG, text(CatalogLibrary.class, "Catalogue of a library of Chengmai"));
    for (Map.Entry<String, String> schema : written.entrySet()) {
      Files.writeString(
          TestFiles.root().resolve("indicators/target").resolve(schema.getKey()),
          schema.getValue());
    }
    for (Map.Entry<String, String> schema : written.entrySet()) {
      assertThat(schema.getValue()).isEqualTo(Files.readString(file(schema.getKey())));
    }
  }

  private static String text(Class<? extends Record> root, String title)
      throws JsonProcessingException {
    return Json.mapper()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(JsonSchema.of(root, title))
        + "\n";
  }

  @Test
  void everyShippedFileIsValid() throws IOException {
    assertThat(invalid(INDICATOR, ShippedDefinitions.files())).isEmpty();
    assertThat(invalid(CATALOG, ShippedCatalogue.files())).isEmpty();
  }

  @Test
  void aWrongDefinitionIsNot() throws IOException {
    String right = ShippedDefinitions.files().get("CVS-ENV-0001.yaml");
    assertThat(right).contains("direction: lower_better", "grain: PT1H", "  version: 1\n");
    assertThat(invalid(INDICATOR, Map.of("a", right.replace("lower_better", "down"))))
        .singleElement()
        .asString()
        .contains("/direction");
    assertThat(invalid(INDICATOR, Map.of("a", right.replace("grain: PT1H", "grain: hourly"))))
        .singleElement()
        .asString()
        .contains("/period/grain");
    assertThat(invalid(INDICATOR, Map.of("a", right.replace("  version: 1\n", ""))))
        .singleElement()
        .asString()
        .contains("version");
    assertThat(invalid(INDICATOR, Map.of("a", right + "farbe: rot\n")))
        .singleElement()
        .asString()
        .contains("farbe");
  }

  @Test
  void aWrongCatalogueFileIsNot() throws IOException {
    String right = ShippedCatalogue.files().get("topic_env.yaml");
    assertThat(invalid(CATALOG, Map.of("a", right.replaceFirst("type: timestamp", "type: time"))))
        .singleElement()
        .asString()
        .contains("/tables/0/columns/0/type");
    assertThat(invalid(CATALOG, Map.of("a", right.replaceFirst("code: \"", "code: \"A"))))
        .singleElement()
        .asString()
        .contains("/tables/0/code");
  }

  private static List<String> invalid(String schema, Map<String, String> files) throws IOException {
    Schema known =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(file(schema)));
    List<String> problems = new ArrayList<>();
    files.forEach(
        (name, yaml) -> {
          for (Error error : known.validate(yaml, InputFormat.YAML)) {
            problems.add("%s %s: %s".formatted(name, error.getInstanceLocation(), error));
          }
        });
    return problems;
  }

  private static Path file(String schema) {
    return TestFiles.root().resolve("docs/schema").resolve(schema);
  }
}
