package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.chengmai.engine.RealServers;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Saved queries over HTTP, in a real PostgreSQL. */
@ExtendWith(RealServers.class)
@Timeout(120)
final class SavedQueryIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;
  private SqlServer server;

  @BeforeEach
  void start() throws Exception {
    server = new SqlServer(folder);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private HttpResponse<String> send(String user, String method, String name, String body)
      throws Exception {
    String path =
        "/api/v1/sql/saved"
            + (name.isEmpty()
                ? ""
                : "/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
    HttpResponse<String> answer =
        CLIENT.send(
            HttpRequest.newBuilder(server.address().resolve(path))
                .header("Authorization", "Bearer " + user)
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 204) {
      ApiContract.check(method, path, answer.statusCode(), answer.body());
    }
    return answer;
  }

  private int save(String user, String name, String sql) throws Exception {
    return send(user, "PUT", name, Json.write(Map.of("sql", sql))).statusCode();
  }

  private JsonNode list(String user) throws Exception {
    return Json.read(send(user, "GET", "", "").body(), JsonNode.class).get("queries");
  }

  @ParameterizedTest
  @ValueSource(strings = {"每日 / 空气", "a name", "100 %?#&+"})
  void aQueryIsKeptUnderItsNameAndReplacedAndDeleted(String name) throws Exception {
    assertThat(save("ana", name, "SELECT 1")).isEqualTo(200);
    assertThat(save("ana", name, "SELECT '城东', 2")).isEqualTo(200);
    assertThat(list("ana")).hasSize(1);
    assertThat(list("ana").at("/0/name").asText()).isEqualTo(name);
    assertThat(list("ana").at("/0/sql").asText()).isEqualTo("SELECT '城东', 2");
    assertThat(send("ana", "DELETE", name, "").statusCode()).isEqualTo(204);
    assertThat(list("ana")).isEmpty();
    assertThat(send("ana", "DELETE", name, "").statusCode()).isEqualTo(404);
  }

  @Test
  void everyoneHasHisOwn() throws Exception {
    save("ana", "same", "SELECT 1");
    save("ben", "same", "SELECT 2");
    assertThat(list("root")).isEmpty();
    assertThat(send("root", "DELETE", "same", "").statusCode()).isEqualTo(404);
    assertThat(send("ben", "DELETE", "same", "").statusCode()).isEqualTo(204);
    assertThat(list("ana").at("/0/sql").asText()).isEqualTo("SELECT 1");
    assertThat(send("vi", "GET", "", "").statusCode()).isEqualTo(403);
    assertThat(save("vi", "mine", "SELECT 1")).isEqualTo(403);
  }

  @Test
  void whatIsNoQueryIsRefused() throws Exception {
    assertThat(save("ana", " ", "SELECT 1")).isEqualTo(400);
    assertThat(save("ana", "empty", " ")).isEqualTo(400);
    assertThat(save("ana", "nul", "SELECT '\0'")).isEqualTo(400);
    assertThat(save("ana", "n".repeat(201), "SELECT 1")).isEqualTo(413);
    assertThat(save("ana", "long", "-".repeat(100_001))).isEqualTo(413);
    assertThat(list("ana")).isEmpty();
  }

  @Test
  void thereIsAnEndToHowMany() throws Exception {
    for (int i = 0; i < 500; i++) {
      assertThat(save("ana", "query " + i, "SELECT " + i)).isEqualTo(200);
    }
    assertThat(save("ana", "one more", "SELECT 1")).isEqualTo(413);
    assertThat(save("ana", "query 7", "SELECT 77")).isEqualTo(200);
    assertThat(save("ben", "the first", "SELECT 1")).isEqualTo(200);
  }
}
