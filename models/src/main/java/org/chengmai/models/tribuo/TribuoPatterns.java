package org.chengmai.models.tribuo;

import com.google.protobuf.InvalidProtocolBufferException;
import com.oracle.labs.mlrg.olcut.util.Pair;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.IndicatorPoint;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.DayShape;
import org.chengmai.models.PatternModel;
import org.tribuo.Feature;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.clustering.ClusterID;
import org.tribuo.clustering.ClusteringFactory;
import org.tribuo.clustering.kmeans.KMeansModel;
import org.tribuo.clustering.kmeans.KMeansTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.distance.DistanceType;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Learns the shapes of an indicator's days, all regions together, by KMeans, and brings them back
 * from bytes. Blocks while it trains; safe for several threads.
 */
public final class TribuoPatterns {
  public static final String NAME = "tribuo-kmeans";

  private static final int LEAST_DAYS = 30;
  private static final int MOST_CENTROIDS = 8;
  private static final int DAYS_A_CENTROID = 8;
  private static final int ITERATIONS = 50;
  private static final int FOLDS = 5;
  private static final int MOST_DISTANCES = 1000;
  private static final long SEED = 1;

  public TribuoPatterns() {
    TribuoLog.quieten();
  }

  /** A model, how it came about, and its bytes; the provenance holds the distances. */
  public record Trained(PatternModel model, byte[] bytes, String provenance) {}

  /** One day of one series. */
  record Day(long date, double[] shape) {}

  /**
   * Fits a model to the whole days of a history.
   *
   * @throws ChengmaiException RESOURCES when the days are too few to learn from
   */
  public Trained train(String code, int version, List<IndicatorPoint> history, Grain grain) {
    List<Day> days = days(history, DayShape.parts(grain));
    if (days.size() < LEAST_DAYS) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES,
          "%s: %d whole days to learn from, %d are needed; wait for more history"
              .formatted(code, days.size(), LEAST_DAYS));
    }
    double[] distances = heldOut(days);
    KMeansModel model = fit(days);
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("model", NAME + "@" + version);
    provenance.put("code", code);
    provenance.put("grain", grain.toString());
    provenance.put("rows", days.size());
    provenance.put(
        "to",
        history.stream()
            .map(IndicatorPoint::periodStart)
            .max(Instant::compareTo)
            .orElseThrow()
            .toString());
    provenance.put("centroids", model.getCentroidVectors().length);
    provenance.put("sha256", hash(days));
    provenance.put("seed", SEED);
    provenance.put("medianDistance", distances[distances.length / 2]);
    provenance.put("distances", distances);
    provenance.put("tribuo", model.getProvenance().toString());
    return new Trained(
        extract(model, NAME + "@" + version, distances),
        model.serialize().toByteArray(),
        Json.write(provenance));
  }

  /** Brings a model back; INVALID_INPUT when the bytes are none of ours. */
  public static PatternModel load(byte[] bytes, String label, double[] distances) {
    return extract(model(bytes), label, distances);
  }

  static KMeansModel model(byte[] bytes) {
    try {
      if (Model.deserialize(ModelProto.parseFrom(bytes)) instanceof KMeansModel model) {
        return model;
      }
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the bytes are not a Tribuo clustering model", e);
    }
    throw new ChengmaiException(ErrorCode.INVALID_INPUT, "the model is no KMeans model");
  }

  /**
   * How far the whole days from an instant on lie from a model's shapes, on average.
   *
   * @throws ChengmaiException RESOURCES when there is no such day
   */
  public static double error(PatternModel model, List<IndicatorPoint> history, Instant from) {
    return days(
            history.stream().filter(point -> !point.periodStart().isBefore(from)).toList(),
            model.parts())
        .stream()
        .mapToDouble(day -> DayShape.distance(model.nearest(day.shape()), day.shape()))
        .average()
        .orElseThrow(
            () ->
                new ChengmaiException(
                    ErrorCode.RESOURCES,
                    "no whole day since %s to judge %s on; wait for more history"
                        .formatted(from, model.label())));
  }

  /** A day of a series as it is put together. */
  private record Parts(long date, double[] sums, int[] counts) {}

  private static List<Day> days(List<IndicatorPoint> history, int parts) {
    Map<String, Parts> byDay = new TreeMap<>();
    for (IndicatorPoint point : history) {
      Double value = point.value();
      if (value != null) {
        Instant at = point.periodStart();
        long date = DayShape.day(at);
        Parts day =
            byDay.computeIfAbsent(
                "%06d %s".formatted(date, point.key()),
                key -> new Parts(date, new double[parts], new int[parts]));
        int part = DayShape.part(at, parts);
        day.sums()[part] += value;
        day.counts()[part]++;
      }
    }
    List<Day> days = new ArrayList<>();
    for (Parts day : byDay.values()) {
      double[] shape = DayShape.of(day.sums(), day.counts());
      if (shape != null) {
        days.add(new Day(day.date(), shape));
      }
    }
    return days;
  }

  /**
   * The distance of each day from shapes that were learnt without its date, ascending; the newest
   * thousand days.
   */
  private static double[] heldOut(List<Day> days) {
    double[] distances = new double[days.size()];
    for (int k = 0; k < FOLDS; k++) {
      int fold = k;
      List<Day> others =
          days.stream().filter(day -> Math.floorMod(day.date(), FOLDS) != fold).toList();
      double[][] centroids = centroids(fit(others));
      for (int i = 0; i < distances.length; i++) {
        double[] shape = days.get(i).shape();
        if (Math.floorMod(days.get(i).date(), FOLDS) == fold) {
          distances[i] =
              Arrays.stream(centroids)
                  .mapToDouble(centroid -> DayShape.distance(centroid, shape))
                  .min()
                  .orElseThrow();
        }
      }
    }
    int first = Math.max(0, distances.length - MOST_DISTANCES);
    double[] newest = Arrays.copyOfRange(distances, first, distances.length);
    Arrays.sort(newest);
    return newest;
  }

  static KMeansModel fit(List<Day> days) {
    int wanted = Math.max(1, Math.min(MOST_CENTROIDS, days.size() / DAYS_A_CENTROID));
    KMeansModel model = fit(days, wanted);
    // A cluster that lost all its days cannot be read back from its bytes: fewer shapes will do.
    while (members(model) < wanted) {
      wanted = Math.min(wanted - 1, members(model));
      model = fit(days, wanted);
    }
    return model;
  }

  static KMeansModel fit(List<Day> days, int centroids) {
    ClusteringFactory factory = new ClusteringFactory();
    MutableDataset<ClusterID> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("day shapes", factory), factory);
    days.forEach(day -> data.add(example(day.shape())));
    return new KMeansTrainer(
            centroids,
            ITERATIONS,
            DistanceType.L2.getDistance(),
            KMeansTrainer.Initialisation.PLUSPLUS,
            1,
            SEED)
        .train(data);
  }

  /** How many clusters have a member. */
  private static int members(KMeansModel model) {
    int members = 0;
    for (Pair<String, Long> count : model.getOutputIDInfo().outputCountsIterable()) {
      members += count.getB() > 0 ? 1 : 0;
    }
    return members;
  }

  static ArrayExample<ClusterID> example(double[] shape) {
    String[] names =
        IntStream.range(0, shape.length).mapToObj("%02d"::formatted).toArray(String[]::new);
    // Tribuo drops features that are exactly zero
    double[] values = Arrays.stream(shape).map(value -> value == 0 ? 1e-9 : value).toArray();
    return new ArrayExample<>(new ClusterID(ClusterID.UNASSIGNED), names, values);
  }

  private static PatternModel extract(KMeansModel model, String label, double[] distances) {
    return new PatternModel(label, centroids(model), distances);
  }

  private static double[][] centroids(KMeansModel model) {
    return model.getCentroids().stream()
        .map(
            features -> {
              double[] centroid = new double[features.size()];
              for (Feature feature : features) {
                centroid[Integer.parseInt(feature.getName())] = feature.getValue();
              }
              return centroid;
            })
        .toArray(double[][]::new);
  }

  private static String hash(List<Day> days) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Day day : days) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * (day.shape().length + 1)).putLong(day.date());
        Arrays.stream(day.shape()).forEach(buffer::putDouble);
        digest.update(buffer.array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
    }
  }
}
