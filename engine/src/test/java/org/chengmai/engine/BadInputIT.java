package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.chengmai.engine.demo.RunningDemo;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What senders get wrong, over HTTP against a running engine: a clear answer, kept where it is
 * data, and everybody else goes on.
 */
@ExtendWith(RunningDemo.Extension.class)
final class BadInputIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String NDJSON = "application/x-ndjson";

  private final RunningDemo demo;
  private final String series = "bad.input." + UUID.randomUUID().toString().substring(0, 8);
  private long lettersBefore;

  BadInputIT(RunningDemo demo) {
    this.demo = demo;
  }

  @BeforeEach
  void aSeriesOfItsOwn() throws Exception {
    register(series);
    lettersBefore = letters().path("count").asLong();
  }

  /** Whatever came before: a good batch is stored and seen, and the engine calls itself ready. */
  @AfterEach
  void nothingElseIsDisturbed() throws Exception {
    assertThat(
            receipt(push(NDJSON, row(series, demo.now().toEpochMilli(), "42"), 200))
                .path("accepted")
                .asInt())
        .isEqualTo(1);
    RunningDemo.await(
        "the good row is visible",
        PATIENCE,
        () ->
            demo.engine()
                    .ingestion()
                    .druid()
                    .count(
                        "SELECT COUNT(*) FROM observations WHERE series = '"
                            + series
                            + "' AND \"value\" = 42")
                == 1);
    assertThat(demo.get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void malformedJsonIsNamedAndKept() throws Exception {
    HttpResponse<String> answer = push("application/json", "{\"series\":\"" + series + "\",", 400);
    assertThat(receipt(answer).path("rejected").asInt()).isEqualTo(1);
    assertThat(receipt(answer).path("errors").get(0).asText()).containsIgnoringCase("JSON");
    assertThat(newLetters())
        .singleElement()
        .satisfies(letter -> assertThat(original(letter)).startsWith("{\"series\""));
  }

  @Test
  void aWrongTypeSpoilsOnlyItsRow() throws Exception {
    long now = demo.now().toEpochMilli();
    String body =
        row(series, now, "1")
            + "\n"
            + row(series, now + 1, "\"warm\"")
            + "\n"
            + row(series, now + 2, "3");
    JsonNode receipt = receipt(push(NDJSON, body, 200));
    assertThat(receipt.path("accepted").asInt()).isEqualTo(2);
    assertThat(receipt.path("rejected").asInt()).isEqualTo(1);
    assertThat(receipt.path("errors").get(0).asText()).contains("value").contains("warm");
    assertThat(newLetters())
        .singleElement()
        .satisfies(letter -> assertThat(original(letter)).contains("warm"));
  }

  @Test
  void anUnknownSeriesIsReplayedOnceItIsRegistered() throws Exception {
    String late = series + ".late";
    JsonNode receipt = receipt(push(NDJSON, row(late, demo.now().toEpochMilli(), "7"), 400));
    assertThat(receipt.path("errors").get(0).asText()).contains(late);
    JsonNode letter = newLetters().get(0);
    assertThat(letter.path("reason").asText()).contains(late);
    JsonNode tooEarly = replay(letter);
    assertThat(tooEarly.path("stored")).isEmpty();
    assertThat(tooEarly.path("failed").get(0).path("reason").asText()).contains(late);
    register(late);
    assertThat(replay(letter).path("stored")).hasSize(1);
    assertThat(replay(letter).path("stored")).as("a second replay stores nothing more").hasSize(1);
    RunningDemo.await(
        "the replayed row is visible",
        PATIENCE,
        () ->
            demo.engine()
                    .ingestion()
                    .druid()
                    .count("SELECT COUNT(*) FROM observations WHERE series = '" + late + "'")
                == 1);
    assertThat(letters().path("dead_letters").get(0).path("replayed").asBoolean()).isTrue();
  }

  @Test
  void aTimeTenYearsOffIsRefused() throws Exception {
    for (long years : new long[] {-10, 10}) {
      long time = demo.now().plus(Duration.ofDays(3653 * years / 10)).toEpochMilli();
      JsonNode receipt = receipt(push(NDJSON, row(series, time, "1"), 400));
      assertThat(receipt.path("errors").get(0).asText()).contains("time");
    }
    assertThat(newLetters()).hasSize(2);
  }

  @Test
  void aLineOfTenMegabytesIsOneBadRowWhoseBeginningIsKept() throws Exception {
    long now = demo.now().toEpochMilli();
    String huge =
        "{\"series\":\""
            + series
            + "\",\"time\":"
            + now
            + ",\"value\":1,\"id\":\""
            + "x".repeat(10 << 20)
            + "\"}";
    JsonNode receipt =
        receipt(
            push(
                NDJSON,
                row(series, now, "1") + "\n" + huge + "\n" + row(series, now + 1, "2"),
                200));
    assertThat(receipt.path("accepted").asInt()).isEqualTo(2);
    assertThat(receipt.path("rejected").asInt()).isEqualTo(1);
    JsonNode letter = newLetters().get(0);
    assertThat(letter.path("length").asInt()).isGreaterThan(10 << 20);
    assertThat(original(letter)).startsWith("{\"series\"").hasSizeLessThan(1 << 20);
    assertThat(letter.path("sha256").asText()).hasSize(64);
  }

  @Test
  void aBodyAboveTheLimitIsRefusedAsAWhole() throws Exception {
    assertThat(push(NDJSON, " ".repeat(17 << 20), 413).body()).contains("at most");
    assertThat(newLetters()).isEmpty();
  }

  @Test
  void anotherCharsetIsNamed() throws Exception {
    String row = row(series, demo.now().toEpochMilli(), "1").replace("}", ",\"id\":\"城脉\"}");
    assertThat(push(NDJSON + "; charset=GB18030", row, 400).body()).contains("UTF-8");
    assertThat(newLetters()).as("a refused request is no data").isEmpty();
    JsonNode receipt = receipt(push(NDJSON, row.getBytes(Charset.forName("GB18030")), 400));
    assertThat(receipt.path("errors").get(0).asText()).contains("UTF-8");
    assertThat(newLetters()).hasSize(1);
  }

  @Test
  void aWrongTokenIsNobody() throws Exception {
    for (String token : new String[] {"Bearer wrong", "Bearer ", "Basic YTpi", "城脉"}) {
      HttpResponse<String> answer =
          demo.send(
              HttpRequest.newBuilder(demo.address().resolve("/api/v1/observations"))
                  .header(
                      "Authorization",
                      new String(
                          token.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                  .POST(BodyPublishers.ofString(row(series, demo.now().toEpochMilli(), "1"))));
      assertThat(answer.statusCode()).as(token).isEqualTo(401);
      assertThat(error(answer).path("code").asText()).isEqualTo("unauthenticated");
    }
    assertThat(newLetters()).isEmpty();
  }

  private static String row(String series, long time, String value) {
    return "{\"series\":\"%s\",\"time\":%d,\"value\":%s}".formatted(series, time, value);
  }

  private void register(String id) throws Exception {
    String body =
        Json.write(
            List.of(Map.of("id", id, "measure", "bad.input", "region", "630102", "unit", "1")));
    HttpResponse<String> answer =
        demo.send(demo.request("/api/v1/series").POST(BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private HttpResponse<String> push(String type, String body, int expected) throws Exception {
    return push(type, body.getBytes(StandardCharsets.UTF_8), expected);
  }

  private HttpResponse<String> push(String type, byte[] body, int expected) throws Exception {
    HttpResponse<String> answer =
        demo.send(
            demo.request("/api/v1/observations")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
    return answer;
  }

  private JsonNode letters() throws Exception {
    return Json.mapper().readTree(demo.send(demo.request("/api/v1/dead-letters?limit=20")).body());
  }

  /** The dead letters that this test caused, newest first. */
  private List<JsonNode> newLetters() throws Exception {
    JsonNode now = letters();
    List<JsonNode> fresh = new ArrayList<>();
    for (int i = 0; i < now.path("count").asLong() - lettersBefore; i++) {
      fresh.add(now.path("dead_letters").get(i));
    }
    return fresh;
  }

  private static String original(JsonNode letter) {
    return new String(
        Base64.getDecoder().decode(letter.path("raw").asText()), StandardCharsets.UTF_8);
  }

  private JsonNode replay(JsonNode letter) throws Exception {
    String body = "{\"ids\":[" + letter.path("id").asLong() + "]}";
    HttpResponse<String> answer =
        demo.send(demo.request("/api/v1/dead-letters/replay").POST(BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.mapper().readTree(answer.body());
  }

  private static JsonNode receipt(HttpResponse<String> answer) throws Exception {
    return Json.mapper().readTree(answer.body());
  }

  private static JsonNode error(HttpResponse<String> answer) throws Exception {
    return Json.mapper().readTree(answer.body()).path("error");
  }
}
