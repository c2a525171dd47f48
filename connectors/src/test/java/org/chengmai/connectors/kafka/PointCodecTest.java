package org.chengmai.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PointCodecTest {
  private static final Instant TIME = Instant.parse("2026-03-01T00:00:00Z");

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void aPointIsTheDocumentedFlatRecord() {
    IndicatorPoint point =
        new IndicatorPoint(
            new SeriesKey("CVS-ENV-0001", "630102", new TreeMap<>(Map.of("category", "供水"))),
            2,
            TIME,
            Grain.of("PT15M"),
            0.5,
            1.0,
            2.0,
            7,
            "c2s=",
            Map.of("yoy", 0.1),
            Trust.LATE,
            3,
            TIME.plusMillis(900_007),
            "ab12");
    assertThat(text(PointCodec.write(point)))
        .isEqualTo(
            "{\"v\":1,\"code\":\"CVS-ENV-0001\",\"version\":2,\"region\":\"630102\",\"dimensions\":\"category=供水\","
                + "\"time\":1772323200000,\"grain\":\"PT15M\",\"value\":0.5,\"numerator\":1.0,\"denominator\":2.0,\"n\":7,"
                + "\"parts\":\"c2s=\",\"readings\":\"yoy=0.1\",\"trust\":\"late\",\"revision\":3,\"computed_at\":1772324100007,\"input_hash\":\"ab12\"}");
    assertThat(PointCodec.read(PointCodec.write(point))).isEqualTo(point);
  }

  @Test
  void aMissingPeriodHasNoValue() {
    IndicatorPoint point =
        new IndicatorPoint(
            SeriesKey.of("A", "0"),
            1,
            TIME,
            Grain.of("P1D"),
            null,
            null,
            null,
            0,
            Trust.MISSING,
            1,
            TIME,
            "missing");
    assertThat(text(PointCodec.write(point)))
        .doesNotContain("value", "numerator", "parts", "readings")
        .contains("\"trust\":\"missing\"");
    assertThat(PointCodec.read(PointCodec.write(point))).isEqualTo(point);
  }

  @Test
  void everyDoubleComesBackExactly() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        IndicatorPoint point =
            new IndicatorPoint(
                SeriesKey.of("A", "0"),
                1,
                TIME,
                Grain.of("PT1M"),
                value,
                null,
                null,
                0,
                Trust.COMPLETE,
                1,
                TIME,
                "h");
        assertThat(PointCodec.read(PointCodec.write(point)).value()).isEqualTo(value);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"v\":2}",
        "{\"v\":1,\"code\":\"A\"}",
        "\u0000",
        "{\"v\":1,\"code\":\"A\",\"region\":\"0\",\"dimensions\":\"x\"}"
      })
  void whatIsNoPointIsRefused(String record) {
    assertThatThrownBy(() -> PointCodec.read(record.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            ChengmaiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
  }
}
