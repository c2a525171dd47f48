package org.chengmai.engine.pipeline;

import java.time.InstantSource;

/** What computes the past, with revisions and points in memory. */
public final class MemoryPast {
  private MemoryPast() {}

  public static PastValues of(MemoryStore store, InstantSource clock) {
    return new PastValues(new PointPublisher(new MemoryRevisions(), store, store, clock), store);
  }
}
