package org.chengmai.engine.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.alerts.TestDatabase;
import org.chengmai.engine.command.CommandLineTool;
import org.chengmai.engine.demo.RunningDemo;
import org.chengmai.engine.history.Job.Kind;
import org.chengmai.engine.history.Job.State;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Jobs over the past of the demo's hotline, by HTTP and by the commands. */
@ExtendWith(RunningDemo.Extension.class)
final class JobsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String CODE = "CVS-HOT-0001";

  private final RunningDemo demo;
  private final Instant to;
  private final Instant from;

  JobsIT(RunningDemo demo) {
    this.demo = demo;
    ZoneId zone = ZoneId.of("Asia/Shanghai");
    to = Grain.of("P1D").floor(demo.now(), zone);
    from = to.minus(Duration.ofDays(2));
  }

  private HttpResponse<String> post(Map<String, ?> request)
      throws IOException, InterruptedException {
    return demo.send(
        demo.request("/api/v1/jobs")
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(request))));
  }

  private JsonNode run(Map<String, ?> request) throws Exception {
    HttpResponse<String> answer = post(request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String path = "/api/v1/jobs/" + Json.read(answer.body(), JsonNode.class).path("id").asLong();
    JsonNode[] job = new JsonNode[1];
    RunningDemo.await(
        "the job ends",
        PATIENCE,
        () -> {
          job[0] = Json.read(demo.send(demo.request(path)).body(), JsonNode.class);
          return job[0].has("endedAt");
        });
    return job[0];
  }

  @Test
  void historyIsComputedOnce() throws Exception {
    Map<String, ?> backfill =
        Map.of("kind", "backfill", "codes", List.of(CODE), "from", from, "to", to);
    JsonNode first = run(backfill);
    assertThat(first.path("state").asText()).as(first.toString()).isEqualTo("done");
    assertThat(first.path("done").asInt()).isPositive().isEqualTo(first.path("total").asInt());
    // by groups, as Druid only estimates how many are distinct
    RunningDemo.await(
        "two days of the city and its seven districts are in Druid",
        PATIENCE,
        () ->
            demo.engine()
                    .ingestion()
                    .druid()
                    .count(
                        "SELECT COUNT(*) FROM (SELECT \"__time\" FROM vital_signs WHERE code = '%s' AND __time >= MILLIS_TO_TIMESTAMP(%d) AND __time < MILLIS_TO_TIMESTAMP(%d) GROUP BY \"__time\")"
                            .formatted(CODE, from.toEpochMilli(), to.toEpochMilli()))
                == 48);
    JsonNode again = run(backfill);
    assertThat(again.path("state").asText()).isEqualTo("done");
    assertThat(again.path("points").asLong()).isZero();
    HttpResponse<String> cancelled =
        demo.send(demo.request("/api/v1/jobs/" + again.path("id").asLong()).DELETE());
    assertThat(cancelled.body()).as("what is over stays").contains("\"state\":\"done\"");
    assertThat(demo.send(demo.request("/api/v1/jobs")).body()).contains("\"kind\":\"backfill\"");
    assertThat(demo.get("/api/v1/jobs").statusCode()).isEqualTo(401);
    HttpResponse<String> refused = post(Map.of("kind", "restate", "codes", List.of(CODE)));
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("does not replace earlier ones");
  }

  @Test
  void aDefinitionIsTriedByTheCommandWithoutPublishing(@TempDir Path folder) throws Exception {
    String draft =
        ShippedDefinitions.files()
            .get(CODE + ".yaml")
            .replace("version: 1", "version: 99")
            .replace("lifecycle: published", "lifecycle: draft")
            .replace("z > 3", "value >= 1");
    JsonNode job = run(Map.of("kind", "dry-run", "definition", draft, "from", from, "to", to));
    assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("done");
    JsonNode day = job.path("report").path("days").path(1);
    assertThat(day.path("values").asInt()).as("24 hours of eight regions").isEqualTo(192);
    assertThat(day.path("grades").path("yellow").asInt()).isPositive();
    assertThat(
            demo.engine()
                .ingestion()
                .druid()
                .count("SELECT COUNT(*) FROM vital_signs WHERE version = 99"))
        .isZero();
    Path file = Files.writeString(folder.resolve("draft.yaml"), draft);
    assertThat(command("dry-run", file.toString(), "--from", from.toString())).isZero();
    Files.writeString(file, draft.replace("direction: neutral", "direction: sideways"));
    assertThat(command("dry-run", file.toString(), "--from", from.toString())).isEqualTo(1);
    assertThat(command("backfill", "--codes", CODE, "--from", from.toString(), "--json")).isZero();
  }

  private int command(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", demo.address().toString(), "--token", demo.engine().ownToken()));
    return CommandLineTool.run(all.toArray(String[]::new));
  }

  @Test
  void theBookKeepsJobsAndTheirFinishedSlices() {
    try (TestDatabase database = new TestDatabase()) {
      PostgresJobs book = new PostgresJobs(database.dataSource());
      long first = book.add(Kind.RESTATE, List.of(CODE), from, to, null, "li", to);
      long second = book.add(Kind.DRY_RUN, List.of(), from, to, "kind: 指标", "wang", to);
      assertThat(book.next()).map(Job::id).contains(first);
      book.begin(first, 3);
      book.finish(first, "a", 5);
      book.finish(first, "a", 0);
      book.finish(first, "b", 7);
      PostgresJobs afterRestart = new PostgresJobs(database.dataSource());
      assertThat(afterRestart.finished(first)).containsExactlyInAnyOrder("a", "b");
      Job job = afterRestart.next().orElseThrow();
      assertThat(job)
          .extracting(Job::id, Job::state, Job::done, Job::total, Job::points, Job::codes)
          .containsExactly(first, State.RUNNING, 2, 3, 12L, List.of(CODE));
      assertThat(book.end(first, State.CANCELLED, null, null, to)).isTrue();
      assertThat(book.end(first, State.DONE, null, null, to)).as("over is over").isFalse();
      book.begin(first, 9);
      assertThat(book.find(first)).map(Job::state).contains(State.CANCELLED);
      assertThat(book.next()).map(Job::definition).contains("kind: 指标");
      book.finish(second, "a", 1);
      book.restart(second);
      assertThat(book.finished(second)).isEmpty();
      book.end(second, State.DONE, null, "{\"days\":[]}", to);
      assertThat(book.next()).isEmpty();
      assertThat(book.newest(1)).extracting(Job::report).containsExactly("{\"days\":[]}");
    }
  }
}
