package org.chengmai.engine.alerts;

import org.jdbi.v3.core.Handle;

/**
 * Saves, inside the alert log's transaction, where its anomalies came from; throwing undoes the
 * whole transaction.
 */
@FunctionalInterface
public interface OffsetCommit {
  void write(Handle handle);

  static OffsetCommit none() {
    return handle -> {};
  }
}
