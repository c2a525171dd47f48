package org.chengmai.connectors.feed;

import java.util.concurrent.CompletionStage;
import org.chengmai.indicators.Principal;
import org.jspecify.annotations.Nullable;

/** Where feeds put what they read; the engine's gateway makes it durable exactly once. */
public interface Intake {
  /**
   * Stores a batch. The stage completes after the commit; do not block in its callbacks. It fails
   * with RESOURCES when the queue is full and with UNAVAILABLE when the batch is not stored or that
   * cannot be known: repeat with the same key.
   *
   * @param idempotencyKey of this sender, at most 200 characters; the same key within 24 hours is
   *     stored once. Null: no protection
   */
  CompletionStage<Receipt> submit(Principal sender, @Nullable String idempotencyKey, Batch batch);
}
