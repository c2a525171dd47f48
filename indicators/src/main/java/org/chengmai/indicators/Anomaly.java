package org.chengmai.indicators;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A detector's verdict on one point of one series.
 *
 * @param key the indicator series
 * @param detector the detector's id, such as {@code threshold}
 * @param model the model and its version, such as {@code tribuo-linear-sgd@3}
 * @param status pending, firing or cleared
 * @param periodStart the period that it speaks of, UTC
 * @param revision of the point, 0 for a missing point
 * @param grade how severe
 * @param value the point's value, null when missing
 * @param band what was expected, null where the detector has no expectation
 * @param score the detector's own score, greater is stranger; see the table in docs/models.md
 * @param reasons why, in sentences that people read; one list in Chinese, one in English
 * @param channels how strongly each of the detector's ways of looking spoke, by its name; empty
 *     where it has none
 */
public record Anomaly(
    SeriesKey key,
    String detector,
    String model,
    Status status,
    Instant periodStart,
    int revision,
    Grade grade,
    @Nullable Double value,
    @Nullable Band band,
    double score,
    Reasons reasons,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> channels) {
  public Anomaly {
    // those of earlier versions have none
    channels =
        Collections.unmodifiableMap(new TreeMap<>(Objects.requireNonNullElse(channels, Map.of())));
  }

  /** One of a detector that looks in one way only. */
  public Anomaly(
      SeriesKey key,
      String detector,
      String model,
      Status status,
      Instant periodStart,
      int revision,
      Grade grade,
      @Nullable Double value,
      @Nullable Band band,
      double score,
      Reasons reasons) {
    this(
        key,
        detector,
        model,
        status,
        periodStart,
        revision,
        grade,
        value,
        band,
        score,
        reasons,
        Map.of());
  }

  /** The same with more sentences after its own. */
  public Anomaly with(Reasons more) {
    return more.zh().isEmpty() && more.en().isEmpty()
        ? this
        : copy(
            status,
            periodStart,
            revision,
            value,
            new Reasons(
                Stream.concat(reasons.zh().stream(), more.zh().stream()).toList(),
                Stream.concat(reasons.en().stream(), more.en().stream()).toList()),
            channels);
  }

  /** The same, which goes on in another period; the parameters are that period's. */
  public Anomaly goingOn(Instant start, int pointRevision, @Nullable Double pointValue) {
    return copy(status, start, pointRevision, pointValue, reasons, channels);
  }

  /** Its end, for a reason of its own. */
  public Anomaly ended(Reasons why) {
    return copy(Status.CLEARED, periodStart, revision, value, why, Map.of());
  }

  private Anomaly copy(
      Status stands,
      Instant start,
      int pointRevision,
      @Nullable Double pointValue,
      Reasons why,
      Map<String, Double> strengths) {
    return new Anomaly(
        key,
        detector,
        model,
        stands,
        start,
        pointRevision,
        grade,
        pointValue,
        band,
        score,
        why,
        strengths);
  }

  /** Where an episode stands. */
  public enum Status {
    /** The condition holds, but not yet for as long as the definition asks. */
    PENDING,
    FIRING,
    CLEARED
  }

  /** The same sentences in Chinese and in English. */
  public record Reasons(List<String> zh, List<String> en) {
    public Reasons {
      zh = List.copyOf(zh);
      en = List.copyOf(en);
    }

    public static Reasons of(String zh, String en) {
      return new Reasons(List.of(zh), List.of(en));
    }

    /** The same with one more. */
    public Reasons with(String moreZh, String moreEn) {
      return new Reasons(
          Stream.concat(zh.stream(), Stream.of(moreZh)).toList(),
          Stream.concat(en.stream(), Stream.of(moreEn)).toList());
    }
  }
}
