package org.chengmai.engine.history;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Something tried on the past that publishes nothing: steps to take in their order, then a report.
 *
 * @param report what is kept of it, to be written as JSON; asked for after the last step
 */
record Trial(List<Step> steps, Supplier<?> report) {
  /**
   * A part of the past.
   *
   * @param take answers how many values were tried
   */
  record Step(String name, LongSupplier take) {}
}
