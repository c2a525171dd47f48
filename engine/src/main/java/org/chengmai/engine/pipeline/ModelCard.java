package org.chengmai.engine.pipeline;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What people are told of a trained model.
 *
 * @param provenance JSON: how it was made, from what, and how it was judged
 * @param verdict JSON: how it did against the model in force when it was trained
 * @param decidedBy who put it in force last, null when nobody did
 */
public record ModelCard(
    String name,
    String code,
    int version,
    State state,
    Instant trainedAt,
    @JsonRawValue String provenance,
    @JsonRawValue String verdict,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String decidedBy,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant decidedAt) {

  /** What became of a model. */
  public enum State {
    /** In force. */
    CHAMPION,
    /** Once in force. */
    RETIRED,
    /** Never in force: it did not beat the champion. */
    REJECTED
  }
}
