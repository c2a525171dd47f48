package org.chengmai.indicators;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Names one indicator series: an indicator's code, a region and, where the indicator has them,
 * dimension values.
 *
 * @param code such as {@code CVS-ENV-0001}
 * @param region GB/T 2260 code
 * @param dimensions dimension name to value, sorted by name
 */
public record SeriesKey(String code, String region, SortedMap<String, String> dimensions) {
  public SeriesKey {
    dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
  }

  public static SeriesKey of(String code, String region) {
    return new SeriesKey(code, region, new TreeMap<>());
  }

  /**
   * {@code k=v;k=v} sorted by name, empty without dimensions: the form that Kafka keys and Druid
   * columns hold.
   */
  public String dimensionText() {
    return dimensions.entrySet().stream()
        .map((Map.Entry<String, String> e) -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(";"));
  }

  /** Reads what {@link #dimensionText()} wrote. */
  public static SortedMap<String, String> parseDimensions(String text) {
    SortedMap<String, String> dimensions = new TreeMap<>();
    for (String part : text.isEmpty() ? new String[0] : text.split(";")) {
      int equals = part.indexOf('=');
      dimensions.put(part.substring(0, equals), part.substring(equals + 1));
    }
    return dimensions;
  }

  /** {@code code/region} or {@code code/region/k=v}: one line for keys, logs and addresses. */
  @Override
  public String toString() {
    return dimensions.isEmpty() ? code + "/" + region : code + "/" + region + "/" + dimensionText();
  }

  /** Reads what {@link #toString()} wrote. */
  public static SeriesKey parse(String text) {
    String[] parts = text.split("/", 3);
    if (parts.length < 2) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "series '%s' is not of the form code/region".formatted(text));
    }
    return new SeriesKey(parts[0], parts[1], parseDimensions(parts.length == 3 ? parts[2] : ""));
  }
}
