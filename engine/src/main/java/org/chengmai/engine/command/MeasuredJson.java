package org.chengmai.engine.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;

/** Figures of a measurement as one JSON object with {@code snake_case} names. */
final class MeasuredJson {
  private static final ObjectMapper MAPPER =
      Json.mapper().copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private MeasuredJson() {}

  static String write(Object figures) {
    try {
      return MAPPER.writeValueAsString(figures);
    } catch (JsonProcessingException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "cannot write the figures", e);
    }
  }
}
