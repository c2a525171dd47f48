package org.chengmai.engine.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class LineageCommandTest {
  private static String output(String... arguments) {
    LineageCommand command = new LineageCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.output();
  }

  @Test
  void aCodesColumnsAreListedWithTheirUse() {
    assertThat(output("CVS-GRS-0001"))
        .contains("网格事件按期处置率")
        .containsPattern("topic_gov\\.grid_event\\.due_at +value, time")
        .contains("goes into: CVS-GOV-9000");
    assertThat(output("CVS-ENV-9000")).contains("computed from: CVS-ENV-0001, ");
  }

  @Test
  void whatDependsOnAColumnIsListedWithTheWay() {
    assertThat(output("topic_gov.grid_event.due_at"))
        .contains("topic_gov.grid_event.due_at → CVS-GRS-0001 → CVS-GOV-9000 → CVS-CTY-9000");
    assertThat(output("topic_env.air.id")).isEqualTo("no indicator depends on topic_env.air.id\n");
    JsonNode json = Json.read(output("topic_env.air", "--json"), JsonNode.class);
    assertThat(json.get("breaks")).extracting(b -> b.get("code").asText()).contains("CVS-ENV-0001");
  }

  @Test
  void whatIsNotThereIsRefused() {
    assertThatThrownBy(() -> output("topic_env.iar"))
        .isInstanceOf(ChengmaiException.class)
        .hasMessageContaining("there is no topic_env.iar");
    assertThatThrownBy(() -> output("CVS-ENV-0099"))
        .hasMessageContaining("neither an indicator's code");
  }
}
