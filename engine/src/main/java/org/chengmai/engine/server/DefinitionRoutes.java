package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SqlChecker;
import org.chengmai.indicators.Table;
import org.chengmai.indicators.catalog.DataCatalogue;
import org.chengmai.indicators.definition.DefinitionCheck;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What definitions say, and what is wrong with a new one: {@code
 * /api/v1/indicators/{code}/definition} and {@code definition.yaml}, {@code
 * /api/v1/definitions/check}. Nothing is stored.
 */
public final class DefinitionRoutes {
  private static final String FILE = "definition.yaml";

  private final IndicatorCatalogue catalogue;
  private final @Nullable DataCatalogue tables;
  private final SqlChecker checker;
  private final Runner runner;
  private final InstantSource clock;
  private final WorkerExecutor executor;
  private final WorkerExecutor checking;

  /** Runs SQL for someone, within that one's limits. */
  @FunctionalInterface
  public interface Runner {
    Table query(Principal principal, String sql);
  }

  /**
   * @param tables the catalogue of the sources, null where there is none
   * @param checker knows the tables of the libraries
   * @param runner runs golden tests
   * @param checking runs checks, which take longer and come with each pause of someone's typing
   */
  public DefinitionRoutes(
      IndicatorCatalogue catalogue,
      @Nullable DataCatalogue tables,
      SqlChecker checker,
      Runner runner,
      InstantSource clock,
      WorkerExecutor executor,
      WorkerExecutor checking) {
    this.catalogue = catalogue;
    this.tables = tables;
    this.checker = checker;
    this.runner = runner;
    this.clock = clock;
    this.executor = executor;
    this.checking = checking;
  }

  public void mount(Router router) {
    router.get("/api/v1/indicators/:code/definition").handler(this::card);
    router.get("/api/v1/indicators/:code/" + FILE).handler(this::text);
    router
        .post("/api/v1/definitions/check")
        .handler(BodyHandler.create(false).setBodyLimit(256 * 1024))
        .handler(this::check);
  }

  private void card(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    IndicatorDefinition definition = definition(context);
    LocalDate today = clock.instant().atZone(definition.period().zone()).toLocalDate();
    Requests.answer(
        context, executor, () -> DefinitionCard.of(definition, catalogue, tables, today));
  }

  private void text(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    context
        .response()
        .putHeader("Content-Type", "application/yaml; charset=utf-8")
        .end(catalogue.yaml(definition(context)));
  }

  private IndicatorDefinition definition(RoutingContext context) {
    String code = context.pathParam("code");
    String version = context.queryParams().get("version");
    if (version == null || version.isEmpty()) {
      return catalogue.get(code);
    }
    return catalogue.all().stream()
        .filter(one -> one.code().equals(code) && version.equals(String.valueOf(one.version())))
        .findFirst()
        .orElseThrow(
            () ->
                new ChengmaiException(
                    ErrorCode.NOT_FOUND,
                    "no version '%s' of indicator '%s'".formatted(version, code)));
  }

  /** A problem without its file, which is always the one that was sent. */
  private record Line(String code, int line, String path, String message) {}

  private void check(RoutingContext context) {
    Principal principal = Requests.principal(context, Role.ANALYST);
    String text = context.body().asString();
    String yaml = text == null ? "" : text;
    Requests.answer(
        context,
        checking,
        () -> {
          // who has typed on meanwhile asks again and waits for this answer no more
          boolean isAwaited = !context.response().closed();
          return Map.of("problems", isAwaited ? problems(principal, yaml) : List.of());
        });
  }

  private List<Line> problems(Principal principal, String yaml) {
    DefinitionCheck check = DefinitionCheck.beside(catalogue, FILE, yaml, tables);
    check.checkSql(checker, true);
    check.runTests(sql -> runner.query(principal, sql));
    return check.problems().stream()
        .map(problem -> new Line(problem.code(), problem.line(), problem.path(), problem.message()))
        .toList();
  }
}
