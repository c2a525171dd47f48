package org.chengmai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chengmai.engine.demo.RunningDemo;
import org.chengmai.engine.pipeline.NewestPoints;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.definition.IndicatorDefinition;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The city's snapshot and lineage over the running demo. */
@ExtendWith(RunningDemo.Extension.class)
final class CityApiIT {
  private static JsonNode get(RunningDemo demo, String path) throws Exception {
    HttpResponse<String> answer = demo.send(demo.request(path));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body(), JsonNode.class);
  }

  @Test
  void lineageLeadsThroughTheLibrariesViewsToTheSourcesTables(RunningDemo demo) throws Exception {
    for (IndicatorDefinition definition : demo.engine().watch().catalogue().all()) {
      JsonNode lineage = get(demo, "/api/v1/indicators/" + definition.code() + "/lineage");
      if (definition.definition().type().isQueried()) {
        assertThat(lineage.get("inputs")).as(definition.code()).isNotEmpty();
      } else {
        assertThat(lineage.get("from")).as(definition.code()).isNotEmpty();
      }
    }
    assertThat(get(demo, "/api/v1/indicators/CVS-ENV-0001/lineage").get("inputs").toString())
        .contains(
            "{\"library\":\"druid\",\"table\":\"observations\",\"column\":\"value\",\"use\":[\"value\"]}");
    JsonNode breaks = get(demo, "/api/v1/lineage?library=druid&table=observations&column=value");
    assertThat(breaks.has("unknown")).isFalse();
    assertThat(breaks.get("breaks"))
        .extracting(one -> one.get("code").asText())
        .contains("CVS-ENV-0001", "CVS-TRF-0001", "CVS-CTY-9000")
        .doesNotContain("CVS-GRS-0001");
  }

  @Test
  void theSnapshotIsWhatTheStoreHoldsAndQuick(RunningDemo demo) throws Exception {
    demo.loadPast();
    Watch watch = demo.engine().watch();
    assertThat(get(demo, "/api/v1/snapshot").get("points")).hasSizeGreaterThan(300);
    // what a restart would read
    RunningDemo.await(
        "the store has read what is published",
        Duration.ofMinutes(2),
        () -> {
          List<String> codes =
              watch.catalogue().all().stream().map(IndicatorDefinition::code).toList();
          Map<SeriesKey, IndicatorPoint> live = byKey(watch.newest().of(codes));
          NewestPoints restarted =
              new NewestPoints(watch.catalogue(), watch.store(), () -> demo.now());
          return byKey(restarted.of(codes)).entrySet().stream()
              .noneMatch(
                  entry -> {
                    IndicatorPoint known = live.get(entry.getKey());
                    return known == null || entry.getValue().isNewerThan(known);
                  });
        });
    List<Long> micros = new ArrayList<>();
    int size = 0;
    for (int i = 0; i < 120; i++) {
      long start = System.nanoTime();
      JsonNode snapshot = get(demo, "/api/v1/snapshot?compare=yoy,mom,wow");
      micros.add((System.nanoTime() - start) / 1000);
      size = snapshot.get("points").size();
    }
    Collections.sort(micros);
    System.out.printf(
        "snapshot of %d series: p50 %d us, p95 %d us%n", size, micros.get(60), micros.get(114));
    JsonNode one =
        get(demo, "/api/v1/snapshot?codes=CVS-SAF-0005&regions=630102&compare=mom").at("/points/0");
    assertThat(one.at("/compared/mom").has("value") || one.at("/compared/mom").has("cause"))
        .isTrue();
    assertThat(demo.send(demo.request("/api/v1/snapshot?format=csv")).body())
        .startsWith("code,region,dimensions,period_start,");
  }

  private static Map<SeriesKey, IndicatorPoint> byKey(List<IndicatorPoint> points) {
    Map<SeriesKey, IndicatorPoint> byKey = new HashMap<>();
    points.forEach(point -> byKey.put(point.key(), point));
    return byKey;
  }
}
