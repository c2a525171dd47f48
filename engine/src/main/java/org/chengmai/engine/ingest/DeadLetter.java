package org.chengmai.engine.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.chengmai.connectors.feed.BadRecord;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.Reading;
import org.chengmai.connectors.feed.RowFormat;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A row that was not stored: why, who sent it, and its original bytes.
 *
 * @param id its place in the dead letters, 0 while it has none
 * @param length of the original in bytes; more than {@code raw} holds when it was cut off
 * @param sha256 of the whole original when it was cut off
 * @param replayed whether it has become an observation since
 */
public record DeadLetter(
    long id,
    Instant at,
    String feed,
    String reason,
    byte[] raw,
    int length,
    @Nullable String sha256,
    String principal,
    Reading reading,
    boolean replayed) {
  private static final JsonFactory FACTORY = Json.mapper().getFactory();

  static DeadLetter of(Batch batch, BadRecord bad, String principal, Instant at) {
    return new DeadLetter(
        0,
        at,
        batch.feed(),
        bad.reason(),
        bad.raw(),
        bad.length(),
        bad.sha256(),
        principal,
        batch.reading(),
        false);
  }

  byte[] record() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(200 + raw.length * 4 / 3);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("v", 1);
      json.writeNumberField("at", at.toEpochMilli());
      json.writeStringField("feed", feed);
      json.writeStringField("reason", reason);
      json.writeBinaryField("raw", raw);
      json.writeStringField("principal", principal);
      json.writeNumberField("length", length);
      if (sha256 != null) {
        json.writeStringField("sha256", sha256);
      }
      json.writeStringField("format", reading.format().name().toLowerCase(Locale.ROOT));
      if (reading.series() != null) {
        json.writeStringField("series", reading.series());
      }
      json.writeStringField("precision", reading.precision().name().toLowerCase(Locale.ROOT));
      json.writeEndObject();
    } catch (IOException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "cannot write a dead letter", e);
    }
    return out.toByteArray();
  }

  static DeadLetter read(long id, byte[] record, boolean replayed) {
    try {
      JsonNode json = Json.mapper().readTree(record);
      byte[] raw = json.path("raw").binaryValue();
      Reading reading =
          new Reading(
              RowFormat.valueOf(json.path("format").asText("json").toUpperCase(Locale.ROOT)),
              json.path("series").asText(null),
              TimeUnit.valueOf(
                  json.path("precision").asText("nanoseconds").toUpperCase(Locale.ROOT)));
      return new DeadLetter(
          id,
          Instant.ofEpochMilli(json.path("at").asLong()),
          json.path("feed").asText(),
          json.path("reason").asText(),
          raw == null ? new byte[0] : raw,
          json.path("length").asInt(raw == null ? 0 : raw.length),
          json.path("sha256").asText(null),
          json.path("principal").asText(),
          reading,
          replayed);
    } catch (IOException | IllegalArgumentException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "dead letter %d cannot be read: %s".formatted(id, e.getMessage()), e);
    }
  }
}
