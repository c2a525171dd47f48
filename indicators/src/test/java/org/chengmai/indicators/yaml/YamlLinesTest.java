package org.chengmai.indicators.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class YamlLinesTest {
  record Held(@Key("for") String duration) {}

  @Test
  void aPathHasTheLineOfItsKeyOrOfWhatHoldsIt() {
    YamlLines lines = YamlLines.of("a: 1\nb:\n  - c: 2\n    d: 3\n  - c: 4\n");
    assertThat(lines.line("a")).isEqualTo(1);
    assertThat(lines.line("b")).isEqualTo(2);
    assertThat(lines.line("b[0].d")).isEqualTo(4);
    assertThat(lines.line("b[1]")).isEqualTo(5);
    assertThat(lines.line("b[1].missing")).isEqualTo(5);
    assertThat(lines.line("missing")).isEqualTo(1);
    assertThat(YamlLines.of("a: [").line("a")).isZero();
    assertThat(YamlLines.of("").line("a")).isZero();
  }

  @Test
  void aKeyMayBeAWordThatJavaReserves() {
    YamlProblems problems = new YamlProblems("a.yaml");
    assertThat(new RecordReader(problems, name -> null).read("for: PT1H", Held.class))
        .isEqualTo(new Held("PT1H"));
    assertThat(new RecordReader(problems, name -> null).read("duration: PT1H", Held.class))
        .isNull();
    assertThat(problems.list())
        .containsExactly(
            "a.yaml:1: for: is missing", "a.yaml:1: duration: unknown key; known here: for");
  }
}
