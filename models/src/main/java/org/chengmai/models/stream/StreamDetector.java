package org.chengmai.models.stream;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.chengmai.indicators.Anomaly;
import org.chengmai.indicators.Band;
import org.chengmai.indicators.Detector;
import org.chengmai.indicators.DetectorEvent;
import org.chengmai.indicators.Grade;
import org.chengmai.indicators.Grain;
import org.chengmai.indicators.SeriesKey;
import org.chengmai.models.DayClass;
import org.chengmai.models.Words;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is strange in a series by many kinds of evidence at once, each compared with its own
 * past, and says which of them spoke. Constant time and state for each value; the newest period may
 * be revised, earlier ones are settled. See docs/models.md.
 */
public final class StreamDetector implements Detector<StreamState> {
  private static final int CALM = 3;
  private static final double LONGEST_DAYS = 7;
  private static final int SHORTEST_LONG = 10;

  /** A series of so many days is still young: its band is wider, and its anomalies say so. */
  private static final double YOUNG_DAYS = 14;

  private static final int MOST_NAMED = 3;

  private final StreamScorer scorer;
  private final Weights weights = Weights.fitted();
  private final double threshold;
  private final double silence;
  private final int longest;
  private final double young;

  /** The suite as it ships, at its operating threshold. */
  public StreamDetector(Grain grain, Function<LocalDate, DayClass> dayClass) {
    this.scorer = new StreamScorer(grain, dayClass);
    double perDay = scorer.periodsPerDay();
    this.threshold = Threshold.OPERATING.at(perDay);
    this.silence = weights.silence(perDay);
    this.longest = (int) Math.max(SHORTEST_LONG, LONGEST_DAYS * perDay);
    this.young = YOUNG_DAYS * Math.max(1, perDay);
  }

  @Override
  public String id() {
    return "seasonal";
  }

  @Override
  public String model() {
    return "stream@1";
  }

  @Override
  public StreamState initial(SeriesKey key) {
    return scorer.fresh(key);
  }

  @Override
  public @Nullable Instant nextTick(StreamState state) {
    return null;
  }

  @Override
  public Step<StreamState> next(StreamState state, DetectorEvent event) {
    if (event instanceof DetectorEvent.Point point) {
      Double value = point.point().value();
      return judge(
          state,
          point.point().periodStart(),
          point.point().revision(),
          value == null ? Double.NaN : value);
    }
    return event instanceof DetectorEvent.Missing missing
        ? judge(state, missing.periodStart(), 0, Double.NaN)
        : Step.ignored(state);
  }

  private Step<StreamState> judge(StreamState state, Instant start, int revision, double value) {
    int order = Long.compare(start.toEpochMilli(), state.last);
    if (order < 0 || (order == 0 && revision <= state.revision)) {
      return Step.ignored(state);
    }
    @Nullable Grade was = standing(state);
    if (order == 0) {
      scorer.again(state, start, value);
    } else {
      scorer.next(state, start, value);
    }
    state.last = start.toEpochMilli();
    state.revision = revision;
    state.value = value;
    decide(state);
    @Nullable Grade is = standing(state);
    if (was == is) {
      return Step.quiet(state);
    }
    return Step.found(state, describe(state, was, is));
  }

  private static @Nullable Grade standing(StreamState state) {
    return Incident.isOpen(state.hot) ? Incident.grade(state.hot) : null;
  }

  private void decide(StreamState state) {
    double[] hot = state.hot;
    if (Double.isNaN(state.value) || scorer.isLearning(state)) {
      return;
    }
    double score = weights.weigh(hot, Layout.SCORES);
    double tail = TailSketch.score(state, TailSketch.TOGETHER, score);
    // While too few scores are known, all that is sure is how many periods there were.
    double rarity = tail > 0 || score < threshold ? tail : Math.log10(1 + hot[Layout.COUNT]);
    TailSketch.learn(state, TailSketch.TOGETHER, TailSketch.bin(score));
    // Early alarms need more: the series' tails are made of little yet.
    double needed =
        score < threshold
            ? threshold
            : threshold * Threshold.young(scorer.periodsPerDay(), hot[Layout.COUNT]);
    boolean begins = Incident.alarm(hot, weights, silence, needed, score);
    Band band = Objects.requireNonNull(band(state));
    boolean isCalm = score < threshold && isWithin(band, state.value);
    Incident.merge(hot, begins, rarity, isCalm, CALM, longest);
  }

  private static boolean isWithin(Band band, double value) {
    return value >= band.low() && value <= band.high();
  }

  /** Wider while the series is young; nothing before its slot or its scatter is known. */
  @Override
  public @Nullable Band band(StreamState state) {
    double[] hot = state.hot;
    if (Double.isNaN(state.value) || Double.isNaN(hot[Layout.LOW]) || hot[Layout.COUNT] < 20) {
      return null;
    }
    double wider = scorer.isLearning(state) ? 2 : hot[Layout.COUNT] < young ? 1.3 : 1;
    double expected = hot[Layout.EXPECTED];
    double low = expected + wider * (hot[Layout.LOW] - expected);
    double high = expected + wider * (hot[Layout.HIGH] - expected);
    double anchor = hot[Layout.ANCHOR];
    return new Band(anchor + low, anchor + expected, anchor + high);
  }

  private Anomaly describe(StreamState state, @Nullable Grade was, @Nullable Grade is) {
    Band band = band(state);
    boolean isFiring = is != null;
    Anomaly.Reasons reasons = isFiring ? firing(state, band) : cleared(state, band);
    return new Anomaly(
        state.key,
        id(),
        model(),
        isFiring ? Anomaly.Status.FIRING : Anomaly.Status.CLEARED,
        Instant.ofEpochMilli(state.last),
        state.revision,
        Objects.requireNonNull(isFiring ? is : was),
        Double.isNaN(state.value) ? null : Double.valueOf(state.value),
        band,
        Incident.peak(state.hot),
        reasons,
        isFiring ? channels(state.hot) : Map.of());
  }

  private Anomaly.Reasons cleared(StreamState state, @Nullable Band band) {
    if (band != null && isWithin(band, state.value)) {
      return Words.reasons(
          "值 %s 已回到预期区间 %s–%s",
          "value %s is back in the expected band %s–%s", state.value, band.low(), band.high());
    }
    return Words.reasons(
        "偏离已持续 %s 个周期，作为新的常态重新学习",
        "away for %s periods: taken as the new normal and learnt anew", Incident.length(state.hot));
  }

  private Anomaly.Reasons firing(StreamState state, @Nullable Band band) {
    double[] hot = state.hot;
    List<Channel> spoke = spoke(hot);
    StringBuilder zh = new StringBuilder();
    StringBuilder en = new StringBuilder();
    for (Channel channel : spoke) {
      zh.append(zh.isEmpty() ? "" : "、").append(channel.chinese());
      en.append(en.isEmpty() ? "" : "; ").append(channel.english());
    }
    Anomaly.Reasons reasons =
        band == null
            ? Words.reasons("%s", "%s", zh, en)
            : Words.reasons(
                "值 %1$s，预期 %2$s（区间 %3$s–%4$s）：%5$s",
                "value %1$s, expected %2$s (band %3$s–%4$s): %6$s",
                state.value,
                band.expected(),
                band.low(),
                band.high(),
                zh,
                en);
    double rarity = Incident.rarity(hot);
    String often = Words.number(Math.pow(10, Math.min(rarity, 12)));
    reasons =
        reasons.with(
            "约 %s 个周期才出现一次（−log10 p = %s）".formatted(often, Words.number(rarity)),
            "about 1 in %s periods (−log10 p = %s)".formatted(often, Words.number(rarity)));
    if (band != null) {
      String low = Words.number(band.low());
      String high = Words.number(band.high());
      reasons =
          isWithin(band, state.value)
              ? reasons.with(
                  "单个值在区间 %s–%s 内，异常在于近期走势".formatted(low, high),
                  "the value itself lies within %s–%s: the course of the last values is strange"
                      .formatted(low, high))
              : reasons.with(
                  "若在 %s 至 %s 之间则属正常".formatted(low, high),
                  "it would have been normal between %s and %s".formatted(low, high));
    }
    if (hot[Layout.COUNT] < young) {
      reasons = reasons.with("该序列仍在学习中，区间已放宽", "still learning this series: the band is widened");
    }
    return reasons;
  }

  /** What each channel says that says anything. */
  private Map<String, Double> channels(double[] hot) {
    Map<String, Double> channels = new TreeMap<>();
    for (Channel channel : Channel.ALL) {
      double score = Math.round(100 * StreamScorer.score(hot, channel)) / 100.0;
      if (score > 0) {
        channels.put(channel.name().toLowerCase(Locale.ROOT), score);
      }
    }
    return channels;
  }

  /** The channels that made the score, the strongest first. */
  private List<Channel> spoke(double[] hot) {
    double[] channels = weights.channels();
    double[] strength = new double[Channel.COUNT];
    for (Channel channel : Channel.ALL) {
      strength[channel.ordinal()] = channels[channel.ordinal()] * StreamScorer.score(hot, channel);
    }
    double most = Arrays.stream(strength).max().orElse(0);
    return Arrays.stream(Channel.ALL)
        .filter(channel -> strength[channel.ordinal()] >= Math.max(1e-9, most / 2))
        .sorted(Comparator.comparingDouble(channel -> -strength[channel.ordinal()]))
        .limit(MOST_NAMED)
        .toList();
  }

  @Override
  public byte[] write(StreamState state) {
    return StreamSnapshot.write(state);
  }

  @Override
  public StreamState read(byte[] snapshot) {
    StreamState state = StreamSnapshot.read(snapshot, scorer.layout());
    if (state.last != StreamState.NEVER) {
      scorer.again(state, Instant.ofEpochMilli(state.last), state.value);
      decide(state);
    }
    return state;
  }
}
