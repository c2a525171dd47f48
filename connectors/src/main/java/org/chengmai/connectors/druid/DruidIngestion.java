package org.chengmai.connectors.druid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * Keeps Druid reading our topics: one Kafka supervisor and one compaction per data source, posted
 * only when they changed. Blocking; safe for several threads.
 *
 * <p>Everything runs with concurrent locks, so that compaction and corrections may replace a day
 * while its newest rows are still coming in.
 */
public final class DruidIngestion {
  private static final String HASH = "chengmai_spec";
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private final DruidClient druid;
  private final DruidIngestionConfig config;

  public DruidIngestion(DruidClient druid, DruidIngestionConfig config) {
    this.druid = druid;
    this.config = config;
  }

  /**
   * How a supervisor does.
   *
   * @param state Druid's detailed state, such as {@code RUNNING}
   * @param lastError empty when there is none
   */
  public record Health(String dataSource, String state, String lastError) {
    public boolean isRunning() {
      return state.equals("RUNNING");
    }
  }

  /**
   * Posts the supervisors and compactions that are missing or changed; answers the data sources
   * whose supervisor was posted.
   */
  public List<String> apply() {
    List<String> posted = new ArrayList<>();
    post(observations(), config.observations(), posted);
    post(vitalSigns(), config.vitalSigns(), posted);
    compact(config.observations(), "PT1H");
    compact(config.vitalSigns(), "PT1H");
    return posted;
  }

  /** Posts only the supervisor of the observations, when it is missing or changed. */
  public void applyObservations() {
    post(observations(), config.observations(), new ArrayList<>());
  }

  /** How the supervisors do, for {@code /health}. */
  public List<Health> health() {
    return List.of(health(config.observations()), health(config.vitalSigns()));
  }

  /**
   * The columns of the observations, in the form of Druid's {@code dimensionsSpec}; corrections
   * write the same.
   */
  public static List<Object> observationDimensions() {
    return List.of(
        "series", "measure", "region", "id", number("double", "value"), number("long", "received"));
  }

  private Map<String, Object> observations() {
    return supervisor(
        config.observations(),
        config.observationsTopic(),
        config.observationSegments(),
        observationDimensions());
  }

  private Map<String, Object> vitalSigns() {
    List<Object> dimensions =
        new ArrayList<>(
            List.of(
                "code",
                "region",
                "dimensions",
                "grain",
                "trust",
                "parts",
                "readings",
                "input_hash"));
    for (String column : List.of("value", "numerator", "denominator")) {
      dimensions.add(number("double", column));
    }
    for (String column : List.of("version", "n", "revision", "computed_at")) {
      dimensions.add(number("long", column));
    }
    return supervisor(config.vitalSigns(), config.indicatorsTopic(), "MONTH", dimensions);
  }

  private Map<String, Object> supervisor(
      String dataSource, String topic, String segments, List<Object> dimensions) {
    return Map.of(
        "type", "kafka",
        "spec",
            Map.of(
                "dataSchema",
                    Map.of(
                        "dataSource", dataSource,
                        // "time" is epoch milliseconds; "auto" would also take ISO 8601.
                        "timestampSpec", Map.of("column", "time", "format", "auto"),
                        "dimensionsSpec", Map.of("dimensions", dimensions),
                        "granularitySpec",
                            Map.of(
                                "type",
                                "uniform",
                                "segmentGranularity",
                                segments,
                                "queryGranularity",
                                "NONE",
                                "rollup",
                                false)),
                "ioConfig",
                    Map.ofEntries(
                        Map.entry("topic", topic),
                        Map.entry("inputFormat", Map.of("type", "json")),
                        Map.entry(
                            "consumerProperties",
                            Map.of(
                                "bootstrap.servers",
                                config.bootstrapServers(),
                                "isolation.level",
                                "read_committed")),
                        Map.entry("taskCount", config.taskCount()),
                        Map.entry("replicas", 1),
                        Map.entry("taskDuration", config.taskDuration().toString()),
                        Map.entry("completionTimeout", "PT30M"),
                        Map.entry("useEarliestOffset", true),
                        Map.entry("startDelay", "PT1S"),
                        Map.entry("period", "PT5S")),
                "tuningConfig",
                    Map.of(
                        "type",
                        "kafka",
                        "maxRowsInMemory",
                        config.maxRowsInMemory(),
                        "workerThreads",
                        1,
                        "chatThreads",
                        1,
                        // An offset that Kafka no longer has is a loss that a human must see, never
                        // skipped in silence.
                        "resetOffsetAutomatically",
                        false)),
        "context", Map.of("useConcurrentLocks", true));
  }

  private void post(Map<String, Object> spec, String dataSource, List<String> posted) {
    String hash = hash(spec);
    boolean isKnown = false;
    for (JsonNode name : druid.get("/druid/indexer/v1/supervisor")) {
      isKnown |= name.asText().equals(dataSource);
    }
    if (isKnown
        && druid
            .get("/druid/indexer/v1/supervisor/" + dataSource)
            .at("/spec/context/" + HASH)
            .asText(
                druid
                    .get("/druid/indexer/v1/supervisor/" + dataSource)
                    .at("/context/" + HASH)
                    .asText())
            .equals(hash)) {
      return;
    }
    druid.post(
        "/druid/indexer/v1/supervisor",
        withContext(spec, Map.of("useConcurrentLocks", true, HASH, hash)));
    posted.add(dataSource);
  }

  private void compact(String dataSource, String skipFromLatest) {
    Map<String, Object> compaction =
        Map.of(
            "dataSource", dataSource,
            "skipOffsetFromLatest", skipFromLatest,
            "tuningConfig", Map.of("partitionsSpec", Map.of("type", "dynamic")));
    String hash = hash(compaction);
    for (JsonNode existing :
        druid.get("/druid/coordinator/v1/config/compaction").path("compactionConfigs")) {
      if (existing.path("dataSource").asText().equals(dataSource)
          && existing.path("taskContext").path(HASH).asText().equals(hash)) {
        return;
      }
    }
    Map<String, Object> all = new HashMap<>(compaction);
    all.put("taskContext", Map.of("useConcurrentLocks", true, HASH, hash));
    druid.post("/druid/coordinator/v1/config/compaction", all);
  }

  private Health health(String dataSource) {
    try {
      JsonNode payload =
          druid.get("/druid/indexer/v1/supervisor/" + dataSource + "/status").path("payload");
      JsonNode errors = payload.path("recentErrors");
      return new Health(
          dataSource,
          payload.path("detailedState").asText(payload.path("state").asText("UNKNOWN")),
          errors.isEmpty()
              ? ""
              : errors.get(errors.size() - 1).path("message").asText(errors.toString()));
    } catch (ChengmaiException e) {
      return new Health(dataSource, "UNKNOWN", String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Object> withContext(
      Map<String, Object> spec, Map<String, Object> context) {
    Map<String, Object> all = new HashMap<>(spec);
    all.put("context", context);
    return all;
  }

  private static Map<String, Object> number(String type, String name) {
    return Map.of("type", type, "name", name);
  }

  private static String hash(Map<String, Object> spec) {
    try {
      return UUID.nameUUIDFromBytes(
              CANONICAL.writeValueAsString(spec).getBytes(StandardCharsets.UTF_8))
          .toString();
    } catch (JsonProcessingException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "cannot write a Druid specification", e);
    }
  }
}
