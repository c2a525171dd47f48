package org.chengmai.engine.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.lineage.Break;
import org.chengmai.indicators.lineage.Column;
import org.chengmai.indicators.lineage.Lineage.Use;
import org.chengmai.indicators.lineage.Lineages;
import org.jspecify.annotations.Nullable;

/**
 * Which columns an indicator is computed from, {@code /api/v1/indicators/{code}/lineage}, and what
 * fails when a column goes, {@code /api/v1/lineage}.
 */
public final class LineageRoutes {
  private final Lineages lineages;
  private final Function<String, List<String>> models;
  private final WorkerExecutor executor;

  /**
   * @param models the models that are trained on a code's values
   */
  public LineageRoutes(
      Lineages lineages, Function<String, List<String>> models, WorkerExecutor executor) {
    this.lineages = lineages;
    this.models = models;
    this.executor = executor;
  }

  public void mount(Router router) {
    router.get("/api/v1/indicators/:code/lineage").handler(this::one);
    router.get("/api/v1/lineage").handler(this::breaks);
  }

  /** An indicator's lineage for pages and the command line. */
  public record Of(
      String code,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String sql,
      List<Input> inputs,
      List<String> from,
      List<String> to,
      List<String> models) {

    /** A column and what it is used for. */
    public record Input(@JsonUnwrapped Column column, Set<Use> use) {}

    /**
     * Of an indicator.
     *
     * @param withViews whether columns of views on the way are told, too
     */
    public static Of of(
        String code, Lineages lineages, Function<String, List<String>> models, boolean withViews) {
      return new Of(
          code,
          lineages.sql(code).orElse(null),
          lineages.of(code).inputs().stream()
              .filter(input -> !input.use().isEmpty() && (withViews || !input.isView()))
              .map(input -> new Input(input.column(), input.use()))
              .toList(),
          lineages.from(code),
          lineages.to(code),
          models.apply(code));
    }
  }

  /** What fails, for pages and the command line. */
  public record Failing(
      List<Entry> breaks, @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> unknown) {

    /** An indicator with the models trained on it. */
    public record Entry(@JsonUnwrapped Break indicator, List<String> models) {}

    /** Of a column, a table or a library. */
    public static Failing of(
        String library,
        @Nullable String table,
        @Nullable String column,
        Lineages lineages,
        Function<String, List<String>> models) {
      Lineages.Breaks found = lineages.breaks(library, table, column);
      return new Failing(
          found.breaks().stream().map(one -> new Entry(one, models.apply(one.code()))).toList(),
          found.unknown());
    }
  }

  private void one(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String code = context.pathParam("code");
    boolean withViews = Boolean.parseBoolean(context.queryParams().get("views"));
    Requests.answer(context, executor, () -> Of.of(code, lineages, models, withViews));
  }

  private void breaks(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String library = parameter(context, "library");
    String table = parameter(context, "table");
    String column = parameter(context, "column");
    if (library == null || (table == null && column != null)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "of what? ?library=<name>, with &table=<name> and &column=<name> for less of it");
    }
    Requests.answer(context, executor, () -> Failing.of(library, table, column, lineages, models));
  }

  private static @Nullable String parameter(RoutingContext context, String name) {
    String value = context.queryParams().get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
