package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.chengmai.engine.RealServers;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What curl gets of SQL over HTTP. */
@ExtendWith(RealServers.class)
@Timeout(120)
final class SqlHttpIT {
  /** The answer broke off before its end. */
  private static final int CURL_PARTIAL = 18;

  /** Some hundred thousand good rows, then one that cannot be computed. */
  private static final String FAILS_LATE =
      "select n, 7 / (n - 200000) as q, 'a text that fills the answer' as t from base_rows.numbers";

  @TempDir static Path folder;
  private static SqlServer server;

  @BeforeAll
  static void start() throws Exception {
    Assumptions.assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "curl"))),
        "curl is not installed");
    server = new SqlServer(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  /**
   * @param exit what curl ends with
   * @param head status line and header fields, in lower case
   */
  private record Answer(int exit, String head, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
      return Json.read(text(), JsonNode.class);
    }
  }

  private static Answer curl(String user, String path, String... options) throws Exception {
    Path head = Files.createTempFile(folder, "head", ".txt");
    Path body = Files.createTempFile(folder, "body", ".bin");
    List<String> command =
        new ArrayList<>(List.of("curl", "-s", "-D", head.toString(), "-o", body.toString(), "-H"));
    command.add("Authorization: Bearer " + user);
    command.addAll(List.of(options));
    command.add(server.address().resolve(path).toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Answer(
        process.exitValue(),
        Files.readString(head).toLowerCase(Locale.ROOT),
        Files.readAllBytes(body));
  }

  private static Answer sql(String format, String sql, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--data-binary", sql));
    return curl("ana", "/api/v1/sql?format=" + format, all.toArray(String[]::new));
  }

  private static Answer parameters(String json) throws Exception {
    return sql("json", json, "-H", "Content-Type: application/json");
  }

  /** An entry is there soon after its query has ended. */
  private static JsonNode logged(String user, String id) throws Exception {
    Answer answer = curl(user, "/api/v1/sql/log/" + id);
    while (answer.head().contains(" 404 ")) {
      answer = curl(user, "/api/v1/sql/log/" + id);
    }
    ApiContract.check("get", "/api/v1/sql/log/" + id, 200, answer.text());
    return answer.json();
  }

  @Test
  void jsonIsOneDocument() throws Exception {
    Answer answer = sql("json", "select ts, region, v from base_env.air order by ts");
    assertThat(answer.head()).contains(" 200 ").contains("content-type: application/json");
    ApiContract.check("post", "/api/v1/sql", 200, answer.text());
    assertThat(answer.json().at("/rows/0/1").asText()).isEqualTo("城东,\"甲\"");
  }

  @Test
  void ndjsonIsALineForEachRow() throws Exception {
    Answer answer = sql("ndjson", "select ts, region, v from base_env.air order by ts");
    assertThat(answer.head()).contains("content-type: application/x-ndjson");
    assertThat(answer.text())
        .isEqualTo(
            """
            {"ts":"2026-01-01T00:10:00Z","region":"城东,\\"甲\\"","v":10}
            {"ts":"2026-01-01T00:40:00Z","region":"城西","v":null}
            """);
    assertThat(
            curl("ana", "/api/v1/sql", "-H", "Accept: application/x-ndjson", "-d", "select 1 as a")
                .text())
        .isEqualTo("{\"a\":1}\n");
  }

  @Test
  void csvIsQuotedAndMarkedWhereWanted() throws Exception {
    String sql = "select region, v from base_env.air order by ts";
    String csv = "region,v\r\n\"城东,\"\"甲\"\"\",10\r\n城西,\r\n";
    assertThat(sql("csv", sql).text()).isEqualTo(csv);
    Answer marked = sql("csv&bom=true", sql);
    assertThat(marked.text()).isEqualTo("\uFEFF" + csv);
    assertThat(marked.head()).contains("content-type: text/csv; charset=utf-8");
  }

  @Test
  void arrowIsAStreamWithAnEnd() throws Exception {
    Answer answer = sql("arrow", "select n from base_rows.numbers");
    assertThat(answer.exit()).isZero();
    assertThat(rows(answer.body())).isEqualTo(200_000);
    assertThat(Arrays.copyOfRange(answer.body(), answer.body().length - 8, answer.body().length))
        .as("the mark of the end")
        .containsExactly(-1, -1, -1, -1, 0, 0, 0, 0);
  }

  private static long rows(byte[] stream) throws IOException {
    long rows = 0;
    try (RootAllocator memory = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(stream), memory)) {
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "ndjson", "csv", "arrow"})
  void anErrorBeforeTheFirstRowHasItsStatus(String format) throws Exception {
    Answer answer = sql(format, "select nope from base_env.air");
    assertThat(answer.exit()).isZero();
    assertThat(answer.head()).contains(" 400 ").contains("content-type: application/json");
    assertThat(answer.json().at("/error/message").asText()).contains("nope");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "ndjson", "csv", "arrow"})
  void anErrorAmongTheRowsBreaksOffAndIsLogged(String format) throws Exception {
    String id = UUID.randomUUID().toString();
    Answer answer = sql(format, FAILS_LATE, "-H", "X-Query-Id: " + id);
    assertThat(answer.head()).as(answer.text()).contains(" 200 ").contains("x-query-id: " + id);
    assertThat(answer.body()).hasSizeGreaterThan(1 << 16);
    assertThat(answer.exit()).isEqualTo(CURL_PARTIAL);
    JsonNode entry = logged("ana", id);
    assertThat(entry.get("outcome").asText()).isEqualTo("failed");
    assertThat(entry.get("message").asText()).contains("division by zero");
  }

  @Test
  void jsonAndNdjsonAlsoEndWithTheError() throws Exception {
    JsonNode document = sql("json", FAILS_LATE).json();
    assertThat(document.at("/error/message").asText()).contains("division by zero");
    assertThat(document.get("rows").size()).isPositive();
    assertThat(document.has("elapsed_ms")).isFalse();
    String lines = sql("ndjson", FAILS_LATE).text();
    assertThat(lines.substring(lines.lastIndexOf('\n', lines.length() - 2) + 1))
        .startsWith("{\"error\":{")
        .endsWith("}}\n");
  }

  @Test
  void anAnswerIsCompressedForWhoAsks() throws Exception {
    String sql = "select n from base_rows.numbers";
    Answer plain = sql("csv", sql);
    Answer small = sql("csv", sql, "-H", "Accept-Encoding: gzip");
    assertThat(plain.head()).doesNotContain("content-encoding");
    assertThat(small.head()).contains("content-encoding: gzip");
    assertThat(small.body().length).isLessThan(plain.body().length / 2);
    try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(small.body()))) {
      assertThat(unpacked.readAllBytes()).isEqualTo(plain.body());
    }
  }

  @Test
  void parametersAreValuesAndNoSql() throws Exception {
    Answer answer =
        parameters(
            "{\"sql\":\"select region, v from base_env.air where region = ? and v > ? and ts < ? limit ?\","
                + "\"parameters\":[\"城东,\\\"甲\\\"\",9.5,\"2026-01-02T00:00:00Z\",3]}");
    assertThat(answer.json().get("rows")).as(answer.text()).hasToString("[[\"城东,\\\"甲\\\"\",10]]");
    assertThat(
            parameters(
                    "{\"sql\":\"select count(*) from base_env.air where region = $1\",\"parameters\":[\"x' or '1'='1\"]}")
                .json()
                .at("/rows/0/0")
                .asInt())
        .isZero();
    assertThat(
            parameters(
                    "{\"sql\":\"select ? as a, ? as b, ? as c, ? as d\",\"parameters\":[1,2.5,true,null]}")
                .json()
                .get("rows"))
        .hasToString("[[1,2.5,true,null]]");
    assertThat(parameters("{\"sql\":\"select ?\",\"parameters\":[1,2]}").text())
        .contains("1 parameters, and 2 values came");
    assertThat(parameters("{\"sql\":\"select ?\",\"parameters\":[{}]}").text())
        .contains("'parameters' is a list");
  }

  @Test
  void aClientChoosesTheIdAndSoLooksAndCancelsBeforeTheFirstRow() throws Exception {
    String id = UUID.randomUUID().toString();
    Path body = folder.resolve("cancelled.json");
    Process slow =
        new ProcessBuilder(
                "curl",
                "-s",
                "-o",
                body.toString(),
                "-H",
                "Authorization: Bearer ana",
                "-H",
                "X-Query-Id: " + id,
                "-H",
                "User-Agent: chengmai-sql",
                "--data-binary",
                "select count(*) from base_rows.numbers a, base_rows.numbers b, base_rows.numbers c where a.n + b.n + c.n > 7",
                server.address().resolve("/api/v1/sql").toString())
            .start();
    String path = "/api/v1/sql/queries/" + id;
    Answer running = curl("ana", path);
    while (!running.head().contains(" 200 ")
        || !running.json().get("state").asText().equals("running")) {
      running = curl("ana", path);
    }
    ApiContract.check("get", path, 200, running.text());
    assertThat(running.json().get("via").asText()).isEqualTo("terminal");
    assertThat(running.json().at("/steps/0/source").asText()).isEqualTo("base_rows");
    assertThat(curl("ben", path).head()).contains(" 404 ");
    assertThat(sql("json", "select 1", "-H", "X-Query-Id: " + id).head()).contains(" 409 ");
    assertThat(curl("ana", path, "-X", "DELETE").head()).contains(" 204 ");
    assertThat(slow.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(body)).contains("cancelled");
    assertThat(logged("ana", id).get("outcome").asText()).isEqualTo("cancelled");
    assertThat(sql("json", "select 1", "-H", "X-Query-Id: 7").text()).contains("no UUID");
  }

  @Test
  void theLogIsSearched() throws Exception {
    String id = UUID.randomUUID().toString();
    assertThat(sql("csv", "select 4711 as wanted", "-H", "X-Query-Id: " + id).exit()).isZero();
    assertThat(curl("vi", "/api/v1/sql", "-d", "select 4711").head()).contains(" 403 ");
    assertThat(logged("root", id).get("rows").asInt()).isEqualTo(1);
    String path = "/api/v1/sql/log?text=4711%20AS&outcome=done&from=2020-01-01&limit=1";
    Answer found = curl("ana", path);
    ApiContract.check("get", path, 200, found.text());
    assertThat(found.json().at("/queries/0/id").asText()).isEqualTo(id);
    assertThat(found.json().get("next").asLong()).isPositive();
    assertThat(curl("ben", path).json().get("queries")).isEmpty();
    assertThat(curl("ben", "/api/v1/sql/log/" + id).head()).contains(" 404 ");
    assertThat(curl("root", "/api/v1/sql/log?user=vi&outcome=refused").json().get("queries"))
        .hasSize(1);
    assertThat(curl("ana", "/api/v1/sql/log?outcome=good").text()).contains("expired or refused");
    assertThat(curl("ana", "/api/v1/sql/log?limit=0").head()).contains(" 400 ");
    assertThat(curl("vi", "/api/v1/sql/log").head()).contains(" 403 ");
  }
}
