package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.chengmai.dashboards.live.LiveRoutes;
import org.junit.jupiter.api.Test;

final class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  /** Every class of routes, with nothing behind it. */
  private static Set<String> mounted() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Router router = Router.router(vertx);
      for (JavaClass found :
          new ClassFileImporter()
              .withImportOption(new ImportOption.DoNotIncludeTests())
              .importPackages("org.chengmai.engine.server")) {
        if (found.getSimpleName().endsWith("Routes") && found.isTopLevelClass()) {
          Class<?> routes = Class.forName(found.getName());
          Constructor<?> constructor = routes.getConstructors()[0];
          Object empty = constructor.newInstance(new Object[constructor.getParameterCount()]);
          Method mount = routes.getMethod("mount", Router.class);
          mount.invoke(empty, router);
        }
      }
      LiveRoutes.mount(router, null, context -> null);
      Set<String> mounted = new TreeSet<>();
      for (Route route : router.getRoutes()) {
        String path = route.getPath();
        if (path != null && path.startsWith("/api/v1/")) {
          for (HttpMethod method : route.methods()) {
            mounted.add(method.name() + " " + path.replaceAll(":(\\w+)", "{$1}"));
          }
        }
      }
      return mounted;
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  private interface Visitor {
    void operation(String method, String path, JsonNode item, JsonNode operation);
  }

  private static void operations(Visitor visitor) {
    ApiContract.document()
        .path("paths")
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fields()
                    .forEachRemaining(
                        operation -> {
                          if (METHODS.contains(operation.getKey())) {
                            visitor.operation(
                                operation.getKey(),
                                path.getKey(),
                                path.getValue(),
                                operation.getValue());
                          }
                        }));
  }

  @Test
  void theDocumentDescribesTheMountedRoutesAndNoOthers() throws Exception {
    Set<String> described = new TreeSet<>();
    operations(
        (method, path, item, operation) ->
            described.add(method.toUpperCase(Locale.ROOT) + " " + path));
    assertThat(described).hasSizeGreaterThan(30).isEqualTo(mounted());
  }

  @Test
  void everyOperationHasANameARoleAndTheParametersOfItsPath() {
    List<String> names = new ArrayList<>();
    operations(
        (method, path, item, operation) -> {
          String what = method + " " + path;
          names.add(operation.path("operationId").asText());
          assertThat(operation.path("summary").asText()).as(what).isNotEmpty();
          assertThat(operation.path("x-role").asText(operation.has("security") ? "none" : ""))
              .as(what)
              .isIn("viewer", "analyst", "operator", "admin", "none");
          List<String> inPath = new ArrayList<>();
          for (JsonNode given : List.of(item.path("parameters"), operation.path("parameters"))) {
            given.forEach(
                parameter -> {
                  JsonNode resolved =
                      parameter.has("$ref")
                          ? ApiContract.document().at(parameter.get("$ref").asText().substring(1))
                          : parameter;
                  assertThat(resolved.has("schema")).as("%s: %s", what, parameter).isTrue();
                  if (resolved.path("in").asText().equals("path")) {
                    inPath.add(resolved.path("name").asText());
                  }
                });
          }
          assertThat(path.replaceAll("[^{]*\\{(\\w+)}[^{]*", "$1,").replaceAll("^/.*", ""))
              .as(what)
              .isEqualTo(inPath.isEmpty() ? "" : String.join(",", inPath) + ",");
        });
    assertThat(names).doesNotHaveDuplicates().doesNotContain("");
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> open = new ArrayList<>();
    ApiContract.document()
        .findValuesAsText("$ref")
        .forEach(
            reference -> {
              if (ApiContract.document().at(reference.substring(1)).isMissingNode()) {
                open.add(reference);
              }
            });
    assertThat(open).isEmpty();
  }

  @Test
  void itIsServedAsJsonAndAsYaml() throws Exception {
    try (TestServer server =
        new TestServer((router, executor) -> new OpenApiRoutes().mount(router))) {
      assertThat(server.json("/api/v1/openapi.json").get("openapi").asText()).isEqualTo("3.1.0");
      assertThat(new String(server.get("/api/v1/openapi.yaml").body(), StandardCharsets.UTF_8))
          .startsWith("openapi: 3.1.0");
    }
  }
}
