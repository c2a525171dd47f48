package org.chengmai.indicators.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.Locale;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;

/**
 * Writes and reads records as JSON: enums lower case, times and lengths of time ISO 8601, times in
 * UTC, nulls left out. Safe for several threads.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(vocabulary())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          // a record's components alone: what it answers of itself is not data
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  private Json() {}

  public static ObjectMapper mapper() {
    return MAPPER;
  }

  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new ChengmaiException(
          ErrorCode.INTERNAL, "cannot write " + value.getClass().getSimpleName(), e);
    }
  }

  /** Reads one document; INVALID_INPUT with place and cause when it does not fit. */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "not a valid JSON document: " + e.getMessage(), e);
    }
  }

  private static SimpleModule vocabulary() {
    SimpleModule module = new SimpleModule("chengmai");
    module.addSerializer(
        new StdSerializer<Enum<?>>(Enum.class, false) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(Enum<?> value, JsonGenerator json, SerializerProvider provider)
              throws IOException {
            json.writeString(value.name().toLowerCase(Locale.ROOT));
          }
        });
    module.addSerializer(
        new StdSerializer<Grain>(Grain.class) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(Grain value, JsonGenerator json, SerializerProvider provider)
              throws IOException {
            json.writeString(value.toString());
          }
        });
    module.addDeserializer(
        Grain.class,
        new StdDeserializer<Grain>(Grain.class) {
          private static final long serialVersionUID = 1L;

          @Override
          public Grain deserialize(JsonParser json, DeserializationContext context)
              throws IOException {
            return Grain.of(json.getText());
          }
        });
    return module;
  }
}
