package org.chengmai.engine.bench;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.chengmai.connectors.druid.DruidClient;
import org.chengmai.connectors.druid.DruidIngestion;
import org.chengmai.connectors.druid.DruidIngestionConfig;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.FeedLimits;
import org.chengmai.connectors.feed.ObservationParser;
import org.chengmai.connectors.feed.Reading;
import org.chengmai.connectors.feed.RowFormat;
import org.chengmai.connectors.kafka.Topics;
import org.chengmai.connectors.kafka.TransactionalWriter;
import org.chengmai.engine.ingest.SeriesRegistry;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Series;

/**
 * Measures sustained ingestion: from HTTP NDJSON on several connections to rows that Druid shows,
 * none lost; and in the same run Druid fed by Kafka alone with the same records. All payloads are
 * made beforehand. Blocking.
 */
public final class IngestBenchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int WARM_UP = 20_000;
  private static final int DIRECT_GROUP = 100_000;

  private final Settings settings;
  private final ObservationSender sender;
  private final SeriesRegistry registry;
  private final DruidClient druid;
  private final String kafka;
  private final String dataSource;
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  /**
   * How much to send.
   *
   * @param observations at least the size of one request
   * @param rowsPerRequest rows of one request
   * @param connections requests under way at once
   * @param series distinct series
   */
  public record Settings(int observations, int rowsPerRequest, int connections, int series) {
    public static Settings defaults() {
      return new Settings(1_000_000, 1_000, 8, 200);
    }
  }

  /**
   * The figures, in observations a second where not said otherwise.
   *
   * @param perSecond from the first request to the last row visible in Druid
   * @param acknowledgedPerSecond from the first request to the last answer
   * @param kafkaAlonePerSecond Druid fed by Kafka alone (transactions of 100,000 records), from the
   *     first record written to the last one visible
   * @param ratio {@code perSecond / kafkaAlonePerSecond}
   * @param lost observations acknowledged but not visible
   * @param repeated requests that were sent again after 429 or 503
   * @param parseMicros elapsed time to parse one observation on one thread, the best of ten rounds;
   *     writing records is not in it
   */
  public record Result(
      long observations,
      double perSecond,
      double acknowledgedPerSecond,
      double kafkaAlonePerSecond,
      double ratio,
      long lost,
      long repeated,
      double parseMicros) {}

  /**
   * @param engine base address of a running engine
   * @param token of a user who may push observations
   * @param registry of that engine
   * @param kafka bootstrap servers
   * @param dataSource Druid's name for the observations
   */
  public IngestBenchmark(
      Settings settings,
      URI engine,
      String token,
      SeriesRegistry registry,
      DruidClient druid,
      String kafka,
      String dataSource) {
    this.settings = settings;
    this.sender = new ObservationSender(engine, token, settings.connections(), run);
    this.registry = registry;
    this.druid = druid;
    this.kafka = kafka;
    this.dataSource = dataSource;
  }

  public Result run() {
    int series = settings.series();
    List<Series> registered = new ArrayList<>();
    for (int n = 0; n < series; n++) {
      for (String phase : List.of("warm", "run")) {
        registered.add(new Series(id(phase, n), measure(phase), "630100", "1", -1e12, 1e12));
      }
    }
    registry.register(registered);
    sender.send("warm", payloads("warm", WARM_UP));
    awaitVisible(dataSource, "warm", WARM_UP);
    List<byte[]> payloads = payloads("run", settings.observations());
    double parseMicros = parseMicros(payloads.subList(0, Math.min(100, payloads.size())));

    long start = System.nanoTime();
    ObservationSender.Sent sent = sender.send("run", payloads);
    double acknowledged = perSecond(sent.rows(), start);
    long visible = awaitVisible(dataSource, "run", sent.rows());
    double perSecond = perSecond(visible, start);
    double alone = kafkaAlone();
    return new Result(
        sent.rows(),
        perSecond,
        acknowledged,
        alone,
        perSecond / alone,
        sent.rows() - visible,
        sent.repeated(),
        parseMicros);
  }

  /** The same records through Kafka alone into a data source of their own. */
  private double kafkaAlone() {
    String name = "bench_" + run;
    Topics.create(kafka, name, 1, 1);
    DruidIngestion ingestion =
        new DruidIngestion(
            druid,
            new DruidIngestionConfig(
                kafka, name, name, name, name, Duration.ofHours(1), 1, 150_000));
    ingestion.applyObservations();
    try (TransactionalWriter writer = new TransactionalWriter(kafka, name, Map.of())) {
      writer.open();
      write(writer, name, records("warm", WARM_UP));
      awaitVisible(name, "warm", WARM_UP);
      List<Map.Entry<byte[], byte[]>> records = records("run", settings.observations());
      long start = System.nanoTime();
      write(writer, name, records);
      return perSecond(awaitVisible(name, "run", settings.observations()), start);
    } finally {
      druid.post("/druid/indexer/v1/supervisor/" + name + "/terminate", Map.of());
      druid.post(
          "/druid/coordinator/v1/datasources/" + name + "/markUnused",
          Map.of("interval", "1000/3000"));
      Topics.delete(kafka, name);
    }
  }

  private static void write(
      TransactionalWriter writer, String topic, List<Map.Entry<byte[], byte[]>> records) {
    for (int from = 0; from < records.size(); from += DIRECT_GROUP) {
      writer.begin();
      for (Map.Entry<byte[], byte[]> one :
          records.subList(from, Math.min(records.size(), from + DIRECT_GROUP))) {
        writer.send(topic, null, one.getKey(), one.getValue());
      }
      writer.commit();
    }
  }

  /** Waits until all rows of a phase are visible or no more come; answers how many are. */
  private long awaitVisible(String source, String phase, long expected) {
    String count =
        "SELECT COUNT(*) FROM \"%s\" WHERE \"measure\" = '%s'".formatted(source, measure(phase));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long visible = 0;
    CountDownLatch never = new CountDownLatch(1);
    while (visible < expected && System.nanoTime() < deadline) {
      try {
        visible = druid.count(count);
        if (visible < expected && never.await(100, TimeUnit.MILLISECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ChengmaiException(ErrorCode.CANCELLED, "the benchmark was interrupted", e);
      } catch (ChengmaiException e) {
        // The data source appears with its first row.
        visible = 0;
      }
    }
    return visible;
  }

  private List<byte[]> payloads(String phase, int count) {
    List<byte[]> payloads = new ArrayList<>();
    long time = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();
    for (int from = 0; from < count; from += settings.rowsPerRequest()) {
      ByteArrayOutputStream payload = new ByteArrayOutputStream(settings.rowsPerRequest() * 80);
      for (int n = from; n < Math.min(count, from + settings.rowsPerRequest()); n++) {
        String row =
            "{\"series\":\"%s\",\"time\":%d,\"value\":%s}\n"
                .formatted(id(phase, n % settings.series()), time + n, value(n));
        payload.writeBytes(row.getBytes(StandardCharsets.US_ASCII));
      }
      payloads.add(payload.toByteArray());
    }
    return payloads;
  }

  private List<Map.Entry<byte[], byte[]>> records(String phase, int count) {
    List<Map.Entry<byte[], byte[]>> records = new ArrayList<>(count);
    long time = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();
    for (int n = 0; n < count; n++) {
      String id = id(phase, n % settings.series());
      String record =
          "{\"v\":1,\"series\":\"%s\",\"measure\":\"%s\",\"region\":\"630100\",\"time\":%d,\"value\":%s,\"received\":%d}"
              .formatted(id, measure(phase), time + n, value(n), time);
      records.add(
          Map.entry(
              id.getBytes(StandardCharsets.US_ASCII), record.getBytes(StandardCharsets.US_ASCII)));
    }
    return records;
  }

  private static double parseMicros(List<byte[]> payloads) {
    Map<String, Series> series = new HashMap<>();
    ObservationParser parser =
        new ObservationParser(
            FeedLimits.defaults(),
            id ->
                series.computeIfAbsent(
                    id, name -> new Series(name, "m", "630100", "1", -1e12, 1e12)),
            InstantSource.system());
    double best = Double.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long start = System.nanoTime();
      long rows = 0;
      for (byte[] payload : payloads) {
        Batch batch = parser.parse("bench", Reading.of(RowFormat.NDJSON), payload);
        rows += batch.observations().size();
      }
      best = Math.min(best, (System.nanoTime() - start) / 1e3 / rows);
    }
    return best;
  }

  private String id(String phase, int n) {
    return "bench.%s.%s.%d".formatted(run, phase, n);
  }

  private String measure(String phase) {
    return "bench.%s.%s".formatted(run, phase);
  }

  private static String value(int n) {
    return String.valueOf(n % 4000 / 10.0);
  }

  private static double perSecond(long count, long start) {
    return count * 1e9 / (System.nanoTime() - start);
  }
}
