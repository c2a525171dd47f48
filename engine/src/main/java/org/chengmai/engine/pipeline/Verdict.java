package org.chengmai.engine.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a newly trained model did against the one in force, on data that neither had seen.
 *
 * @param champion version in force, null when there was none
 * @param from start of the data that they were judged on
 * @param to its end
 * @param challengerError as {@link ModelTrainer#error} measures it
 * @param championError the same of the version in force
 * @param margin part of the champion's error by which a challenger has to be better
 */
public record Verdict(
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer champion,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant from,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant to,
    double challengerError,
    double championError,
    double margin,
    boolean isAccepted) {

  /** Without a model in force there is nothing to beat. */
  static Verdict first() {
    return new Verdict(null, null, null, 0, 0, 0, true);
  }

  static Verdict of(
      int champion, Instant from, Instant to, double challenger, double held, double margin) {
    return new Verdict(
        champion, from, to, challenger, held, margin, challenger < (1 - margin) * held);
  }

  String reason() {
    return champion == null
        ? "nothing to beat"
        : "error %.4g against %.4g of version %d"
            .formatted(challengerError, championError, champion);
  }
}
