package org.chengmai.engine.feedback;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chengmai.indicators.Alert;
import org.chengmai.indicators.Anomaly.Reasons;
import org.chengmai.indicators.Feedback;
import org.chengmai.models.feedback.Combiner;

/** Puts what feedback says into sentences in Chinese and in English. */
final class FeedbackWords {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  /** Beginnings of features' names, with what it means that they speak against an alarm. */
  private static final Map<String, List<String>> AGAINST =
      Map.of(
          "code=", List.of("该指标以往误报较多", "earlier alarms of this indicator were often false"),
          "detector=", List.of("该检测器以往误报较多", "earlier alarms of this detector were often false"),
          "trust=", List.of("数据可信度低", "the value is not fully reliable"),
          "since", List.of("距上次告警很近", "the last alarm was a short while ago"),
          "recent", List.of("该序列近期告警频繁", "this series has alarmed often lately"),
          "off", List.of("休息日误报较多", "alarms on days off were often false"),
          "hour", List.of("这个时段误报较多", "alarms at this time of day were often false"),
          "channel=", List.of("触发的检测通道以往误报较多", "the channels that spoke were often wrong"));

  private static final List<String> WEAK = List.of("偏离程度较弱", "the deviation is weak");

  private FeedbackWords() {}

  /** One sentence more, of an alert like this one that was an expected event. */
  static Reasons expected(Reasons reasons, Alert like) {
    Feedback said = Objects.requireNonNull(like.feedback());
    LocalDate day = LocalDate.ofInstant(like.startsAt(), CHINA);
    String note = said.note() == null ? "" : said.note();
    return reasons.with(
        "%s 的同类告警曾评为预期事件%s（%s）".formatted(day, note.isEmpty() ? "" : "：" + note, said.by()),
        "a like alert on %s was an expected event%s (%s)"
            .formatted(day, note.isEmpty() ? "" : ": " + note, said.by()));
  }

  /** Why an alarm is demoted: its probability, and what spoke most against it. */
  static Reasons demoted(Combiner combiner, double probability, Map<String, Double> features) {
    List<String> why =
        features.entrySet().stream()
            .min(
                Comparator.comparingDouble(
                    one -> combiner.weights().getOrDefault(one.getKey(), 0.0) * one.getValue()))
            .flatMap(
                strongest ->
                    AGAINST.entrySet().stream()
                        .filter(words -> strongest.getKey().startsWith(words.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst())
            .orElse(WEAK);
    long percent = Math.round(100 * probability);
    return Reasons.of(
        "低优先级：按以往评价，属实的可能约 %d%%；%s".formatted(percent, why.get(0)),
        "low priority: by earlier feedback about %d %% likely to be real; %s"
            .formatted(percent, why.get(1)));
  }
}
