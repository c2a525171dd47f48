package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.chengmai.engine.pipeline.CitySnapshot;
import org.chengmai.engine.pipeline.Comparisons;
import org.chengmai.engine.pipeline.Definitions;
import org.chengmai.engine.pipeline.MemoryStore;
import org.chengmai.engine.pipeline.NewestPoints;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.chengmai.indicators.calendar.Calendars;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class SnapshotRoutesTest {
  private static final Instant DAY = Instant.parse("2026-03-09T16:00:00Z");

  private static final BufferAllocator ALLOCATOR = new RootAllocator();

  private static TestServer server;

  @BeforeAll
  static void open() throws Exception {
    IndicatorCatalogue catalogue =
        Definitions.catalogue(
            Definitions.simple(
                "CVS-ENV-0001",
                "P1D",
                "lower_better",
                "thresholds: [{grade: yellow, when: \"value > 75\"}]\nthreshold_source: 测试"),
            Definitions.simple("CVS-ENV-0002", "P1D", "neutral", ""));
    List<IndicatorPoint> points = new ArrayList<>();
    for (String code : List.of("CVS-ENV-0001", "CVS-ENV-0002")) {
      for (String region : List.of("630100", "630102")) {
        points.add(point(code, region, DAY.minus(Duration.ofDays(1)), 40));
        points.add(point(code, region, DAY, region.equals("630100") ? 80 : 30));
      }
    }
    MemoryStore store = new MemoryStore();
    store.append(points);
    InstantSource clock = InstantSource.fixed(DAY.plus(Duration.ofHours(25)));
    server =
        new TestServer(
            (router, executor) ->
                new SnapshotRoutes(
                        catalogue,
                        new CitySnapshot(
                            catalogue,
                            new NewestPoints(catalogue, store, clock),
                            new Comparisons(store, Calendars.defaults(), catalogue.regions())),
                        clock,
                        new RowAnswers(ALLOCATOR, executor))
                    .mount(router));
  }

  @AfterAll
  static void close() throws Exception {
    server.close();
    ALLOCATOR.close();
  }

  private static IndicatorPoint point(String code, String region, Instant start, double value) {
    return new IndicatorPoint(
        SeriesKey.of(code, region),
        1,
        start,
        Grain.of("P1D"),
        value,
        null,
        null,
        1,
        Trust.COMPLETE,
        1,
        start.plus(Duration.ofHours(25)),
        "h");
  }

  @Test
  void allIndicatorsAndRegionsComeInOneAnswer() throws Exception {
    JsonNode answer = server.json("/api/v1/snapshot");
    assertThat(answer.get("at").asText()).isEqualTo("2026-03-10T17:00:00Z");
    assertThat(answer.get("points")).hasSize(4);
    JsonNode first = answer.at("/points/0");
    assertThat(first.at("/point/key/code").asText()).isEqualTo("CVS-ENV-0001");
    assertThat(first.at("/point/key/region").asText()).isEqualTo("630100");
    assertThat(first.at("/point/value").asDouble()).isEqualTo(80);
    assertThat(first.at("/point/trust").asText()).isEqualTo("complete");
    assertThat(first.get("grade").asText()).isEqualTo("yellow");
    assertThat(first.get("compared")).isEmpty();
    assertThat(answer.at("/points/1").has("grade")).isFalse();
  }

  @Test
  void codesRegionsAndComparisonsAreAskedFor() throws Exception {
    JsonNode points =
        server
            .json("/api/v1/snapshot?codes=CVS-ENV-0002&regions=630102,630103&compare=mom,yoy")
            .get("points");
    assertThat(points).hasSize(1);
    assertThat(points.at("/0/point/key/code").asText()).isEqualTo("CVS-ENV-0002");
    assertThat(points.at("/0/compared/mom/value").asDouble()).isEqualTo(-0.25);
    assertThat(points.at("/0/compared/yoy/cause").asText()).isEqualTo("base_missing");
  }

  @Test
  void whatIsNotThereIsToldByName() throws Exception {
    assertThat(server.json("/api/v1/snapshot?codes=CVS-X").at("/error/message").asText())
        .contains("no indicator 'CVS-X'");
    assertThat(server.json("/api/v1/snapshot?regions=1").at("/error/message").asText())
        .contains("there is no region '1'");
    assertThat(server.json("/api/v1/snapshot?compare=size").at("/error/message").asText())
        .contains("'size' is not a measure");
  }

  @Test
  void rowsComeAsCsvWithAMarkForExcelWhereAskedFor() throws Exception {
    String path = "/api/v1/snapshot?codes=CVS-ENV-0001&compare=mom,yoy&format=csv";
    HttpResponse<byte[]> answer = server.get(path + "&bom=true");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
    assertThat(new String(answer.body(), StandardCharsets.UTF_8).lines())
        .containsExactly(
            "\uFEFFcode,region,dimensions,period_start,grain,value,numerator,denominator,n,trust,grade,version,revision,computed_at,mom,mom_cause,yoy,yoy_cause",
            "CVS-ENV-0001,630100,,2026-03-09T16:00:00Z,P1D,80.0,,,1,complete,yellow,1,1,2026-03-10T17:00:00Z,1.0,,,base_missing",
            "CVS-ENV-0001,630102,,2026-03-09T16:00:00Z,P1D,30.0,,,1,complete,,1,1,2026-03-10T17:00:00Z,-0.25,,,base_missing");
    assertThat(server.get("/api/v1/snapshot", "Accept", "text/csv").body())
        .startsWith("code,region,".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void rowsComeAsAnArrowStream() throws Exception {
    HttpResponse<byte[]> answer =
        server.get(
            "/api/v1/snapshot?codes=CVS-ENV-0001&compare=mom",
            "Accept",
            "application/vnd.apache.arrow.stream");
    try (BufferAllocator memory = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(answer.body()), memory)) {
      assertThat(reader.loadNextBatch()).isTrue();
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      assertThat(root.getRowCount()).isEqualTo(2);
      assertThat(((Float8Vector) root.getVector("mom")).get(1)).isEqualTo(-0.25);
      assertThat(((TimeStampMicroTZVector) root.getVector("period_start")).get(0))
          .isEqualTo(DAY.getEpochSecond() * 1_000_000L);
    }
  }

  @Test
  void aFormThatIsNotThereIsRefusedAndAnErrorStaysJson() throws Exception {
    assertThat(server.json("/api/v1/snapshot?format=xlsx").at("/error/message").asText())
        .contains("format 'xlsx': json, ndjson, csv or arrow");
    assertThat(server.json("/api/v1/snapshot?format=csv&codes=CVS-X").at("/error/code").asText())
        .isEqualTo("not_found");
  }
}
