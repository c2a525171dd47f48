package org.chengmai.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineProtocolTest {
  private static final String ALPHABET = "aZ09_-. ,=\"\\\n\r\t中µ😀'#;:/{}|&<>";
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.000000001Z");

  @Test
  void escapesAsTheFormatDemands() {
    assertThat(
            LineProtocol.line(
                "my measure",
                new TreeMap<>(Map.of("a,b", "c=d e")),
                Map.of("text", "say \"hi\" \\ bye"),
                NOON))
        .isEqualTo(
            "my\\ measure,a\\,b=c\\=d\\ e text=\"say \\\"hi\\\" \\\\ bye\" 1795348800000000001");
  }

  @Test
  void numbersAreAlwaysFloats() {
    assertThat(LineProtocol.line("m", new TreeMap<>(), Map.of("v", 3.0), NOON))
        .startsWith("m v=3.0 ");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void refusesNumbersThatTheFormatHasNot(double value) {
    assertThatThrownBy(() -> LineProtocol.line("m", new TreeMap<>(), Map.of("v", value), NOON))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 20261122})
  void whatIsWrittenIsReadBackByAStrictReader(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      String measurement = text(random, 1);
      SortedMap<String, String> tags = new TreeMap<>();
      SortedMap<String, String> expectedTags = new TreeMap<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        String key = LineProtocol.plain(text(random, 1));
        String value = text(random, 0);
        tags.put(key, value);
        expectedTags.put(key, LineProtocol.plain(value));
      }
      expectedTags.values().removeIf(String::isEmpty);
      Map<String, Object> fields = new LinkedHashMap<>();
      Map<String, Object> expectedFields = new LinkedHashMap<>();
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        String key = LineProtocol.plain(text(random, 1));
        Object value =
            switch (random.nextInt(4)) {
              case 0 -> random.nextBoolean();
              case 1 -> text(random, 0);
              case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
              default -> Double.valueOf(random.nextInt());
            };
        fields.put(key, value);
        expectedFields.put(
            key, value instanceof String string ? LineProtocol.string(string) : value);
      }
      Instant time =
          Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));

      LineReader.Parsed parsed =
          LineReader.read(LineProtocol.line(measurement, tags, fields, time));

      assertThat(parsed.measurement()).isEqualTo(LineProtocol.plain(measurement));
      assertThat(parsed.tags()).isEqualTo(expectedTags);
      assertThat(parsed.fields()).containsExactlyEntriesOf(expectedFields);
      assertThat(parsed.nanoseconds()).isEqualTo(LineProtocol.nanoseconds(time));
    }
  }

  private static String text(Random random, int least) {
    int[] points = ALPHABET.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = least + random.nextInt(8); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }
}
