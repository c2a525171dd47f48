package org.chengmai.engine.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.chengmai.connectors.kafka.PointTopic;
import org.chengmai.engine.history.Job.Kind;
import org.chengmai.engine.history.Job.State;
import org.chengmai.engine.pipeline.CatalogueDetectors;
import org.chengmai.engine.pipeline.CatalogueGroups;
import org.chengmai.engine.pipeline.ManualClock;
import org.chengmai.engine.pipeline.MemoryPast;
import org.chengmai.engine.pipeline.MemoryStore;
import org.chengmai.engine.pipeline.PastValues;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.AlertState;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.Principal;
import org.chengmai.indicators.Role;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.json.Json;
import org.chengmai.indicators.region.Regions;
import org.chengmai.models.DayClass;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JobsTest {
  private static final Principal ADMIN = new Principal("li", Role.ADMIN);
  private static final Principal ANALYST = new Principal("wang", Role.ANALYST);
  private static final String CODE = "CVS-ENV-0001";

  /** Local midnights. */
  private static final Instant MARCH_1 = Instant.parse("2026-02-28T16:00:00Z");

  private static final Instant MARCH_3 = Instant.parse("2026-03-02T16:00:00Z");
  private static final Instant MARCH_5 = Instant.parse("2026-03-04T16:00:00Z");

  private final ManualClock clock = new ManualClock(MARCH_5);
  private final MemoryStore store = new MemoryStore();
  private final MemoryJobs book = new MemoryJobs();
  private final HourlySource source = new HourlySource();
  private final PastValues past = MemoryPast.of(store, clock);
  private final List<Alert> raised = new ArrayList<>();
  private @Nullable Jobs open;

  private static String yaml(String value, int version, String effective, String more) {
    return """
        apiVersion: chengmai/v1
        kind: Indicator
        metadata:
          code: CVS-ENV-0001
          version: %d
          effective: %s
          name: {zh: 测试, en: Test}
          domain: environment
          layer: micro
          lifecycle: reviewing
        definition:
          caliber: 测试
          type: simple
          from: topic_env.air
          value: %s
        unit: {code: "1", display: 件, decimals: 1}
        period: {grain: PT1H, watermark: PT5M, lateness: PT1H}
        region: {levels: [county], only: ["630102"]}
        direction: lower_better
        %s
        """
        .formatted(version, effective, value, more);
  }

  private static final String SUM = yaml("SUM(val)", 1, "{from: 2020-01-01}", "");
  private static final String INDEX =
      """
      apiVersion: chengmai/v1
      kind: Indicator
      metadata:
        code: CVS-ENV-0009
        version: 1
        name: {zh: 指数, en: Index}
        domain: environment
        layer: macro
        lifecycle: reviewing
      definition:
        caliber: 测试
        type: composite
        inputs: ["indicator:CVS-ENV-0001", "indicator:CVS-ENV-0002"]
      unit: {code: "1", display: 分, decimals: 1}
      period: {grain: PT1H, watermark: PT10M, lateness: PT1H}
      region: {levels: [county], only: ["630102"]}
      direction: higher_better
      """;

  private static IndicatorCatalogue catalogue(String... definitions) {
    Map<String, String> files = new TreeMap<>();
    for (String definition : definitions) {
      files.put("f" + files.size() + ".yaml", definition);
    }
    return IndicatorCatalogue.load(files, Regions.xining(), null);
  }

  private Jobs jobs(int mostPeriods, String... definitions) {
    CatalogueGroups groups =
        new CatalogueGroups(
            catalogue(definitions),
            source,
            new Principal("internal", Role.ADMIN),
            store,
            (codes, from, to, found) -> {},
            () -> time -> false);
    open =
        new Jobs(
            book,
            groups,
            new HistoryPlan(groups, codes -> clock.instant(), mostPeriods),
            past,
            store,
            null,
            date -> DayClass.WORKDAY,
            new Backtests(
                store,
                new CatalogueDetectors(groups.catalogue(), date -> DayClass.WORKDAY),
                List::of,
                (from, to) -> raised),
            clock);
    return open;
  }

  @AfterEach
  void close() {
    if (open != null) {
      open.close();
    }
  }

  private static Jobs.Request backfill(Instant from, @Nullable Instant to) {
    return new Jobs.Request(Kind.BACKFILL, List.of(), from, to, null);
  }

  private static final Jobs.Request RESTATE =
      new Jobs.Request(Kind.RESTATE, List.of(CODE), null, null, null);

  private Job run(Jobs jobs, Jobs.Request request) {
    Job job = jobs.submit(ADMIN, request);
    jobs.runNext();
    return jobs.get(job.id());
  }

  private Map<Integer, Long> pointsByVersion() {
    return store.between(List.of(CODE), Instant.EPOCH, Instant.MAX).stream()
        .filter(point -> point.value() != null)
        .collect(
            Collectors.groupingBy(point -> point.version(), TreeMap::new, Collectors.counting()));
  }

  @Test
  void aRangeIsCutAtTheEndsOfMonthsAndAfterSoManyPeriods() {
    Job job = run(jobs(24, SUM), backfill(MARCH_1.minusSeconds(36 * 3600), MARCH_3));
    assertThat(source.asked)
        .containsExactly(
            "sum 2026-02-27 04:00:00 to 2026-02-28 04:00:00",
            "sum 2026-02-28 04:00:00 to 2026-02-28 16:00:00",
            "sum 2026-02-28 16:00:00 to 2026-03-01 16:00:00",
            "sum 2026-03-01 16:00:00 to 2026-03-02 16:00:00");
    assertThat(job.state()).isEqualTo(State.DONE);
    assertThat(job.done()).isEqualTo(job.total()).isEqualTo(4);
    assertThat(job.points()).isEqualTo(store.entries.size());
    assertThat(store.entries).allMatch(PointTopic.Entry::isHistory);
  }

  @Test
  void onDaysThatDoNotCountNothingIsAskedComputedOrMissing() {
    Instant friday = Instant.parse("2026-03-05T16:00:00Z");
    clock.set(friday.plusSeconds(5 * 86400));
    run(
        jobs(24, SUM.replace("grain: PT1H,", "grain: PT1H, calendar: workday,")),
        backfill(friday, friday.plusSeconds(4 * 86400)));
    assertThat(source.asked)
        .containsExactly(
            "sum 2026-03-05 16:00:00 to 2026-03-06 16:00:00",
            "sum 2026-03-08 16:00:00 to 2026-03-09 16:00:00");
    assertThat(store.between(List.of(CODE), friday, Instant.MAX))
        .as("23 values and a gap on Friday and on Monday")
        .hasSize(48)
        .noneMatch(
            point ->
                !point.periodStart().isBefore(friday.plusSeconds(86400))
                    && point.periodStart().isBefore(friday.plusSeconds(3 * 86400)));
  }

  @Test
  void eachDayIsComputedByTheVersionThatWasInForce() {
    run(
        jobs(
            1000,
            yaml("SUM(val)", 1, "{from: 2020-01-01, to: 2026-03-02}", ""),
            yaml("MAX(val)", 2, "{from: 2026-03-03}", "")),
        backfill(MARCH_1, MARCH_5));
    assertThat(source.asked)
        .containsExactly(
            "sum 2026-02-28 16:00:00 to 2026-03-02 16:00:00",
            "max 2026-03-02 16:00:00 to 2026-03-04 16:00:00");
    assertThat(pointsByVersion()).containsOnlyKeys(1, 2);
  }

  @Test
  void whatHasNotClosedIsLeftToTheScheduler() {
    clock.set(MARCH_3.plusSeconds(5400));
    Job job = run(jobs(1000, SUM), backfill(MARCH_3, MARCH_5));
    assertThat(job.to()).isEqualTo(clock.instant());
    assertThat(source.asked).containsExactly("sum 2026-03-02 16:00:00 to 2026-03-02 17:00:00");
  }

  @Test
  void whatIsUnchangedIsPublishedOnce() {
    Jobs jobs = jobs(1000, SUM);
    assertThat(run(jobs, backfill(MARCH_1, MARCH_3)).points())
        .as("46 values, two gaps")
        .isEqualTo(48);
    assertThat(run(jobs, backfill(MARCH_1, MARCH_3)).points()).isZero();
    assertThat(store.entries).hasSize(48);
  }

  @Test
  void aJobThatTheEndOfTheEngineCutShortGoesOnWithItsFirstUnfinishedSlice() {
    Jobs first = jobs(24, SUM);
    long id = first.submit(ADMIN, backfill(MARCH_1, MARCH_5)).id();
    source.meanwhile =
        () -> {
          if (source.asked.size() == 3) {
            first.close();
          }
        };
    first.runNext();
    source.meanwhile = () -> {};
    assertThat(first.get(id).state()).isEqualTo(State.RUNNING);
    assertThat(first.get(id).done()).isEqualTo(2);
    source.asked.clear();
    Jobs second = jobs(24, SUM);
    assertThat(second.runNext()).isTrue();
    assertThat(source.asked)
        .containsExactly(
            "sum 2026-03-02 16:00:00 to 2026-03-03 16:00:00",
            "sum 2026-03-03 16:00:00 to 2026-03-04 16:00:00");
    assertThat(second.get(id).state()).isEqualTo(State.DONE);
    assertThat(second.get(id).done()).isEqualTo(4);
    assertThat(second.runNext()).isFalse();
  }

  @Test
  void aCancelledJobComputesAndPublishesNothingMore() {
    Jobs jobs = jobs(24, SUM);
    long id = jobs.submit(ADMIN, backfill(MARCH_1, MARCH_5)).id();
    source.meanwhile =
        () -> {
          if (source.asked.size() == 2) {
            jobs.cancel(ADMIN, id);
          }
        };
    jobs.runNext();
    assertThat(jobs.get(id).state()).isEqualTo(State.CANCELLED);
    assertThat(jobs.get(id).done()).isEqualTo(1);
    assertThat(source.asked).hasSize(2);
    assertThat(store.entries).as("those of the first day").hasSize(24);
    assertThat(jobs.runNext()).isFalse();
  }

  @Test
  void aSliceThatFailsStopsNoOtherAndIsTriedOnceMore() {
    Jobs jobs = jobs(24, SUM);
    source.failuresAhead = 1;
    assertThat(run(jobs, backfill(MARCH_1, MARCH_3)).state()).isEqualTo(State.DONE);
    assertThat(source.asked).hasSize(3);
    source.failuresAhead = 4;
    Job job = run(jobs, backfill(MARCH_1, MARCH_3));
    assertThat(job.state()).isEqualTo(State.FAILED);
    assertThat(job.failure())
        .isEqualTo(
            "2 of 2 slices failed, the first: CVS-ENV-0001:1@PT1H 2026-02-28T16:00:00Z/2026-03-01T16:00:00Z:"
                + " the source is down");
  }

  @Test
  void aNewVersionRecomputesHistoryWhereItRestatesAndOnlyThere() {
    run(jobs(1000, SUM), backfill(MARCH_1, MARCH_5));
    String second = yaml("MAX(val)", 2, "{from: 2026-03-03, restate: %s}", "");
    Jobs modest = jobs(1000, SUM, second.formatted("false"));
    assertThatThrownBy(() -> modest.submit(ADMIN, RESTATE))
        .hasMessageContaining("version 2 of CVS-ENV-0001 does not replace earlier ones");
    assertThat(run(modest, backfill(MARCH_1, MARCH_5)).points()).isZero();
    assertThat(pointsByVersion()).containsOnlyKeys(1);

    Job job = run(jobs(1000, SUM, second.formatted("true")), RESTATE);
    assertThat(job.from()).isEqualTo(MARCH_3);
    assertThat(job.to()).isEqualTo(MARCH_5);
    assertThat(pointsByVersion()).containsExactly(Map.entry(1, 46L), Map.entry(2, 46L));
    assertThat(store.entries)
        .extracting(PointTopic.Entry::point)
        .filteredOn(point -> point.version() == 2)
        .as("as the next revision of what stands")
        .allMatch(point -> point.revision() == 2);
  }

  @Test
  void aVersionThatComesIntoForceAfterAnEarlierOneRestatesOnceWhereItSaysSo() {
    run(jobs(1000, SUM), backfill(MARCH_1, MARCH_5));
    new Restatements(book, catalogue(SUM), jobs(1000, SUM), clock).takeUp();
    String modest = yaml("MAX(val)", 2, "{from: 2026-03-03}", "");
    new Restatements(book, catalogue(SUM, modest), jobs(1000, SUM, modest), clock).takeUp();
    assertThat(book.next()).as("version 1 was the first, version 2 leaves what stands").isEmpty();

    String third = yaml("MAX(val)", 3, "{from: 2026-03-03, restate: true}", "");
    Jobs jobs = jobs(1000, SUM, modest, third);
    Restatements restatements = new Restatements(book, catalogue(SUM, modest, third), jobs, clock);
    restatements.takeUp();
    restatements.takeUp();
    Job job = book.next().orElseThrow();
    assertThat(job.kind()).isEqualTo(Kind.RESTATE);
    assertThat(job.codes()).containsExactly(CODE);
    assertThat(jobs.runNext()).isTrue();
    assertThat(pointsByVersion()).containsExactly(Map.entry(1, 46L), Map.entry(3, 46L));
    assertThat(jobs.runNext()).as("asked for once").isFalse();
  }

  @Test
  void indicesThatReadWhatIsRestatedFollow() {
    String scored =
        "normalise: {method: piecewise, points: [[0, 100], [10, 0]]}\nweight: {value: 0.5}";
    String first = yaml("SUM(val)", 1, "{from: 2020-01-01}", scored);
    String other = first.replace(CODE, "CVS-ENV-0002").replace("topic_env.air", "topic_env.water");
    Job job = run(jobs(1000, first, other, INDEX), backfill(MARCH_1, MARCH_5));
    assertThat(job.failure()).isNull();
    assertThat(indexAt(MARCH_3)).isEqualTo(90);
    run(
        jobs(
            1000,
            first,
            yaml("MAX(val)", 2, "{from: 2026-03-03, restate: true}", scored),
            other,
            INDEX),
        RESTATE);
    assertThat(indexAt(MARCH_3.plusSeconds(9 * 3600))).as("the maximum was 1").isEqualTo(90);
    assertThat(indexAt(MARCH_3.plusSeconds(14 * 3600))).as("the maximum was 6").isEqualTo(65);
  }

  private @Nullable Double indexAt(Instant period) {
    return store.at(List.of("CVS-ENV-0009"), List.of(period)).get(0).value();
  }

  @Test
  void aTrialTellsValuesGradesAndAlertsByDayAndPublishesNothing() {
    String draft =
        yaml(
                "MAX(val)",
                7,
                "{from: 2030-01-01}",
                "thresholds:\n"
                    + "  - {grade: yellow, when: \"value >= 20\"}\n"
                    + "  - {grade: red, when: \"value >= 22\", for: PT2H}\n"
                    + "threshold_source: 测试")
            .replace("reviewing", "draft");
    Job job = tried(jobs(24, SUM), draft);
    assertThat(store.entries).isEmpty();
    JsonNode report = Json.read(String.valueOf(job.report()), JsonNode.class);
    assertThat(report.path("days"))
        .extracting(JsonNode::toString)
        .containsExactly(
            "{\"date\":\"2026-03-01\",\"values\":23,\"missing\":1,\"grades\":{\"red\":2,\"yellow\":2},\"alerts\":1}",
            "{\"date\":\"2026-03-02\",\"values\":23,\"missing\":1,\"grades\":{\"red\":2,\"yellow\":2},\"alerts\":1}");
    JsonNode alert = report.path("alerts").path(0);
    assertThat(alert.path("from").asText()).isEqualTo("2026-02-28T20:00:00Z");
    assertThat(alert.path("to").asText()).isEqualTo("2026-03-01T00:00:00Z");
    assertThat(alert.path("grade").asText()).as("two hours at 22 and more").isEqualTo("red");
    assertThat(Json.write(job)).contains("\"kind\":\"dry-run\"", "\"report\":{\"code\"");
  }

  private static Job tried(Jobs jobs, String definition) {
    long id =
        jobs.submit(
                ANALYST, new Jobs.Request(Kind.DRY_RUN, List.of(), MARCH_1, MARCH_3, definition))
            .id();
    jobs.runNext();
    Job job = jobs.get(id);
    assertThat(job.state()).as(String.valueOf(job.failure())).isEqualTo(State.DONE);
    return job;
  }

  @Test
  void aTrialComparesWithItsOwnPastOverTheEndsOfSlices() {
    String draft =
        yaml(
            "MAX(val)",
            2,
            "{from: 2020-01-01}",
            "thresholds:\n  - {grade: yellow, when: \"sum(PT3H) >= 66\"}\nthreshold_source: 测试");
    // slices of one hour: 21, 22 and 23 are three of them
    JsonNode report =
        Json.read(String.valueOf(tried(jobs(1, SUM), draft).report()), JsonNode.class);
    assertThat(report.path("days"))
        .extracting(day -> day.path("grades").toString())
        .containsExactly("{\"yellow\":1}", "{\"yellow\":1}");
  }

  @Test
  void anIndexIsTriedOnThePointsOfItsInputs() {
    String scored =
        "normalise: {method: piecewise, points: [[0, 100], [10, 0]]}\nweight: {value: 0.5}";
    String first = yaml("SUM(val)", 1, "{from: 2020-01-01}", scored);
    String other = first.replace(CODE, "CVS-ENV-0002").replace("topic_env.air", "topic_env.water");
    Jobs jobs = jobs(1000, first, other);
    run(jobs, backfill(MARCH_1, MARCH_5));
    int before = store.entries.size();
    Job job = tried(jobs, INDEX.replace("lifecycle: reviewing", "lifecycle: draft"));
    assertThat(job.points()).as("none at 05:00, where both inputs are missing").isEqualTo(46);
    assertThat(store.entries).hasSize(before);
  }

  @Test
  void whatIsWrongWithADefinitionIsToldWithItsLine() {
    Jobs.Request request =
        new Jobs.Request(
            Kind.DRY_RUN,
            List.of(),
            MARCH_1,
            null,
            yaml("SUMM(val)", 1, "{from: 2020-01-01}", "wight: {value: 1}"));
    assertThatThrownBy(() -> jobs(24, SUM).submit(ANALYST, request))
        .isInstanceOfSatisfying(
            ChengmaiException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DEFINITION))
        .hasMessageContaining("definition:20: wight");
  }

  @Test
  void jobsThatCannotBeAreRefusedAtOnce() {
    Jobs jobs = jobs(24, SUM);
    assertThatThrownBy(() -> jobs.submit(ANALYST, backfill(MARCH_1, MARCH_5)))
        .hasMessageContaining("ADMIN");
    assertThatThrownBy(() -> jobs.submit(ADMIN, backfill(MARCH_5, null)))
        .hasMessageContaining("a stretch of the past");
    assertThatThrownBy(
            () ->
                jobs.submit(
                    ADMIN,
                    new Jobs.Request(Kind.BACKFILL, List.of("CVS-X"), MARCH_1, MARCH_5, null)))
        .hasMessageContaining("CVS-X");
    assertThatThrownBy(
            () ->
                jobs(24, SUM.replace("reviewing", "draft"))
                    .submit(
                        ADMIN,
                        new Jobs.Request(Kind.BACKFILL, List.of(CODE), MARCH_1, MARCH_5, null)))
        .hasMessageContaining("try it with a dry-run");
    long id = jobs.submit(ADMIN, backfill(MARCH_1, MARCH_5)).id();
    assertThatThrownBy(() -> jobs.cancel(ANALYST, id)).hasMessageContaining("another's job");
    assertThatThrownBy(() -> jobs.get(99)).hasMessageContaining("there is no job 99");
  }

  /** Hours from 50 days before {@code MARCH_1} on, with a daily course and a surge on 3 March. */
  private void storeHours() {
    List<IndicatorPoint> points = new ArrayList<>();
    Instant surge = MARCH_3.plusSeconds(5 * 3600);
    for (Instant at = MARCH_1.minus(Duration.ofDays(50));
        at.isBefore(MARCH_5);
        at = at.plusSeconds(3600)) {
      long hour = at.getEpochSecond() / 3600;
      double value = 100 + 30 * Math.sin(2 * Math.PI * hour / 24) + hour * 7919 % 100 / 25.0;
      for (String region : List.of("630102", "630103")) {
        points.add(
            new IndicatorPoint(
                SeriesKey.of(CODE, region),
                1,
                at,
                Grain.of("PT1H"),
                at.equals(surge) && region.equals("630102") ? value + 150 : value,
                null,
                null,
                1,
                Trust.COMPLETE,
                1,
                at.plusSeconds(3600),
                "h"));
      }
    }
    store.append(points);
  }

  private static Alert alert(String region, String note) {
    Instant start = MARCH_3.plusSeconds(5 * 3600);
    return new Alert(
        "01J",
        "f",
        AlertState.CLOSED,
        Grade.YELLOW,
        3,
        start,
        start,
        start.plusSeconds(7200),
        1,
        "li",
        note,
        new Anomaly(
            SeriesKey.of(CODE, region),
            "seasonal",
            "seasonal@1",
            Anomaly.Status.FIRING,
            start,
            1,
            Grade.YELLOW,
            250.0,
            null,
            6,
            new Anomaly.Reasons(List.of(), List.of())));
  }

  @Test
  void aBacktestTellsWhatTheDetectorsWouldHaveAlarmedBesideTheAlertsThereWere() {
    storeHours();
    int before = store.entries.size();
    raised.add(alert("630102", "dust"));
    raised.add(alert("630105", "elsewhere"));
    Jobs jobs = jobs(24, yaml("SUM(val)", 1, "{from: 2020-01-01}", "detect: {model: seasonal}"));
    long id =
        jobs.submit(
                ANALYST,
                new Jobs.Request(Kind.BACKTEST, List.of(CODE + "/630102"), MARCH_1, MARCH_5, null))
            .id();
    jobs.runNext();
    Job job = jobs.get(id);
    assertThat(job.state()).as(String.valueOf(job.failure())).isEqualTo(State.DONE);
    assertThat(store.entries).hasSize(before);
    assertThat(job.done()).isEqualTo(job.total()).isEqualTo(16);
    JsonNode report = Json.read(String.valueOf(job.report()), JsonNode.class);
    assertThat(report.path("series").asInt()).isOne();
    assertThat(report.path("days"))
        .extracting(JsonNode::toString)
        .containsExactly(
            "{\"date\":\"2026-03-01\",\"values\":24,\"missing\":0,\"alerts\":{},\"raised\":0}",
            "{\"date\":\"2026-03-02\",\"values\":24,\"missing\":0,\"alerts\":{},\"raised\":0}",
            "{\"date\":\"2026-03-03\",\"values\":24,\"missing\":0,\"alerts\":{\"seasonal\":1},\"raised\":1}",
            "{\"date\":\"2026-03-04\",\"values\":24,\"missing\":0,\"alerts\":{},\"raised\":0}");
    JsonNode alarm = report.path("alerts").path(0);
    assertThat(alarm.path("alert").path("from").asText()).isEqualTo("2026-03-02T21:00:00Z");
    assertThat(alarm.path("raised").asText()).isEqualTo("01J");
    assertThat(report.path("raised")).hasSize(1);
    assertThat(report.path("raised").path(0).path("note").asText()).isEqualTo("dust");
  }

  @Test
  void aBacktestOfAllRegionsJudgesEachSeries() {
    storeHours();
    Jobs jobs = jobs(24, yaml("SUM(val)", 1, "{from: 2020-01-01}", "detect: {model: seasonal}"));
    Job job = run(jobs, new Jobs.Request(Kind.BACKTEST, List.of(CODE), MARCH_1, MARCH_5, null));
    JsonNode report = Json.read(String.valueOf(job.report()), JsonNode.class);
    assertThat(report.path("series").asInt()).isEqualTo(2);
    assertThat(report.path("days").path(0).path("values").asInt()).isEqualTo(48);
    assertThat(report.path("alerts")).hasSize(1);
  }

  @Test
  void aBacktestNamesOneKnownIndicator() {
    Jobs jobs = jobs(24, SUM);
    assertThatThrownBy(
            () ->
                jobs.submit(
                    ANALYST, new Jobs.Request(Kind.BACKTEST, List.of(), MARCH_1, null, null)))
        .hasMessageContaining("of one indicator");
    assertThatThrownBy(
            () ->
                jobs.submit(
                    ANALYST,
                    new Jobs.Request(
                        Kind.BACKTEST, List.of("CVS-NO-0001/630102"), MARCH_1, null, null)))
        .hasMessageContaining("CVS-NO-0001");
  }
}
