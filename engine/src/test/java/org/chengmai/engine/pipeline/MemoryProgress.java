package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Progress in memory. */
final class MemoryProgress implements ProgressBook {
  final Map<String, ClosePlan.Progress> progress = new HashMap<>();
  final List<Recomputation> waiting = new ArrayList<>();
  final Map<String, Instant> updates = new HashMap<>();
  private long ids;

  @Override
  public Map<String, ClosePlan.Progress> progress() {
    return Map.copyOf(progress);
  }

  @Override
  public void save(String group, ClosePlan.Progress to, List<Recomputation> done) {
    progress.put(group, to);
    waiting.removeAll(done);
  }

  @Override
  public List<Recomputation> recomputations() {
    return List.copyOf(waiting);
  }

  @Override
  public Recomputation add(String group, Instant from, Instant to) {
    Recomputation recomputation = new Recomputation(++ids, group, from, to);
    waiting.add(recomputation);
    return recomputation;
  }

  @Override
  public Map<String, Instant> updates() {
    return Map.copyOf(updates);
  }

  @Override
  public List<Recomputation> updated(
      String group, Instant updatedAt, List<ClosePlan.Span> changed) {
    updates.put(group, updatedAt);
    return changed.stream().map(span -> add(group, span.from(), span.to())).toList();
  }
}
