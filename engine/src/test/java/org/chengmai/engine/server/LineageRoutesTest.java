package org.chengmai.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.chengmai.engine.pipeline.TribuoTrainer;
import org.chengmai.engine.sql.TableChecker;
import org.chengmai.engine.sql.ViewFile;
import org.chengmai.indicators.definition.IndicatorCatalogue;
import org.chengmai.indicators.definition.ShippedDefinitions;
import org.chengmai.indicators.lineage.Lineages;
import org.chengmai.indicators.region.Regions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class LineageRoutesTest {
  private static TestServer server;

  @BeforeAll
  static void open() throws Exception {
    ViewFile views =
        new ViewFile(
            "topic_env",
            "topic_env.sql",
            "CREATE VIEW air AS SELECT ts, region, measure, val FROM indicators.observations;");
    IndicatorCatalogue catalogue =
        IndicatorCatalogue.load(ShippedDefinitions.files(), Regions.xining(), null);
    Lineages lineages =
        new Lineages(catalogue, TableChecker.of(List.of(), List.of(views)).origins());
    server =
        new TestServer(
            (router, executor) ->
                new LineageRoutes(lineages, TribuoTrainer.models(catalogue), executor)
                    .mount(router));
  }

  @AfterAll
  static void close() throws Exception {
    server.close();
  }

  @Test
  void anIndicatorsColumnsAreThoseOfTheSourcesTables() throws Exception {
    JsonNode lineage = server.json("/api/v1/indicators/CVS-ENV-0001/lineage");
    assertThat(lineage.get("code").asText()).isEqualTo("CVS-ENV-0001");
    assertThat(lineage.get("sql").asText()).contains("FROM topic_env.air").doesNotContain("ts >=");
    assertThat(lineage.get("inputs").toString())
        .isEqualTo(
            "[{\"library\":\"druid\",\"table\":\"observations\",\"column\":\"__time\",\"use\":[\"time\"]},"
                + "{\"library\":\"druid\",\"table\":\"observations\",\"column\":\"measure\",\"use\":[\"filter\"]},"
                + "{\"library\":\"druid\",\"table\":\"observations\",\"column\":\"region\",\"use\":[\"region\"]},"
                + "{\"library\":\"druid\",\"table\":\"observations\",\"column\":\"series\",\"use\":[\"filter\"]},"
                + "{\"library\":\"druid\",\"table\":\"observations\",\"column\":\"value\",\"use\":[\"value\"]}]");
    assertThat(lineage.get("from")).isEmpty();
    assertThat(lineage.get("to").toString()).isEqualTo("[\"CVS-ENV-9000\"]");
    assertThat(lineage.get("models").toString())
        .isEqualTo("[\"tribuo-linear-sgd\",\"tribuo-outlook\"]");
    assertThat(server.json("/api/v1/indicators/CVS-ENV-0001/lineage?views=true").get("inputs"))
        .extracting(input -> input.get("library").asText())
        .contains("topic_env", "indicators", "druid");
  }

  @Test
  void aCompositeIsComputedFromItsInputs() throws Exception {
    JsonNode lineage = server.json("/api/v1/indicators/CVS-ENV-9000/lineage");
    assertThat(lineage.get("sql").isNull()).isTrue();
    assertThat(lineage.get("inputs")).isEmpty();
    assertThat(lineage.get("from")).extracting(JsonNode::asText).contains("CVS-ENV-0001");
    assertThat(lineage.get("to")).extracting(JsonNode::asText).containsExactly("CVS-CTY-9000");
    assertThat(lineage.get("models")).isEmpty();
  }

  @Test
  void whatBreaksSaysWhyAndOfWhatItCannotTell() throws Exception {
    JsonNode answer = server.json("/api/v1/lineage?library=topic_env&table=air&column=val");
    JsonNode index = null;
    for (JsonNode one : answer.get("breaks")) {
      index = one.get("code").asText().equals("CVS-ENV-9000") ? one : index;
    }
    assertThat(index).isNotNull();
    assertThat(index.at("/name/zh").asText()).isEqualTo("生态环境与水利指数");
    assertThat(index.get("because").toString())
        .isEqualTo("[\"topic_env.air.val\",\"CVS-ENV-0001\",\"CVS-ENV-9000\"]");
    assertThat(answer.at("/unknown/CVS-GRS-0001").asText()).contains("topic_gov");
  }

  @Test
  void aBadQuestionIsToldWhatIsWrong() throws Exception {
    assertThat(server.json("/api/v1/lineage").at("/error/message").asText()).contains("of what?");
    assertThat(
            server.json("/api/v1/lineage?library=topic_env&column=val").at("/error/code").asText())
        .isEqualTo("invalid_input");
    assertThat(server.json("/api/v1/indicators/CVS-X/lineage").at("/error/code").asText())
        .isEqualTo("not_found");
  }
}
