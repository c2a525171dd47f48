package org.chengmai.indicators.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
  record Inner(int port, Duration pause) {
    static Inner defaults() {
      return new Inner(80, Duration.ofSeconds(1));
    }

    Inner {
      if (port < 0) {
        throw new IllegalArgumentException("port " + port + " is negative");
      }
    }
  }

  record Outer(
      String name,
      @Nullable String note,
      Inner inner,
      List<Inner> more,
      Map<String, Double> weights) {}

  private final YamlProblems problems = new YamlProblems("a.yaml");

  private @Nullable Outer read(String yaml) {
    return new RecordReader(problems, name -> name.equals("SECRET") ? "s3" : null)
        .read(yaml, Outer.class);
  }

  @Test
  void mapsEveryKeyAndFillsDefaults() {
    Outer outer =
        read("name: ${ENV:SECRET}\ninner: {port: 1}\nmore: [{pause: PT2S}]\nweights: {a: 0.5}\n");
    assertThat(problems.list()).isEmpty();
    assertThat(outer)
        .isEqualTo(
            new Outer(
                "s3",
                null,
                new Inner(1, Duration.ofSeconds(1)),
                List.of(new Inner(80, Duration.ofSeconds(2))),
                Map.of("a", 0.5)));
  }

  @Test
  void reportsAllProblemsTogetherWithPathAndLine() {
    assertThat(
            read(
                "nmae: x\ninner:\n  port: many\n  pause: PT1S\nmore:\n - port: -1\n - port: ${ENV:NONE}1\n"))
        .isNull();
    assertThat(problems.list())
        .containsExactlyInAnyOrder(
            "a.yaml:1: name: is missing",
            "a.yaml:3: inner.port: 'many' is not a int",
            "a.yaml:6: more[0]: port -1 is negative",
            "a.yaml:7: more[1].port: environment variable NONE is not set",
            "a.yaml:1: nmae: unknown key; known here: name, note, inner, more, weights");
  }

  @Test
  void saysWhereTheYamlItselfIsBroken() {
    assertThat(read("name: [")).isNull();
    assertThat(problems.list()).singleElement().asString().startsWith("a.yaml:");
  }
}
