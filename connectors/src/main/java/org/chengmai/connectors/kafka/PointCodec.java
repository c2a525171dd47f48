package org.chengmai.connectors.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;

/**
 * The flat JSON of a point on Kafka, as docs/architecture.md states it: Druid reads the same
 * records.
 */
final class PointCodec {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PointCodec() {}

  static byte[] write(IndicatorPoint point) {
    ObjectNode json = JSON.createObjectNode();
    json.put("v", 1);
    json.put("code", point.key().code());
    json.put("version", point.version());
    json.put("region", point.key().region());
    json.put("dimensions", point.key().dimensionText());
    json.put("time", point.periodStart().toEpochMilli());
    json.put("grain", point.grain().toString());
    put(json, "value", point.value());
    put(json, "numerator", point.numerator());
    put(json, "denominator", point.denominator());
    json.put("n", point.n());
    if (point.parts() != null) {
      json.put("parts", point.parts());
    }
    if (!point.readings().isEmpty()) {
      json.put("readings", point.readingText());
    }
    json.put("trust", point.trust().name().toLowerCase(Locale.ROOT));
    json.put("revision", point.revision());
    json.put("computed_at", point.computedAt().toEpochMilli());
    json.put("input_hash", point.inputHash());
    try {
      return JSON.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "cannot write a point of " + point.key(), e);
    }
  }

  /** Reads one record; INVALID_INPUT when it is not a point of a version that we know. */
  static IndicatorPoint read(byte[] record) {
    try {
      JsonNode json = JSON.readTree(record);
      if (json.path("v").asInt() != 1) {
        throw new IllegalArgumentException("version " + json.path("v"));
      }
      return new IndicatorPoint(
          new SeriesKey(
              text(json, "code"),
              text(json, "region"),
              SeriesKey.parseDimensions(json.path("dimensions").asText(""))),
          json.path("version").asInt(),
          Instant.ofEpochMilli(json.path("time").asLong()),
          Grain.of(text(json, "grain")),
          number(json, "value"),
          number(json, "numerator"),
          number(json, "denominator"),
          json.path("n").asLong(),
          json.hasNonNull("parts") ? json.get("parts").asText() : null,
          IndicatorPoint.parseReadings(json.path("readings").asText("")),
          Trust.valueOf(text(json, "trust").toUpperCase(Locale.ROOT)),
          json.path("revision").asInt(),
          Instant.ofEpochMilli(json.path("computed_at").asLong()),
          text(json, "input_hash"));
    } catch (IOException | RuntimeException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "not a record of an indicator point: " + e.getMessage(), e);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable Double value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static @Nullable Double number(JsonNode json, String name) {
    return json.hasNonNull(name) ? (Double) json.get(name).asDouble() : null;
  }

  private static String text(JsonNode json, String name) {
    if (!json.hasNonNull(name)) {
      throw new IllegalArgumentException("no " + name);
    }
    return json.get(name).asText();
  }
}
