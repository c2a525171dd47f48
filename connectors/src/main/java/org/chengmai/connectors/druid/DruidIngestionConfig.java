package org.chengmai.connectors.druid;

import java.time.Duration;
import java.util.List;
import org.chengmai.connectors.kafka.Topics;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * What Druid reads from where.
 *
 * @param bootstrapServers Kafka as Druid reaches it
 * @param observations data source of the observations
 * @param vitalSigns data source of the indicators' points
 * @param taskDuration how long a task reads before it hands its segments over; at least a minute,
 *     since Druid 33 fails below
 * @param taskCount tasks per topic, at most its partitions
 * @param maxRowsInMemory rows a task holds before it writes them to disk
 * @param observationSegments DAY, or MONTH where years of observations come at once: a task holds
 *     every segment that it writes to
 */
public record DruidIngestionConfig(
    String bootstrapServers,
    String observationsTopic,
    String indicatorsTopic,
    String observations,
    String vitalSigns,
    Duration taskDuration,
    int taskCount,
    int maxRowsInMemory,
    String observationSegments) {
  private static final List<String> SEGMENTS = List.of("DAY", "MONTH");

  public DruidIngestionConfig {
    if (taskDuration.toMinutes() < 1
        || taskCount < 1
        || maxRowsInMemory < 1000
        || !SEGMENTS.contains(observationSegments)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_DEFINITION,
          "druid: task_duration %s at least a minute, task_count %d at least 1, max_rows_in_memory %d at least 1000, observation_segments %s one of %s"
              .formatted(taskDuration, taskCount, maxRowsInMemory, observationSegments, SEGMENTS));
    }
  }

  /** With segments by day. */
  public DruidIngestionConfig(
      String bootstrapServers,
      String observationsTopic,
      String indicatorsTopic,
      String observations,
      String vitalSigns,
      Duration taskDuration,
      int taskCount,
      int maxRowsInMemory) {
    this(
        bootstrapServers,
        observationsTopic,
        indicatorsTopic,
        observations,
        vitalSigns,
        taskDuration,
        taskCount,
        maxRowsInMemory,
        "DAY");
  }

  public static DruidIngestionConfig of(String bootstrapServers, String observationSegments) {
    return new DruidIngestionConfig(
        bootstrapServers,
        Topics.OBSERVATIONS,
        Topics.INDICATORS,
        "observations",
        "vital_signs",
        Duration.ofMinutes(15),
        1,
        150_000,
        observationSegments);
  }

  public static DruidIngestionConfig of(String bootstrapServers) {
    return of(bootstrapServers, "DAY");
  }
}
