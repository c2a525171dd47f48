package org.chengmai.engine.server;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.chengmai.engine.pipeline.CitySnapshot;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.definition.Measure;

/** {@code /api/v1/snapshot}: the newest values of many indicators and regions in one answer. */
public final class SnapshotRoutes {
  private final IndicatorCatalogue catalogue;
  private final CitySnapshot snapshot;
  private final InstantSource clock;
  private final RowAnswers answers;

  public SnapshotRoutes(
      IndicatorCatalogue catalogue,
      CitySnapshot snapshot,
      InstantSource clock,
      RowAnswers answers) {
    this.catalogue = catalogue;
    this.snapshot = snapshot;
    this.clock = clock;
    this.answers = answers;
  }

  public void mount(Router router) {
    router.get("/api/v1/snapshot").handler(this::snapshot);
  }

  private record Answer(Instant at, List<ComparedPoint> points) {}

  private void snapshot(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    Set<String> codes = list(context, "codes");
    Set<String> regions = list(context, "regions");
    Set<Measure> measures = Compared.measures(context);
    codes.forEach(catalogue::get);
    for (String region : regions) {
      if (catalogue.regions().find(region).isEmpty()) {
        throw new ChengmaiException(
            ErrorCode.NOT_FOUND, "there is no region '%s'".formatted(region));
      }
    }
    if (codes.isEmpty()) {
      catalogue.all().stream()
          .filter(IndicatorDefinition::isActive)
          .map(IndicatorDefinition::code)
          .forEach(codes::add);
    }
    answers.answer(
        context,
        () ->
            new Answer(
                clock.instant(),
                snapshot.of(codes, regions, measures).stream().map(SnapshotRoutes::point).toList()),
        answer -> ComparedPoint.table(answer.points(), measures));
  }

  private static ComparedPoint point(CitySnapshot.Standing standing) {
    return new ComparedPoint(standing.point(), standing.grade(), Compared.of(standing.compared()));
  }

  private static Set<String> list(RoutingContext context, String name) {
    Set<String> values = new LinkedHashSet<>();
    String text = context.queryParams().get(name);
    if (text != null && !text.isBlank()) {
      for (String value : text.split(",")) {
        values.add(value.strip());
      }
    }
    return values;
  }
}
