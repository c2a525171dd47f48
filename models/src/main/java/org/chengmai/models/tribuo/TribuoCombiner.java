package org.chengmai.models.tribuo;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.json.Json;
import org.chengmai.models.feedback.Combiner;
import org.chengmai.models.feedback.CombinerConfig;
import org.chengmai.models.feedback.JudgedAlarm;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.liblinear.LibLinearClassificationModel;
import org.tribuo.classification.liblinear.LibLinearClassificationTrainer;
import org.tribuo.classification.liblinear.LinearClassificationType;
import org.tribuo.impl.ArrayExample;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Trains a combiner as L2-regularised logistic regression with LibLinear, and brings it back from
 * bytes. Blocks while it trains; safe for several threads.
 */
public final class TribuoCombiner {
  public static final String NAME = "feedback-combiner";

  private static final String REAL = "real";
  private static final String FALSE = "false";

  private final CombinerConfig config;

  public TribuoCombiner(CombinerConfig config) {
    TribuoLog.quieten();
    this.config = config;
  }

  /**
   * A combiner, how it came about, and its bytes.
   *
   * @param heldOut probability of each alarm by a fit that had not seen it, in the alarms' order
   */
  public record Trained(Combiner combiner, byte[] bytes, String provenance, double[] heldOut) {}

  /** Whether there are enough labels of both kinds to learn from. */
  public boolean isEnough(List<JudgedAlarm> alarms) {
    long real = alarms.stream().filter(JudgedAlarm::isReal).count();
    return Math.min(real, alarms.size() - real) >= config.leastOfEach();
  }

  /** Fits a combiner; RESOURCES when there are too few labels of either kind. */
  public Trained train(int version, List<JudgedAlarm> alarms) {
    if (!isEnough(alarms)) {
      throw new ChengmaiException(
          ErrorCode.RESOURCES,
          "%d labels of which %d real: %d of each kind are needed"
              .formatted(
                  alarms.size(),
                  alarms.stream().filter(JudgedAlarm::isReal).count(),
                  config.leastOfEach()));
    }
    double[] heldOut = heldOut(alarms);
    double[] ofReal =
        IntStream.range(0, heldOut.length)
            .filter(i -> alarms.get(i).isReal())
            .mapToDouble(i -> heldOut[i])
            .toArray();
    double demoteBelow = config.demoteBelow(ofReal);
    Model<Label> model = fit(alarms);
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("model", NAME + "@" + version);
    provenance.put("trainer", config);
    provenance.put("rows", alarms.size());
    provenance.put("real", ofReal.length);
    provenance.put("features", features(alarms));
    provenance.put("sha256", hash(alarms));
    provenance.put("demoteBelow", demoteBelow);
    provenance.put(
        "heldOutMissed",
        (double) Arrays.stream(ofReal).filter(p -> p < demoteBelow).count() / ofReal.length);
    provenance.put("heldOutFalseDemoted", falseDemoted(alarms, heldOut, demoteBelow));
    provenance.put("heldOutLogLoss", logLoss(alarms, heldOut));
    provenance.put("tribuo", model.getProvenance().toString());
    byte[] bytes = model.serialize().toByteArray();
    return new Trained(
        extract(model, NAME + "@" + version, demoteBelow), bytes, Json.write(provenance), heldOut);
  }

  /** Brings a combiner back; INVALID_INPUT when the bytes are none of ours. */
  public static Combiner load(byte[] bytes, String label, double demoteBelow) {
    return extract(model(bytes), label, demoteBelow);
  }

  static Model<Label> model(byte[] bytes) {
    try {
      return Model.deserialize(ModelProto.parseFrom(bytes)).castModel(Label.class);
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the bytes are not a Tribuo classification model", e);
    }
  }

  /** Folds with the same share of real alarms each; an alarm is judged by the fit on the others. */
  private double[] heldOut(List<JudgedAlarm> alarms) {
    int[] fold = new int[alarms.size()];
    Random random = new Random(config.seed());
    for (boolean isReal : new boolean[] {true, false}) {
      List<Integer> ofKind = new ArrayList<>();
      for (int i = 0; i < fold.length; i++) {
        if (alarms.get(i).isReal() == isReal) {
          ofKind.add(i);
        }
      }
      Collections.shuffle(ofKind, random);
      for (int i = 0; i < ofKind.size(); i++) {
        fold[ofKind.get(i)] = i % config.folds();
      }
    }
    double[] heldOut = new double[alarms.size()];
    for (int k = 0; k < config.folds(); k++) {
      List<JudgedAlarm> others = new ArrayList<>();
      for (int i = 0; i < fold.length; i++) {
        if (fold[i] != k) {
          others.add(alarms.get(i));
        }
      }
      Combiner combiner = extract(fit(others), "", 0);
      for (int i = 0; i < fold.length; i++) {
        if (fold[i] == k) {
          heldOut[i] = combiner.probability(alarms.get(i).features());
        }
      }
    }
    return heldOut;
  }

  private Model<Label> fit(List<JudgedAlarm> alarms) {
    LabelFactory factory = new LabelFactory();
    MutableDataset<Label> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("judged alarms", factory), factory);
    for (JudgedAlarm alarm : alarms) {
      data.add(example(alarm));
    }
    return new LibLinearClassificationTrainer(
            new LinearClassificationType(LinearClassificationType.LinearType.L2R_LR),
            config.cost(),
            1000,
            1e-4,
            config.seed())
        .train(data);
  }

  static ArrayExample<Label> example(JudgedAlarm alarm) {
    String[] names = alarm.features().keySet().toArray(new String[0]);
    double[] values = Arrays.stream(names).mapToDouble(alarm.features()::get).toArray();
    return new ArrayExample<>(new Label(alarm.isReal() ? REAL : FALSE), names, values);
  }

  /** Takes the weights out of the model, so that judging an alarm needs nothing of Tribuo. */
  private static Combiner extract(Model<Label> model, String label, double demoteBelow) {
    if (!(model instanceof LibLinearClassificationModel linear)) {
      throw new ChengmaiException(
          ErrorCode.INVALID_INPUT, "the model is no LibLinear model: " + model.getName());
    }
    de.bwaldvogel.liblinear.Model inner = linear.getInnerModels().get(0);
    int real = model.getOutputIDInfo().getID(new Label(REAL));
    // the weights speak for the label that comes first
    double sign = inner.getLabels()[0] == real ? 1 : -1;
    double[] all = inner.getFeatureWeights();
    Map<String, Double> weights = new HashMap<>();
    model
        .getFeatureIDMap()
        .forEach(
            feature ->
                weights.put(
                    feature.getName(),
                    sign * all[model.getFeatureIDMap().getID(feature.getName())]));
    return new Combiner(label, weights, sign * all[all.length - 1], demoteBelow);
  }

  private static double falseDemoted(List<JudgedAlarm> alarms, double[] heldOut, double below) {
    return IntStream.range(0, heldOut.length)
        .filter(i -> !alarms.get(i).isReal())
        .mapToDouble(i -> heldOut[i] < below ? 1 : 0)
        .average()
        .orElse(0);
  }

  private static double logLoss(List<JudgedAlarm> alarms, double[] heldOut) {
    return IntStream.range(0, heldOut.length)
        .mapToDouble(i -> -Math.log(alarms.get(i).isReal() ? heldOut[i] : 1 - heldOut[i]))
        .average()
        .orElse(0);
  }

  private static TreeSet<String> features(List<JudgedAlarm> alarms) {
    TreeSet<String> names = new TreeSet<>();
    alarms.forEach(alarm -> names.addAll(alarm.features().keySet()));
    return names;
  }

  /** By which the provenance knows the labels that a combiner has learnt from. */
  public static String hash(List<JudgedAlarm> alarms) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      alarms.forEach(alarm -> digest.update(alarm.toString().getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new ChengmaiException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
    }
  }
}
