package org.chengmai.connectors.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Series;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of parsing, by seeded random cases. */
class ObservationParserLawsTest {
  private static final Instant NOW = Instant.parse("2026-01-05T00:00:00Z");
  private static final Series SERIES =
      new Series("s", "m", "630100", "1", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  private final ObservationParser parser =
      new ObservationParser(FeedLimits.defaults(), id -> id.equals("s") ? SERIES : null, () -> NOW);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyLineBecomesExactlyOneRowInItsOrder(long seed) {
    Random random = new Random(seed);
    String[] broken = {
      "{",
      "}",
      "null",
      "{\"series\":\"s\"}",
      "\"\\ud800\"",
      "{\"series\":\"s\",,}",
      "tru",
      "-",
      "\u0000",
      "{\"a\":\"\t\"}"
    };
    StringBuilder payload = new StringBuilder();
    List<Double> expected = new ArrayList<>();
    int bad = 0;
    for (int line = 0; line < 2000; line++) {
      if (random.nextInt(4) == 0) {
        payload.append(broken[random.nextInt(broken.length)]);
        bad++;
      } else {
        double value = Double.longBitsToDouble(random.nextLong());
        value = Double.isFinite(value) ? value : random.nextInt();
        expected.add(value);
        payload
            .append("{\"series\":\"s\",\"time\":")
            .append(NOW.toEpochMilli())
            .append(",\"value\":")
            .append(value)
            .append('}');
      }
      payload.append(random.nextBoolean() ? "\n" : "\r\n");
    }
    Batch batch =
        parser.parse(
            "law",
            Reading.of(RowFormat.NDJSON),
            payload.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(batch.observations()).extracting(Observation::value).isEqualTo(expected);
    assertThat(batch.bad()).hasSize(bad);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(RowFormat.class)
  void noBytesMakeItThrowAndNothingVanishes(RowFormat format) {
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      byte[] payload =
          """
          [{"series":"s","time":"2026-01-05T08:00:00+08:00","value":1.5},
          {"series":"s","time":1767571200000,"value":2,"id":"城😀"}]
          s,series=s value=1,id="x" 1767571200000000000
          """
              .getBytes(StandardCharsets.UTF_8);
      for (int n = random.nextInt(6); n >= 0; n--) {
        payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
      }
      assertThat(parser.parse("law", Reading.of(format), payload).rows())
          .as("seed %d", seed)
          .isPositive();
    }
  }
}
