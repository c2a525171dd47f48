package org.chengmai.engine.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.json.Json;
import org.junit.jupiter.api.Test;

final class ResultPrinterTest {
  private static final String ANSWER =
      "{\"columns\":[{\"name\":\"区\",\"type\":\"VARCHAR\"},{\"name\":\"v\",\"type\":\"BIGINT\"}],"
          + "\"rows\":[[\"城东区\",1],[\"a|b\\u001b[2J\\n\",null]],\"elapsed_ms\":7}";

  private static ResultRows rows(String answer) throws IOException {
    return new ResultRows(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
  }

  private static String printed(ResultFormat format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Output out = Output.of(bytes);
        ResultRows rows = rows(ANSWER)) {
      assertThat(new ResultPrinter(out).print(rows, format)).isEqualTo(2);
      assertThat(rows.elapsedMillis()).isEqualTo(7);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTableIsAsWideAsItsCharactersAndSteersNoTerminal() throws IOException {
    assertThat(printed(ResultFormat.TABLE))
        .isEqualTo(
            """
            区            v
            ────────────  ─
            城东区        1
            a|b\\x1b[2J\\n  ∅
            """);
  }

  @Test
  void blocksHaveALineForEachColumn() throws IOException {
    assertThat(printed(ResultFormat.VERTICAL))
        .isEqualTo(
            """
            ─── 1 ───
            区  城东区
            v   1
            ─── 2 ───
            区  a|b\\x1b[2J\\n
            v   ∅
            """);
  }

  @Test
  void markdownKeepsItsBars() throws IOException {
    assertThat(printed(ResultFormat.MARKDOWN))
        .isEqualTo(
            """
            | 区 | v |
            |---|---|
            | 城东区 | 1 |
            | a\\|b\\x1b[2J\\n | ∅ |
            """);
  }

  @Test
  void widthsAreThoseOfATerminal() {
    assertThat(TextTable.width("ab")).isEqualTo(2);
    assertThat(TextTable.width("城，Ａ")).isEqualTo(6);
    assertThat(TextTable.width("e\u0301")).as("a letter and its accent").isEqualTo(1);
  }

  @Test
  void anErrorAmongTheRowsIsThrown() throws IOException {
    try (ResultRows rows =
        rows(
            "{\"columns\":[],\"rows\":[[]],\"error\":{\"code\":\"external\",\"message\":\"it broke\"}}")) {
      assertThat(rows.next()).isEmpty();
      assertThatThrownBy(rows::next).isInstanceOf(ChengmaiException.class).hasMessage("it broke");
    }
  }

  @Test
  void anOutputThatNobodyReadsSaysSo() {
    Output out =
        Output.of(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    out.print("text");
    assertThatThrownBy(out::flush)
        .isInstanceOfSatisfying(
            UncheckedIOException.class, e -> assertThat(Output.isLeft(e)).isTrue());
  }

  @Test
  void progressHasALineForEachStep() {
    assertThat(
            ProgressLines.lines(
                Json.read(
                    "{\"state\":\"running\",\"steps\":[{\"name\":\"f0\",\"source\":\"base_env\",\"estimatedRows\":2000,\"rows\":1500,\"bytes\":3000000,\"millis\":900,\"isDone\":false},"
                        + "{\"name\":\"result\",\"source\":\"DuckDB\",\"estimatedRows\":1,\"rows\":0,\"bytes\":0,\"millis\":0,\"isDone\":true}]}",
                    com.fasterxml.jackson.databind.JsonNode.class)))
        .containsExactly(
            "  … f0 base_env: 1,500 of about 2,000 rows, 3.0 MB, 0.9 s",
            "  ✓ result DuckDB: 0 of about 1 rows, 0.0 MB, 0.0 s");
    assertThat(
            ProgressLines.lines(
                Json.read(
                    "{\"state\":\"queued\",\"position\":3,\"steps\":[]}",
                    com.fasterxml.jackson.databind.JsonNode.class)))
        .containsExactly("  waiting for its turn: 3");
  }
}
