package org.chengmai.engine.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.chengmai.engine.pipeline.IndicatorScheduler.Window;

/** What the sources of a group tell of rows that changed. Both questions may block. */
public interface SourceChanges {

  /** When a row last changed, by the sources' clocks; empty where there are no rows. */
  Optional<Instant> newest();

  /**
   * The times, within {@code from <= t < to}, whose values may be others because rows changed.
   *
   * @param seen what {@link #newest} said when the sources were last asked
   */
  List<Window> since(Instant seen, Instant from, Instant to);
}
