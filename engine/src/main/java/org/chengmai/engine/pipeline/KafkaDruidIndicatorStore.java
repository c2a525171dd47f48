package org.chengmai.engine.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.druid.DruidTimes;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.IndicatorStore;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.indicators.Trust;
import org.jspecify.annotations.Nullable;

/**
 * Keeps points in Druid, by way of Kafka. Druid holds every revision that was published, now and
 * then one twice; reads choose the newest. Safe for use by several threads.
 */
public final class KafkaDruidIndicatorStore implements IndicatorStore, PointWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Comparator<IndicatorPoint> NEWEST =
      Comparator.comparingInt(IndicatorPoint::revision).thenComparing(IndicatorPoint::computedAt);
  private static final String COLUMNS =
      "code, region, dimensions, TIMESTAMP_TO_MILLIS(__time), grain, version, \"value\", numerator, denominator, n, parts, readings, trust,"
          + " revision, computed_at, input_hash";

  /** Beyond so many periods all between the first and the last are read. */
  private static final int MOST_TIMES = 1_000;

  private static final Duration READABLE_WITHIN = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(200);

  private final PointWriter writer;
  private final DruidClient druid;
  private final String name;
  private final String source;
  private volatile @Nullable IndicatorPoint last;

  /**
   * @param writer such as {@code new PointTopic(servers, Topics.INDICATORS).writer()::append}
   * @param source the Druid data source, {@code vital_signs}
   */
  public KafkaDruidIndicatorStore(PointWriter writer, DruidClient druid, String source) {
    this.writer = writer;
    this.druid = druid;
    this.name = source;
    this.source = '"' + source.replace("\"", "\"\"") + '"';
  }

  @Override
  public void append(List<IndicatorPoint> points) {
    append(points, false);
  }

  @Override
  public void append(List<IndicatorPoint> points, boolean isHistory) {
    writer.append(points, isHistory);
    if (!points.isEmpty()) {
      last = points.get(points.size() - 1);
    }
  }

  /** The topic has one partition: with the last point all before it are readable. */
  @Override
  public void awaitReadable() {
    IndicatorPoint wanted = last;
    Instant end = Instant.now().plus(READABLE_WITHIN);
    while (wanted != null && !isReadable(wanted)) {
      if (Instant.now().isAfter(end)) {
        throw new ChengmaiException(
            ErrorCode.EXTERNAL,
            "Druid has not read the indicators' points of %s ago; see its supervisors"
                .formatted(READABLE_WITHIN));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private boolean isReadable(IndicatorPoint point) {
    return at(List.of(point.key().code()), List.of(point.periodStart())).stream()
        .anyMatch(p -> p.key().equals(point.key()) && p.revision() >= point.revision());
  }

  @Override
  public List<IndicatorPoint> history(SeriesKey key, Instant from, Instant to) {
    return series(key, from, to, "");
  }

  @Override
  public List<IndicatorPoint> asOf(SeriesKey key, Instant from, Instant to, Instant known) {
    return series(key, from, to, " AND computed_at <= " + known.toEpochMilli());
  }

  private List<IndicatorPoint> series(SeriesKey key, Instant from, Instant to, String condition) {
    String dimensions = key.dimensionText();
    String where =
        "code = %s AND region = %s AND %s AND __time >= %s AND __time < %s"
            .formatted(
                text(key.code()),
                text(key.region()),
                dimensions.isEmpty()
                    ? "(dimensions IS NULL OR dimensions = '')"
                    : "dimensions = " + text(dimensions),
                DruidTimes.of(from),
                DruidTimes.of(to));
    Map<Instant, IndicatorPoint> newest = new TreeMap<>();
    points(where + condition)
        .forEach(
            point -> newest.merge(point.periodStart(), point, KafkaDruidIndicatorStore::newer));
    return List.copyOf(newest.values());
  }

  @Override
  public List<IndicatorPoint> at(Collection<String> codes, Collection<Instant> periodStarts) {
    if (codes.isEmpty() || periodStarts.isEmpty()) {
      return List.of();
    }
    Set<Instant> wanted = new TreeSet<>(periodStarts);
    String where = isOneOf(codes) + " AND " + times(wanted);
    return newestOf(points(where).filter(point -> wanted.contains(point.periodStart())));
  }

  @Override
  public List<IndicatorPoint> between(Collection<String> codes, Instant from, Instant to) {
    String where =
        "%s AND __time >= %s AND __time < %s"
            .formatted(isOneOf(codes), DruidTimes.of(from), DruidTimes.of(to));
    return codes.isEmpty() ? List.of() : newestOf(points(where));
  }

  private static String isOneOf(Collection<String> codes) {
    return codes.stream()
        .map(KafkaDruidIndicatorStore::text)
        .collect(Collectors.joining(", ", "code IN (", ")"));
  }

  private static String times(Set<Instant> wanted) {
    return wanted.size() <= MOST_TIMES
        ? DruidTimes.oneOf(wanted)
        : "__time >= %s AND __time <= %s"
            .formatted(
                DruidTimes.of(Collections.min(wanted)), DruidTimes.of(Collections.max(wanted)));
  }

  private static List<IndicatorPoint> newestOf(Stream<IndicatorPoint> points) {
    Map<Period, IndicatorPoint> newest = new HashMap<>();
    points.forEach(
        point ->
            newest.merge(
                new Period(point.key(), point.periodStart()),
                point,
                KafkaDruidIndicatorStore::newer));
    return List.copyOf(newest.values());
  }

  private record Period(SeriesKey key, Instant start) {}

  private Stream<IndicatorPoint> points(String where) {
    return select("SELECT " + COLUMNS + " FROM " + source + " WHERE " + where, JsonPoints::point)
        .stream();
  }

  @Override
  public List<IndicatorPoint> newest(List<String> codes, Instant from) {
    if (codes.isEmpty()) {
      return List.of();
    }
    String where = " WHERE " + isOneOf(codes) + " AND ";
    // the newest period of each series, then the rows of those few periods: cheaper than LATEST_BY
    // on every column
    List<Newest> periods =
        select(
            "SELECT code, region, dimensions, TIMESTAMP_TO_MILLIS(MAX(__time)) FROM "
                + source
                + where
                + "__time >= "
                + DruidTimes.of(from)
                + " GROUP BY 1, 2, 3",
            row -> new Newest(JsonPoints.key(row), Instant.ofEpochMilli(row.get(3).asLong())));
    if (periods.isEmpty()) {
      return List.of();
    }
    Map<SeriesKey, Instant> wanted = new HashMap<>();
    periods.forEach(period -> wanted.put(period.key(), period.time()));
    Map<SeriesKey, IndicatorPoint> newest = new HashMap<>();
    String rows =
        "SELECT "
            + COLUMNS
            + " FROM "
            + source
            + where
            + DruidTimes.oneOf(periods.stream().map(Newest::time).toList());
    for (IndicatorPoint point : select(rows, JsonPoints::point)) {
      if (point.periodStart().equals(wanted.get(point.key()))) {
        newest.merge(point.key(), point, KafkaDruidIndicatorStore::newer);
      }
    }
    return newest.values().stream()
        .sorted(Comparator.comparing(point -> point.key().toString()))
        .toList();
  }

  private static IndicatorPoint newer(IndicatorPoint one, IndicatorPoint other) {
    return NEWEST.compare(one, other) >= 0 ? one : other;
  }

  private <T> List<T> select(String sql, RowReader<T> reader) {
    List<T> rows = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                druid.sql(sql, Map.of("timeout", 60_000)), StandardCharsets.UTF_8))) {
      lines.readLine();
      lines.readLine();
      String line = lines.readLine();
      for (; line != null && !line.isEmpty(); line = lines.readLine()) {
        rows.add(reader.read(JSON.readTree(line)));
      }
      if (line == null) {
        throw new ChengmaiException(
            ErrorCode.EXTERNAL, "Druid's answer broke off after %d rows".formatted(rows.size()));
      }
      return rows;
    } catch (ChengmaiException e) {
      // Druid knows no data source before its first row.
      if (e.code() == ErrorCode.INVALID_INPUT
          && String.valueOf(e.getMessage()).contains("Object '" + name + "' not found")) {
        return List.of();
      }
      throw e;
    } catch (JsonProcessingException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "Druid's answer is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ChengmaiException(
          ErrorCode.EXTERNAL, "Druid's answer broke off: " + e.getMessage(), e);
    }
  }

  private static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  private record Newest(SeriesKey key, Instant time) {}

  private interface RowReader<T> {
    T read(JsonNode row);
  }

  /** Druid's rows, in the order of {@link #COLUMNS}. */
  private static final class JsonPoints {
    static SeriesKey key(JsonNode row) {
      return new SeriesKey(
          row.get(0).asText(),
          row.get(1).asText(),
          SeriesKey.parseDimensions(row.get(2).asText("")));
    }

    static IndicatorPoint point(JsonNode row) {
      return new IndicatorPoint(
          key(row),
          row.get(5).asInt(),
          Instant.ofEpochMilli(row.get(3).asLong()),
          Grain.of(row.get(4).asText()),
          number(row.get(6)),
          number(row.get(7)),
          number(row.get(8)),
          row.get(9).asLong(),
          row.get(10).isNull() || row.get(10).asText().isEmpty() ? null : row.get(10).asText(),
          IndicatorPoint.parseReadings(row.get(11).asText("")),
          Trust.valueOf(row.get(12).asText().toUpperCase(Locale.ROOT)),
          row.get(13).asInt(),
          Instant.ofEpochMilli(row.get(14).asLong()),
          row.get(15).asText());
    }

    private static @Nullable Double number(JsonNode value) {
      return value.isNull() ? null : (Double) value.asDouble();
    }
  }
}
