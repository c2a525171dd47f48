package org.chengmai.engine.ingest;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.chengmai.connectors.feed.Batch;
import org.chengmai.connectors.feed.Intake;
import org.chengmai.connectors.feed.Receipt;
import org.chengmai.indicators.Observation;
import org.chengmai.indicators.Principal;
import org.jspecify.annotations.Nullable;

/**
 * An intake that remembers what it was given, can refuse, and can keep its answer back until a test
 * lets it go.
 */
public final class RecordingIntake implements Intake {
  /** One call. */
  public record Submission(String sender, @Nullable String key, Batch batch) {}

  private final List<Submission> submissions = new CopyOnWriteArrayList<>();
  private final Queue<RuntimeException> refusals = new ConcurrentLinkedQueue<>();
  private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  @Override
  public CompletionStage<Receipt> submit(Principal sender, @Nullable String key, Batch batch) {
    RuntimeException refusal = refusals.poll();
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    submissions.add(new Submission(sender.name(), key, batch));
    List<String> errors = batch.bad().stream().map(bad -> bad.reason()).toList();
    return gate.thenApply(
        open -> new Receipt(batch.observations().size(), batch.bad().size(), false, errors));
  }

  /** Refuses the next call. */
  public void refuse(RuntimeException failure) {
    refusals.add(failure);
  }

  /** Keeps answers back until {@link #open}. */
  public void hold() {
    gate = new CompletableFuture<>();
  }

  public void open() {
    gate.complete(null);
  }

  public List<Submission> submissions() {
    return submissions;
  }

  public List<Double> values() {
    return submissions.stream()
        .flatMap(one -> one.batch().observations().stream())
        .map(Observation::value)
        .toList();
  }
}
