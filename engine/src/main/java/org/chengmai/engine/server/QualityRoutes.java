package org.chengmai.engine.server;

import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.chengmai.engine.quality.Issue;
import org.chengmai.engine.quality.IssueBook;
import org.chengmai.engine.quality.RunBook;
import org.chengmai.engine.quality.RunBook.Run;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.quality.QualityScore;
import org.chengmai.indicators.quality.TableFinding;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/quality}: scores of tables, departments and days; issues and what is done. */
public final class QualityRoutes {
  private static final Duration USUAL = Duration.ofDays(7);
  private static final Duration LONGEST = Duration.ofDays(400);
  private static final int LONGEST_NOTE = 2000;

  private final RunBook runs;
  private final IssueBook issues;
  private final Consumer<String> soon;
  private final ZoneId zone;
  private final InstantSource clock;
  private final WorkerExecutor executor;

  /**
   * @param soon asks for a look at a table, such as one whose rows are said to be mended
   * @param zone of the days that rows count on
   */
  public QualityRoutes(
      RunBook runs,
      IssueBook issues,
      Consumer<String> soon,
      ZoneId zone,
      InstantSource clock,
      WorkerExecutor executor) {
    this.runs = runs;
    this.issues = issues;
    this.soon = soon;
    this.zone = zone;
    this.clock = clock;
    this.executor = executor;
  }

  public void mount(Router router) {
    BodyHandler body = BodyHandler.create(false).setBodyLimit(64 * 1024);
    router.get("/api/v1/quality/tables").handler(this::tables);
    router.get("/api/v1/quality/issues").handler(this::list);
    router.get("/api/v1/quality/issues/:id").handler(this::one);
    router
        .post("/api/v1/quality/issues/:id/return")
        .handler(body)
        .handler(context -> decide(context, issues::giveBack));
    router
        .post("/api/v1/quality/issues/:id/fixed")
        .handler(body)
        .handler(
            context ->
                decide(
                    context,
                    (by, id, note) -> {
                      Issue issue = issues.fixed(by, id, note);
                      soon.accept(issue.table());
                      return issue;
                    }));
  }

  /** What the rows of some days are worth. */
  private record Scores(
      List<TableScore> tables,
      SortedMap<String, QualityScore> departments,
      SortedMap<String, QualityScore> days) {}

  private record TableScore(
      String table, String department, QualityScore score, List<RuleResult> rules) {}

  private record RuleResult(
      String rule,
      LocalDate day,
      Instant at,
      long rows,
      long failed,
      double measured,
      double least,
      double weight,
      boolean passed,
      List<Map<String, String>> failing) {
    static RuleResult of(Run run) {
      TableFinding finding = run.finding();
      return new RuleResult(
          finding.rule(),
          finding.day(),
          run.at(),
          finding.rows(),
          finding.failed(),
          finding.measured(),
          finding.least(),
          finding.weight(),
          finding.passed(),
          finding.failing());
    }
  }

  private void tables(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    Instant to = Requests.time(context, "to", clock.instant());
    Instant from = Requests.time(context, "from", to.minus(USUAL));
    if (from.isAfter(to) || Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT,
          "from %s to %s: a stretch of at most %d days".formatted(from, to, LONGEST.toDays()));
    }
    Requests.answer(
        context,
        executor,
        () -> scores(runs.between(from.atZone(zone).toLocalDate(), to.atZone(zone).toLocalDate())));
  }

  private static Scores scores(List<Run> found) {
    SortedMap<String, QualityScore> byTable = by(Run::table, found);
    Map<String, List<Run>> runs = found.stream().collect(Collectors.groupingBy(Run::table));
    return new Scores(
        byTable.entrySet().stream()
            .map(
                one -> {
                  List<Run> own = runs.getOrDefault(one.getKey(), List.of());
                  return new TableScore(
                      one.getKey(),
                      own.get(0).department(),
                      one.getValue(),
                      own.stream().map(RuleResult::of).toList());
                })
            .toList(),
        by(Run::department, found),
        by(run -> run.finding().day().toString(), found));
  }

  private static SortedMap<String, QualityScore> by(Function<Run, String> group, List<Run> found) {
    return QualityScore.by(group, found, run -> run.finding().weight());
  }

  private void list(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    String state =
        context.queryParams().contains("state") ? context.queryParams().get("state") : "open";
    if (!state.equals("open") && !state.equals("all")) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "state '%s': open or all".formatted(state));
    }
    int limit = AlertRoutes.limit(context.queryParams().get("limit"));
    Requests.answer(
        context, executor, () -> Map.of("issues", issues.find(state.equals("open"), limit)));
  }

  private record WithEvents(Issue issue, List<Issue.Event> events) {}

  private void one(RoutingContext context) {
    Requests.principal(context, Role.VIEWER);
    long id = id(context);
    Requests.answer(context, executor, () -> new WithEvents(issues.get(id), issues.events(id)));
  }

  private void decide(RoutingContext context, Decision decision) {
    Principal principal = Requests.principal(context, Role.OPERATOR);
    long id = id(context);
    String text = context.body().asString();
    String note = text == null || text.isBlank() ? null : Json.read(text, Body.class).note();
    if (note != null && note.length() > LONGEST_NOTE) {
      throw new ChengmaiException(
          ErrorCode.TOO_LARGE,
          "a note has at most %d characters, this one has %d"
              .formatted(LONGEST_NOTE, note.length()));
    }
    Requests.answer(context, executor, () -> decision.take(principal, id, note));
  }

  private static long id(RoutingContext context) {
    String text = context.pathParam("id");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "issue '%s': a number".formatted(text), e);
    }
  }

  @FunctionalInterface
  private interface Decision {
    Issue take(Principal by, long id, @Nullable String note);
  }

  private record Body(@Nullable String note) {}
}
