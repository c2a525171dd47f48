package org.chengmai.engine.pipeline;

import java.time.Instant;

/**
 * Waits until a query sees every observation that was acknowledged by now: a close marker goes in
 * and is seen to come out.
 */
@FunctionalInterface
public interface CloseGate {

  /**
   * Returns when what was acknowledged by {@code watermark} is visible; EXTERNAL or UNAVAILABLE
   * when that takes too long.
   */
  void awaitVisible(Instant watermark);
}
