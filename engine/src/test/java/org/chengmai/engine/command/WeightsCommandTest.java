package org.chengmai.engine.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chengmai.indicators.composite.CompositeIndex;
import org.chengmai.indicators.composite.IndexValue;
import org.chengmai.indicators.composite.Reading;
import org.chengmai.indicators.composite.WeightStudy;
import org.chengmai.indicators.composite.Weights;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;

final class WeightsCommandTest {
  private static final CompositeIndex INDEX =
      CompositeIndex.of(
          "CVS-UTL-9000", Weights.of(Map.of("CVS-UTL-0001", 0.6, "CVS-UTL-0002", 0.4)), Set.of());

  private static IndexValue value(double one, double other) {
    return INDEX.value(
        Map.of("CVS-UTL-0001", new Reading(one, null), "CVS-UTL-0002", new Reading(other, null)));
  }

  private static JsonNode series(IndexValue... values) {
    List<Map<String, Object>> points = new ArrayList<>();
    for (IndexValue value : values) {
      points.add(Map.of("point", Map.of("parts", Json.write(value))));
    }
    points.add(Map.of("point", Map.of("trust", "missing")));
    return Json.read(Json.write(Map.of("points", points)), JsonNode.class);
  }

  @Test
  void theTableTheLinesToPasteAndTheRanksArePrinted() {
    Map<String, List<IndexValue>> values = new LinkedHashMap<>();
    values.put("630102", WeightsCommand.values("X", series(value(80, 50), value(90, 60))));
    values.put("630103", WeightsCommand.values("X", series(value(10, 70), value(20, 50))));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    WeightsCommand.print(
        WeightStudy.of("CVS-UTL-9000", values),
        WeightStudy.Method.CRITIC,
        Instant.parse("2026-01-01T00:00:00Z"),
        Instant.parse("2026-02-01T00:00:00Z"),
        new PrintStream(bytes, true, StandardCharsets.UTF_8));
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines.get(0))
        .isEqualTo(
            "CVS-UTL-9000 from 2026-01-01T00:00:00Z to 2026-02-01T00:00:00Z: 4 values of 2 regions, 0 left out for an input without a score");
    assertThat(lines.get(2)).isEqualTo("input         mean score  now     entropy  critic  combo");
    assertThat(lines.get(4)).startsWith("CVS-UTL-0001  50.0        0.6000  ");
    double sum = 0;
    for (String line : lines) {
      if (line.contains(".yaml  weight: {value: ")) {
        assertThat(line).endsWith(", method: critic}");
        sum += Double.parseDouble(line.replaceAll(".*value: ([0-9.]+),.*", "$1"));
      }
    }
    assertThat(sum).isEqualTo(1);
    assertThat(lines.get(lines.size() - 2)).matches("1     630102  \\d+\\.\\d +100 %");
  }

  @Test
  void aRunningEngineIsAskedForEachDistrictsSeries() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<String> asked = new ArrayList<>();
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().toString();
          asked.add(path);
          byte[] body =
              (path.endsWith("/city")
                      ? "{\"now\":\"2026-02-01T00:00:00Z\",\"districts\":[{\"code\":\"630102\"},{\"code\":\"630103\"}]}"
                      : series(value(path.contains("630102") ? 80 : 20, 50), value(30, 60))
                          .toString())
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      String address = "http://127.0.0.1:" + server.getAddress().getPort();
      assertThat(
              CommandLineTool.run(
                  "weights",
                  "CVS-UTL-9000",
                  "--method",
                  "entropy",
                  "--from",
                  "2026-01-01",
                  "--server",
                  address,
                  "--token",
                  "t"))
          .isZero();
      assertThat(asked)
          .containsExactly(
              "/api/v1/city",
              "/api/v1/indicators/CVS-UTL-9000/series?region=630102&from=2025-12-31T16:00:00Z&to=2026-02-01T00:00:00Z",
              "/api/v1/indicators/CVS-UTL-9000/series?region=630103&from=2025-12-31T16:00:00Z&to=2026-02-01T00:00:00Z");
      assertThat(
              CommandLineTool.run(
                  "weights",
                  "CVS-UTL-9000",
                  "--from",
                  "january",
                  "--server",
                  address,
                  "--token",
                  "t"))
          .isEqualTo(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anIndicatorThatIsNoIndexHasNoWeights() {
    JsonNode sums =
        Json.read(
            "{\"points\":[{\"point\":{\"parts\":\"{\\\"pm25\\\":[12.5,4]}\"}}]}", JsonNode.class);
    assertThatThrownBy(() -> WeightsCommand.values("CVS-ENV-0002", sums))
        .hasMessage("CVS-ENV-0002 is no composite indicator: it has no weights");
  }
}
