package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.yaml.YamlTree;

/** Holds answers to what the OpenAPI document says of them. */
final class ApiContract {
  private static final String ADDRESS = "https://chengmai.example/openapi.json";
  private static final JsonNode DOCUMENT = read();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder -> builder.schemas(Map.of(ADDRESS, Json.write(DOCUMENT))));

  private ApiContract() {}

  private static JsonNode read() {
    try (InputStream file = OpenApiRoutes.class.getResourceAsStream("openapi.yaml")) {
      String yaml = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      return Json.read(Json.write(YamlTree.read(yaml)), JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode document() {
    return DOCUMENT;
  }

  /**
   * Fails when an answer is not as its route's description says.
   *
   * @param path with or without parameters
   */
  static void check(String method, String path, int status, String body) {
    String template = template(path.replaceFirst("\\?.*", ""));
    JsonNode responses =
        DOCUMENT
            .path("paths")
            .path(template)
            .path(method.toLowerCase(Locale.ROOT))
            .path("responses");
    String stated = responses.has("" + status) ? "" + status : "default";
    String pointer =
        "/paths/%s/%s/responses/%s"
            .formatted(escaped(template), method.toLowerCase(Locale.ROOT), stated);
    String reference = DOCUMENT.at(pointer + "/$ref").asText("");
    String schema =
        (reference.isEmpty() ? pointer : reference.substring(1))
            + "/content/application~1json/schema";
    assertThat(DOCUMENT.at(schema).isMissingNode())
        .as("%s %s has %s", method, path, schema)
        .isFalse();
    List<String> problems = new ArrayList<>();
    SCHEMAS
        .getSchema(
            SchemaLocation.of(ADDRESS + "#" + schema.replace("{", "%7B").replace("}", "%7D")))
        .validate(body, InputFormat.JSON)
        .forEach(error -> problems.add(error.getInstanceLocation() + ": " + error));
    assertThat(problems).as("%s %s: %s", method, path, body).isEmpty();
  }

  private static String escaped(String template) {
    return template.replace("~", "~0").replace("/", "~1");
  }

  /** The path of the document that a request's path is of; one without parameters goes first. */
  private static String template(String path) {
    List<String> fitting = new ArrayList<>();
    DOCUMENT
        .path("paths")
        .fieldNames()
        .forEachRemaining(
            template -> {
              if (path.matches(template.replace(".", "\\.").replaceAll("\\{\\w+}", "[^/]+"))) {
                fitting.add(template);
              }
            });
    assertThat(fitting).as(path).isNotEmpty();
    return fitting.contains(path) ? path : fitting.get(0);
  }
}
